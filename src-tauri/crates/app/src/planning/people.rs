//! Who can be planned, and what they are employed for.

use super::Office;
use crate::desk::Desk;
use crate::error::ErrorCode;
use crate::forecasting::rules_of;
use crate::text::Fault;
use crate::view::{Changed, ContractView, LabourPreset, ServedLine};
use chrono_tz::Tz;
use plan::holiday::Country as Holidays;
use roster::Country;
use rules::id::{PersonId, ShopId};
use rules::role::{Permission, Role};
use serde_json::json;
use std::collections::HashMap;
use store::Author;
use store::table::contract::{self, Contract, Preset};
use store::table::language_line;
use store::table::person;
use store::table::shift_template;

/// Rest after an eight-hour shift with half an hour of lunch where the law asks for twice the work,
/// the lunch counted in.
const REST_OF_TWICE_THE_WORK: u32 = 2 * 8 * 60 - 30;

/// Someone with a contract, or with the one they would begin with.
#[derive(Clone, Debug)]
pub(super) struct Member {
    pub(super) name: String,
    pub(super) contract: Contract,
}

impl Member {
    pub(super) const fn id(&self) -> PersonId {
        self.contract.person
    }
}

pub(super) const fn country(preset: Preset) -> Country {
    match preset {
        Preset::Ua => Country::Ukraine,
        Preset::Pl => Country::Poland,
        Preset::Ru => Country::Russia,
    }
}

/// Whose labour law a centre in this zone begins with.
pub(super) fn preset_of(zone: Tz) -> Preset {
    match Holidays::of_zone(zone) {
        Some(Holidays::Poland) => Preset::Pl,
        Some(Holidays::Russia) => Preset::Ru,
        _ => Preset::Ua,
    }
}

/// The least rest that a contract begins with. Where the law goes by the work before, this is what it
/// comes to after an ordinary shift; left as it is, the law itself holds, see [`super::problem`].
pub(super) fn usual_rest(preset: Preset) -> u32 {
    let rules = roster::LabourPreset::of(country(preset)).rules;
    if rules.rest_percent_of_work > 0 {
        REST_OF_TWICE_THE_WORK
    } else {
        u32::from(rules.min_rest_minutes)
    }
}

/// Full-time work as the law has it, with two days off together and one weekend of four free. Where the
/// law bounds a week by its overtime alone, Poland's 48 hours bound it.
pub(super) fn usual(
    person: PersonId,
    preset: Preset,
    lines: Vec<ShopId>,
    planned: bool,
) -> Contract {
    let law = roster::LabourPreset::of(country(preset));
    Contract {
        person,
        preset,
        week_minutes: u32::from(law.week_minutes),
        max_week_minutes: law.rules.max_week_minutes.unwrap_or(48 * 60),
        max_day_minutes: law.rules.max_shift_minutes.map_or(12 * 60, u32::from),
        min_rest_minutes: usual_rest(preset),
        weekly_rest_minutes: u32::from(law.rules.weekly_rest_minutes),
        max_days_in_a_row: law.rules.max_days_in_row.map_or(6, u32::from),
        min_days_off_in_a_row: 2,
        max_weekends_of_four: 3,
        max_nights_in_a_row: 3,
        lines,
        planned,
        weekdays: (0..7).collect(),
        never_given: Vec::new(),
    }
}

impl Desk {
    pub(super) async fn contract_list(&self) -> Result<Vec<ContractView>, Fault> {
        let office = self.office(Permission::PlanWork).await?;
        Ok(self.members(&office).await?.iter().map(view).collect())
    }

    /// What a contract can say that a person serves: clients, or the languages of one whose languages are
    /// answered apart.
    pub(super) async fn lines_to_serve(&self) -> Result<Vec<ServedLine>, Fault> {
        let office = self.office(Permission::PlanWork).await?;
        let by_language = office.centre.db.read(language_line::list).await?;
        let mut lines = Vec::new();
        for shop in &office.shops {
            let (rules, _) = rules_of(&office.centre, shop.id).await?;
            let theirs: Vec<_> = by_language
                .iter()
                .filter(|line| line.shop == shop.id)
                .collect();
            let served = |line, also, language| ServedLine {
                line,
                shop: shop.id,
                also,
                name: shop.name.clone(),
                language,
            };
            if rules.languages_apart && !theirs.is_empty() {
                lines.extend(theirs.iter().map(|line| {
                    let language = line.language.parse().ok();
                    served(line.line, vec![shop.id], language)
                }));
            } else {
                let also = theirs.iter().map(|line| line.line).collect();
                lines.push(served(shop.id, also, None));
            }
        }
        Ok(lines)
    }

    pub(super) async fn put_contract(&self, asked: ContractView) -> Result<(), Fault> {
        let office = self.office(Permission::PlanWork).await?;
        let known = self.members(&office).await?;
        if !known.iter().any(|member| member.id() == asked.person) {
            return Err(ErrorCode::NotFound.into());
        }
        let mut contract = checked(asked)?;
        let templates = office.centre.db.read(shift_template::list).await?;
        // One that has been removed meanwhile is given to nobody.
        contract
            .never_given
            .retain(|id| templates.iter().any(|template| template.id == *id));
        let change = self.change(
            Author::Person(office.person),
            "contract.set",
            &contract.person,
            json!({
                "week_minutes": contract.week_minutes,
                "lines": contract.lines,
                "planned": contract.planned,
                "weekdays": contract.weekdays,
                "never_given": contract.never_given,
            }),
        );
        office
            .centre
            .db
            .write(change, move |tx| contract::put(tx, &contract))
            .await?;
        self.redraw();
        self.tell(Changed::Plan);
        Ok(())
    }

