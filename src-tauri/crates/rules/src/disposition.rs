//! How an attempt ended and why it was made: two axes that never share a code.
//!
//! Rules read the flags of an outcome, never its code, so a client may rename codes freely. Texts
//! live with the interface: `outcome-<code>`, `reason-<code>`, `subreason-<reason>-<code>`.

use crate::script::ChecklistPoint;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// How an attempt can end, with what follows from it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, specta::Type)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "independent flags, as dialler status tables have them"
)]
pub struct Outcome {
    /// Stable code.
    pub code: &'static str,
    /// Offered to the operator; the others are set by rules alone.
    pub selectable: bool,
    /// A person spoke, rightly reached or not.
    pub human_answered: bool,
    /// What the client pays for: counts as success in reports.
    pub success: bool,
    /// Nothing more is to be done for this task.
    pub closes_task: bool,
    /// The task goes back by the no-answer ladder, see [`crate::retry`].
    pub retries: bool,
    /// A time must be promised.
    pub needs_callback_time: bool,
    /// A bare code says too little: a comment is required.
    pub needs_comment: bool,
    /// The shop is told that the order is confirmed; waits for the required points.
    pub confirms_order: bool,
    /// The shop is told that the order is called off.
    pub cancels_order: bool,
}

const BASE: Outcome = Outcome {
    code: "",
    selectable: true,
    human_answered: false,
    success: false,
    closes_task: false,
    retries: false,
    needs_callback_time: false,
    needs_comment: false,
    confirms_order: false,
    cancels_order: false,
};
const SPOKEN: Outcome = Outcome {
    human_answered: true,
    closes_task: true,
    ..BASE
};
const UNANSWERED: Outcome = Outcome {
    retries: true,
    ..BASE
};

/// Every outcome there is, in the order they are offered.
pub const OUTCOMES: &[Outcome] = &[
    Outcome {
        code: "confirmed",
        success: true,
        confirms_order: true,
        ..SPOKEN
    },
    Outcome {
        code: "confirmed_with_changes",
        success: true,
        confirms_order: true,
        ..SPOKEN
    },
    Outcome {
        code: "cancelled",
        cancels_order: true,
        ..SPOKEN
    },
    Outcome {
        code: "callback",
        needs_callback_time: true,
        closes_task: false,
        ..SPOKEN
    },
    Outcome {
        code: "no_answer",
        ..UNANSWERED
    },
    Outcome {
        code: "busy",
        ..UNANSWERED
    },
    Outcome {
        code: "voicemail",
        ..UNANSWERED
    },
    Outcome {
        code: "wrong_number",
        needs_comment: true,
        ..SPOKEN
    },
    Outcome {
        code: "refused_to_talk",
        needs_comment: true,
        ..SPOKEN
    },
    // Given by the ladder after its last attempt, never by hand.
    Outcome {
        code: "unreachable",
        selectable: false,
        closes_task: true,
        ..BASE
    },
];

/// A reason of contact with its second level.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, specta::Type)]
pub struct Reason {
    /// Stable code of the first level.
    pub code: &'static str,
    /// Stable codes of the second.
    pub subreasons: &'static [&'static str],
}

/// Every contact reason. No "other": a heap that nobody can count teaches nothing.
pub const REASONS: &[Reason] = &[
    Reason {
        code: "order",
        subreasons: &["confirmation", "change", "status", "repeat", "document"],
    },
    Reason {
        code: "delivery",
        subreasons: &["address", "date", "cost", "delay", "carrier"],
    },
    Reason {
        code: "payment",
        subreasons: &[
            "method",
            "prepayment",
            "instalments",
            "not_received",
            "invoice",
        ],
    },
    Reason {
        code: "product",
        subreasons: &[
            "choice",
            "availability",
            "specification",
            "compatibility",
            "price",
        ],
    },
    Reason {
        code: "cancellation",
        subreasons: &[
            "price",
            "delivery_time",
            "bought_elsewhere",
            "duplicate",
            "changed_mind",
        ],
    },
    Reason {
        code: "return",
        subreasons: &[
            "defect",
            "not_as_described",
            "wrong_item",
            "damaged",
            "not_suited",
        ],
    },
    Reason {
        code: "warranty",
        subreasons: &[
            "repair",
            "installation",
            "terms",
            "spare_parts",
            "consultation",
        ],
    },
    Reason {
        code: "complaint",
        subreasons: &["courier", "operator", "quality", "site", "advertising"],
    },
];

