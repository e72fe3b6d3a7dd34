//! Who may do what. One matrix, read by every command and by the interface.

use serde::{Deserialize, Serialize};

/// What a person is in the centre.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, specta::Type,
)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Works the queue.
    Operator,
    /// Leads a shift: sees everyone's work, changes content.
    Supervisor,
    /// Sets the centre up: people, shops, keys.
    Admin,
}

impl Role {
    /// Every role, the least first.
    pub const ALL: [Self; 3] = [Self::Operator, Self::Supervisor, Self::Admin];

    /// Whether this role has `permission`. Each role has all that the lesser ones have.
    pub fn may(self, permission: Permission) -> bool {
        self >= permission.least()
    }

    /// All this role may do.
    pub fn permissions(self) -> Vec<Permission> {
        Permission::ALL
            .into_iter()
            .filter(|permission| self.may(*permission))
            .collect()
    }
}

/// Something that not everyone may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, specta::Type)]
#[serde(rename_all = "snake_case")]
pub enum Permission {
    /// Take tasks, call, save results.
    WorkQueue,
    /// Change the lines of an order in one's own call.
    EditOrder,
    /// See a customer's full number in one's own call.
    SeePhone,
    /// See one's own calls and results.
    SeeOwnCalls,
    /// See one's own shifts, ask for swaps and time off.
    SeeOwnShifts,
    /// See everyone's calls, heat map and counts.
    SeeReports,
    /// Forecast, staff, plan shifts, decide on requests.
    PlanWork,
    /// Take a task from its holder.
    ReassignTask,
    /// Correct a saved result.
    CorrectResult,
    /// Publish scripts.
    PublishScript,
    /// Look at writes that did not reach the shop; try again or give up.
    RepairOutbox,
    /// Grant coupons, give money back.
    Compensate,
    /// Take customers' data out of the desk.
    ExportData,
    /// Add people, change roles, lift a lock-out.
    ManagePeople,
    /// Connect shops and change their keys.
    ManageShops,
    /// Back up, restore, recover keys, make and remove the sample.
    ManageStore,
    /// Read the audit log.
    SeeAudit,
}

impl Permission {
    /// Every permission.
    pub const ALL: [Self; 17] = [
        Self::WorkQueue,
        Self::EditOrder,
        Self::SeePhone,
        Self::SeeOwnCalls,
        Self::SeeOwnShifts,
        Self::SeeReports,
        Self::PlanWork,
        Self::ReassignTask,
        Self::CorrectResult,
        Self::PublishScript,
        Self::RepairOutbox,
        Self::Compensate,
        Self::ExportData,
        Self::ManagePeople,
        Self::ManageShops,
        Self::ManageStore,
        Self::SeeAudit,
    ];

    /// The least role that has it.
    pub fn least(self) -> Role {
        match self {
            Self::WorkQueue
            | Self::EditOrder
            | Self::SeePhone
            | Self::SeeOwnCalls
            | Self::SeeOwnShifts => Role::Operator,
            Self::SeeReports
            | Self::PlanWork
            | Self::ReassignTask
            | Self::CorrectResult
            | Self::PublishScript
            | Self::RepairOutbox
            | Self::Compensate
            | Self::ExportData => Role::Supervisor,
            Self::ManagePeople | Self::ManageShops | Self::ManageStore | Self::SeeAudit => {
                Role::Admin
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_whole_matrix_is_as_agreed() {
        // Written out by hand on purpose: a changed cell must be changed here too, knowingly.
        let agreed = [
            (Permission::WorkQueue, [true, true, true]),
            (Permission::EditOrder, [true, true, true]),
            (Permission::SeePhone, [true, true, true]),
            (Permission::SeeOwnCalls, [true, true, true]),
            (Permission::SeeOwnShifts, [true, true, true]),
            (Permission::SeeReports, [false, true, true]),
            (Permission::PlanWork, [false, true, true]),
            (Permission::ReassignTask, [false, true, true]),
            (Permission::CorrectResult, [false, true, true]),
            (Permission::PublishScript, [false, true, true]),
            (Permission::RepairOutbox, [false, true, true]),
            (Permission::Compensate, [false, true, true]),
            (Permission::ExportData, [false, true, true]),
            (Permission::ManagePeople, [false, false, true]),
            (Permission::ManageShops, [false, false, true]),
            (Permission::ManageStore, [false, false, true]),
            (Permission::SeeAudit, [false, false, true]),
        ];
        assert_eq!(
            agreed.map(|(permission, _)| permission),
            Permission::ALL,
            "no permission is left out"
        );
        for (permission, expected) in agreed {
            assert_eq!(
                Role::ALL.map(|role| role.may(permission)),
                expected,
                "{permission:?}"
            );
        }
    }
}