    pub(super) async fn contract_by_law(
        &self,
        person: PersonId,
        preset: LabourPreset,
    ) -> Result<ContractView, Fault> {
        let office = self.office(Permission::PlanWork).await?;
        let members = self.members(&office).await?;
        let member = members
            .iter()
            .find(|member| member.id() == person)
            .ok_or(ErrorCode::NotFound)?;
        let kept = &member.contract;
        Ok(view(&Member {
            name: member.name.clone(),
            contract: Contract {
                weekdays: kept.weekdays.clone(),
                never_given: kept.never_given.clone(),
                ..usual(person, stored(preset), kept.lines.clone(), kept.planned)
            },
        }))
    }

    /// Everyone who has a contract or could have one, by name.
    pub(super) async fn members(&self, office: &Office) -> Result<Vec<Member>, Fault> {
        let (people, contracts) = office
            .centre
            .db
            .read(|conn| Ok((person::list(conn)?, contract::list(conn)?)))
            .await?;
        let mut contracts: HashMap<_, _> = contracts
            .into_iter()
            .map(|contract| (contract.person, contract))
            .collect();
        let preset = preset_of(self.zone());
        let all: Vec<ShopId> = office.shops.iter().map(|shop| shop.id).collect();
        let mut members = Vec::new();
        for person in people.into_iter().filter(|person| person.active) {
            let contract = contracts.remove(&person.id).unwrap_or_else(|| {
                usual(
                    person.id,
                    preset,
                    all.clone(),
                    person.role == Role::Operator,
                )
            });
            members.push(Member {
                name: person.name,
                contract,
            });
        }
        for shop in &office.shops {
            for (id, name) in &shop.made_up {
                let contract = contracts
                    .remove(id)
                    .unwrap_or_else(|| usual(*id, preset, vec![shop.id], true));
                members.push(Member {
                    name: name.clone(),
                    contract,
                });
            }
        }
        members.sort_by(|one, other| (&one.name, one.id()).cmp(&(&other.name, other.id())));
        Ok(members)
    }
}

fn view(member: &Member) -> ContractView {
    let contract = &member.contract;
    ContractView {
        person: contract.person,
        name: member.name.clone(),
        preset: match contract.preset {
            Preset::Ua => LabourPreset::Ua,
            Preset::Pl => LabourPreset::Pl,
            Preset::Ru => LabourPreset::Ru,
        },
        week_minutes: contract.week_minutes,
        max_week_minutes: contract.max_week_minutes,
        max_day_minutes: contract.max_day_minutes,
        min_rest_minutes: contract.min_rest_minutes,
        weekly_rest_minutes: contract.weekly_rest_minutes,
        max_days_in_a_row: contract.max_days_in_a_row,
        min_days_off_in_a_row: contract.min_days_off_in_a_row,
        max_weekends_of_four: contract.max_weekends_of_four,
        max_nights_in_a_row: contract.max_nights_in_a_row,
        lines: contract.lines.clone(),
        planned: contract.planned,
        weekdays: contract.weekdays.clone(),
        never_given: contract.never_given.clone(),
    }
}

const fn stored(preset: LabourPreset) -> Preset {
    match preset {
        LabourPreset::Ua => Preset::Ua,
        LabourPreset::Pl => Preset::Pl,
        LabourPreset::Ru => Preset::Ru,
    }
}

fn checked(asked: ContractView) -> Result<Contract, Fault> {
    let invalid = |field: &str| Fault::from(ErrorCode::FieldInvalid).with("field", &field);
    let week = 7 * 24 * 60;
    let bounds = [
        ("week_minutes", asked.week_minutes, 0..=week),
        (
            "max_week_minutes",
            asked.max_week_minutes,
            asked.week_minutes..=week,
        ),
        ("max_day_minutes", asked.max_day_minutes, 60..=24 * 60),
        ("min_rest_minutes", asked.min_rest_minutes, 0..=3 * 24 * 60),
        (
            "weekly_rest_minutes",
            asked.weekly_rest_minutes,
            0..=5 * 24 * 60,
        ),
        ("max_days_in_a_row", asked.max_days_in_a_row, 1..=31),
        ("min_days_off_in_a_row", asked.min_days_off_in_a_row, 0..=7),
        ("max_weekends_of_four", asked.max_weekends_of_four, 0..=4),
        ("max_nights_in_a_row", asked.max_nights_in_a_row, 0..=31),
    ];
    for (field, value, range) in bounds {
        if !range.contains(&value) {
            return Err(invalid(field));
        }
    }
    let mut weekdays = asked.weekdays;
    weekdays.sort_unstable();
    weekdays.dedup();
    if weekdays.is_empty() || weekdays.iter().any(|day| *day > 6) {
        return Err(invalid("weekdays"));
    }
    let mut never_given = asked.never_given;
    never_given.sort_unstable();
    never_given.dedup();
    Ok(Contract {
        person: asked.person,
        preset: stored(asked.preset),
        week_minutes: asked.week_minutes,
        max_week_minutes: asked.max_week_minutes,
        max_day_minutes: asked.max_day_minutes,
        min_rest_minutes: asked.min_rest_minutes,
        weekly_rest_minutes: asked.weekly_rest_minutes,
        max_days_in_a_row: asked.max_days_in_a_row,
        min_days_off_in_a_row: asked.min_days_off_in_a_row,
        max_weekends_of_four: asked.max_weekends_of_four,
        max_nights_in_a_row: asked.max_nights_in_a_row,
        lines: asked.lines,
        planned: asked.planned,
        weekdays,
        never_given,
    })
}