/// A contact reason on both levels, written `order/confirmation` in scripts.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, specta::Type)]
pub struct ContactReason {
    /// Code of the first level.
    pub reason: String,
    /// Code of the second.
    pub subreason: String,
}

impl ContactReason {
    /// Reads `reason/subreason`; none unless both are in [`REASONS`] and belong together.
    pub fn parse(text: &str) -> Option<Self> {
        let (reason, subreason) = text.split_once('/')?;
        let known = REASONS.iter().find(|known| known.code == reason)?;
        known.subreasons.contains(&subreason).then(|| Self {
            reason: reason.to_owned(),
            subreason: subreason.to_owned(),
        })
    }

    /// Whether both levels are in [`REASONS`] and belong together.
    pub fn is_known(&self) -> bool {
        Self::parse(&self.to_string()).is_some()
    }
}

impl std::fmt::Display for ContactReason {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}/{}", self.reason, self.subreason)
    }
}

/// The outcome with this code.
pub fn outcome(code: &str) -> Option<&'static Outcome> {
    OUTCOMES.iter().find(|outcome| outcome.code == code)
}

/// What the operator is about to save.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, specta::Type)]
pub struct CallResult {
    /// Code of the outcome; empty when none is chosen.
    pub outcome: String,
    /// Why the contact was made; none when not chosen.
    pub reason: Option<ContactReason>,
    /// The operator's words.
    pub comment: String,
    /// When to call again, where promised.
    #[specta(type = Option<String>)]
    pub callback_at: Option<DateTime<Utc>>,
}

/// What keeps a result from being saved.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, specta::Type)]
#[serde(tag = "code", rename_all = "snake_case")]
pub enum Problem {
    /// No outcome is chosen.
    OutcomeMissing,
    /// The outcome is not in the catalogue, or not for operators to choose.
    OutcomeUnknown {
        /// What was given.
        outcome: String,
    },
    /// No reason is chosen although a person spoke.
    ReasonMissing,
    /// The two levels are unknown or do not belong together.
    ReasonUnknown {
        /// What was given.
        reason: String,
    },
    /// A required point is not ticked.
    PointMissing {
        /// Identity of the point.
        point: String,
        /// Its text, to be shown.
        text: String,
    },
    /// The outcome needs the promised time.
    CallbackTimeMissing,
    /// The promised time is over already.
    CallbackTimePast,
    /// The outcome needs a comment.
    CommentMissing,
}

/// Says what is still missing before the result may be saved; empty means it may.
///
/// `ticked` holds the identities of the points done.
pub fn validate(
    result: &CallResult,
    checklist: &[ChecklistPoint],
    ticked: &[String],
    now: DateTime<Utc>,
) -> Vec<Problem> {
    if result.outcome.is_empty() {
        return vec![Problem::OutcomeMissing];
    }
    let Some(outcome) = outcome(&result.outcome).filter(|outcome| outcome.selectable) else {
        return vec![Problem::OutcomeUnknown {
            outcome: result.outcome.clone(),
        }];
    };
    let mut problems = Vec::new();
    match &result.reason {
        None if outcome.human_answered => problems.push(Problem::ReasonMissing),
        Some(reason) if !reason.is_known() => {
            problems.push(Problem::ReasonUnknown {
                reason: reason.to_string(),
            });
        }
        _ => {}
    }
    if outcome.confirms_order {
        problems.extend(
            checklist
                .iter()
                .filter(|point| point.required && !ticked.contains(&point.id))
                .map(|point| Problem::PointMissing {
                    point: point.id.clone(),
                    text: point.text.clone(),
                }),
        );
    }
    if outcome.needs_callback_time {
        match result.callback_at {
            None => problems.push(Problem::CallbackTimeMissing),
            Some(at) if at <= now => problems.push(Problem::CallbackTimePast),
            Some(_) => {}
        }
    }
    if outcome.needs_comment && result.comment.trim().is_empty() {
        problems.push(Problem::CommentMissing);
    }
    problems
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    fn now() -> DateTime<Utc> {
        "2026-03-02T10:00:00Z".parse().unwrap()
    }

    fn point(id: &str, required: bool) -> ChecklistPoint {
        ChecklistPoint {
            id: id.to_owned(),
            text: format!("text of {id}"),
            required,
        }
    }

    fn result(outcome: &str) -> CallResult {
        CallResult {
            outcome: outcome.to_owned(),
            reason: ContactReason::parse("order/confirmation"),
            ..CallResult::default()
        }
    }

    #[test]
    fn codes_are_unique_and_flags_do_not_contradict() {
        let codes: HashSet<_> = OUTCOMES.iter().map(|outcome| outcome.code).collect();
        assert_eq!(
            codes.len(),
            OUTCOMES.len(),
            "reports count by code, so a code may stand once"
        );
        for outcome in OUTCOMES {
            let code = outcome.code;
            assert!(
                !(outcome.confirms_order && outcome.cancels_order),
                "{code} cannot do both to an order"
            );
            let follow_ups = [
                outcome.closes_task,
                outcome.retries,
                outcome.needs_callback_time,
            ];
            assert_eq!(
                follow_ups.iter().filter(|flag| **flag).count(),
                1,
                "{code}: a task is closed, retried or promised, exactly one of them, or it would be lost"
            );
        }
        let reasons: HashSet<_> = REASONS
            .iter()
            .flat_map(|r| r.subreasons.iter().map(move |s| (r.code, *s)))
            .collect();
        let listed: usize = REASONS.iter().map(|reason| reason.subreasons.len()).sum();
        assert_eq!(
            reasons.len(),
            listed,
            "a pair of codes is one row of a report"
        );
    }

    #[test]
    fn confirmed_waits_for_required_points_only() {
        let checklist = [
            point("identity", true),
            point("items", true),
            point("offer", false),
        ];
        let ticked = ["identity".to_owned()];
        let problems = validate(&result("confirmed"), &checklist, &ticked, now());
        assert_eq!(
            problems,
            [Problem::PointMissing {
                point: "items".into(),
                text: "text of items".into()
            }],
            "the one required point left is named; an optional one never blocks"
        );
        let ticked = ["identity".to_owned(), "items".to_owned()];
        assert_eq!(
            validate(&result("confirmed"), &checklist, &ticked, now()),
            []
        );
        assert_eq!(
            validate(&result("cancelled"), &checklist, &[], now()),
            [],
            "who refuses need not hear the items first"
        );
    }

    #[test]
    fn each_outcome_asks_for_what_it_needs() {
        let later = now() + chrono::TimeDelta::hours(1);
        let mut callback = result("callback");
        assert_eq!(
            validate(&callback, &[], &[], now()),
            [Problem::CallbackTimeMissing]
        );
        callback.callback_at = Some(now());
        assert_eq!(
            validate(&callback, &[], &[], now()),
            [Problem::CallbackTimePast]
        );
        callback.callback_at = Some(later);
        assert_eq!(validate(&callback, &[], &[], now()), []);

        let mut wrong = result("wrong_number");
        wrong.comment = "  ".into();
        assert_eq!(
            validate(&wrong, &[], &[], now()),
            [Problem::CommentMissing],
            "blanks say nothing"
        );

        let mut unanswered = result("no_answer");
        unanswered.reason = None;
        assert_eq!(
            validate(&unanswered, &[], &[], now()),
            [],
            "nobody spoke, so there is no reason to ask for"
        );
    }

    #[test]
    fn unknown_codes_are_named() {
        assert_eq!(
            validate(&result(""), &[], &[], now()),
            [Problem::OutcomeMissing]
        );
        for code in ["sold", "unreachable"] {
            assert_eq!(
                validate(&result(code), &[], &[], now()),
                [Problem::OutcomeUnknown {
                    outcome: code.into()
                }],
                "{code} is not for an operator to choose"
            );
        }
        let mut mixed = result("confirmed");
        mixed.reason = Some(ContactReason {
            reason: "order".into(),
            subreason: "defect".into(),
        });
        assert_eq!(
            validate(&mixed, &[], &[], now()),
            [Problem::ReasonUnknown {
                reason: "order/defect".into()
            }],
            "a subreason of another reason is a mistake"
        );
    }
}
