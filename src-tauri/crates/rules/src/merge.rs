//! An operator's edit against what the shop has now.
//!
//! Lines are told apart by the shop's identity. A line nobody else touched takes the edit; one that
//! already is as wanted needs nothing; one that someone else changed goes to a person. Lines the
//! operator did not touch are left alone, whatever became of them.

use crate::id::RemoteId;
use crate::operation::{BaseLine, LineChange};
use crate::order::OrderLine;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What to do about an edit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Merge {
    /// Send these; the others are there already.
    Send(Vec<LineChange>),
    /// Everything is as wanted: done before, or done alike by someone else.
    AlreadyThere,
    /// Someone else changed the same; nothing is sent.
    Conflict(Vec<LineConflict>),
}

/// One thing that was changed on both sides.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LineConflict {
    /// What the operator wanted.
    pub wanted: LineChange,
    /// Pieces when the operator looked; none for a product with no line then.
    pub base: Option<u32>,
    /// Pieces now; zero when the line is gone.
    pub now: u32,
}

/// What someone at the shop changed while an operator changed the same: for a person to decide.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, specta::Type)]
pub struct Conflict {
    /// The fields, at least one.
    pub clashes: Vec<Clash>,
    /// When the shop says that the order last changed.
    pub theirs_at: Option<DateTime<Utc>>,
    /// Who at the shop changed it, where the shop tells.
    pub theirs_by: Option<String>,
}

/// One field that both sides changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, specta::Type)]
pub struct Clash {
    /// Which field.
    pub field: ClashField,
    /// As the operator found it; none where it was not there.
    pub base: Option<String>,
    /// As the operator wants it.
    pub ours: String,
    /// As the shop has it now.
    pub theirs: String,
}

/// Which field of an order clashes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, specta::Type)]
#[serde(tag = "field", rename_all = "snake_case")]
pub enum ClashField {
    /// Pieces of a line; zero means that there is no such line.
    Quantity {
        /// The line's name as the customer read it, else its identity.
        name: String,
    },
    /// Where the order stands, in the shop's words.
    Status,
    /// Someone has the order open for editing; both values are empty.
    Editing,
}

impl Conflict {
    fn of(field: ClashField, ours: &str, theirs: &str) -> Self {
        Self {
            clashes: vec![Clash {
                field,
                base: None,
                ours: ours.to_owned(),
                theirs: theirs.to_owned(),
            }],
            theirs_at: None,
            theirs_by: None,
        }
    }

    /// The order stands elsewhere by now.
    pub fn status(ours: &str, theirs: &str) -> Self {
        Self::of(ClashField::Status, ours, theirs)
    }

    /// Someone at the shop has it open for editing.
    pub fn editing() -> Self {
        Self::of(ClashField::Editing, "", "")
    }

    /// Lines that both sides changed, as they stand in `current`.
    pub fn lines(conflicts: &[LineConflict], current: &[OrderLine]) -> Self {
        let clashes = conflicts
            .iter()
            .map(|conflict| {
                let (LineChange::SetQuantity { quantity, .. } | LineChange::Add { quantity, .. }) =
                    &conflict.wanted;
                let named = current.iter().find(|line| match &conflict.wanted {
                    LineChange::SetQuantity { line: id, .. } => line.remote == *id,
                    LineChange::Add { product, .. } => line.product.as_ref() == Some(product),
                });
                let (LineChange::SetQuantity { line: id, .. }
                | LineChange::Add { product: id, .. }) = &conflict.wanted;
                let name = named.map_or_else(|| id.to_string(), |line| line.name.clone());
                Clash {
                    field: ClashField::Quantity { name },
                    base: conflict.base.map(|pieces| pieces.to_string()),
                    ours: quantity.to_string(),
                    theirs: conflict.now.to_string(),
                }
            })
            .collect();
        Self {
            clashes,
            theirs_at: None,
            theirs_by: None,
        }
    }

    /// With the time of the shop's last change.
    #[must_use]
    pub fn changed_at(self, at: DateTime<Utc>) -> Self {
        Self {
            theirs_at: Some(at),
            ..self
        }
    }
}

/// Compares an edit with the lines as they were when it began and as they are now.
pub fn merge(base: &[BaseLine], changes: &[LineChange], current: &[OrderLine]) -> Merge {
    let mut missing = Vec::new();
    let mut conflicts = Vec::new();
    for change in combined(changes) {
        let (base_quantity, now) = match &change {
            LineChange::SetQuantity { line, .. } => {
                (quantity_in(base, line), current_quantity(current, line))
            }
            // A line that was there before the edit is not the one this edit adds.
            LineChange::Add { product, .. } => (
                None,
                current
                    .iter()
                    .filter(|line| line.product.as_ref() == Some(product))
                    .filter(|line| quantity_in(base, &line.remote).is_none())
                    .map(|line| line.quantity)
                    .sum(),
            ),
        };
        let (LineChange::SetQuantity { quantity, .. } | LineChange::Add { quantity, .. }) = &change;
        if now == *quantity {
            continue;
        }
        let untouched = match &change {
            LineChange::SetQuantity { .. } => base_quantity == Some(now),
            LineChange::Add { .. } => now == 0,
        };
        if untouched {
            missing.push(change);
        } else {
            conflicts.push(LineConflict {
                wanted: change,
                base: base_quantity,
                now,
            });
        }
    }
    if !conflicts.is_empty() {
        Merge::Conflict(conflicts)
    } else if missing.is_empty() {
        Merge::AlreadyThere
    } else {
        Merge::Send(missing)
    }
}

/// The edit as it must stand to hold over what the shop has now, once a person has decided that ours
/// shall: it starts from the lines of today, a product that someone else added meanwhile is set to
/// our quantity, a line that is gone is added anew. `product` tells what a line that is gone held.
///
/// None where that is not known: then the edit cannot be made any more.
pub fn rebase(
    base: &[BaseLine],
    changes: &[LineChange],
    current: &[OrderLine],
    product: impl Fn(&RemoteId) -> Option<RemoteId>,
) -> Option<(Vec<BaseLine>, Vec<LineChange>)> {
    let mut ours = Vec::new();
    for change in combined(changes) {
        match change {
            LineChange::SetQuantity { line, quantity } => {
                if current.iter().any(|known| known.remote == line) {
                    ours.push(LineChange::SetQuantity { line, quantity });
                } else if quantity > 0 {
                    let product = product(&line)?;
                    ours.push(LineChange::Add { product, quantity });
                }
            }
            LineChange::Add { product, quantity } => {
                let mut theirs = current
                    .iter()
                    .filter(|line| line.product.as_ref() == Some(&product))
                    .filter(|line| quantity_in(base, &line.remote).is_none());
                let Some(first) = theirs.next() else {
                    ours.push(LineChange::Add { product, quantity });
                    continue;
                };
                let set = |line: &OrderLine, quantity| LineChange::SetQuantity {
                    line: line.remote.clone(),
                    quantity,
                };
                ours.push(set(first, quantity));
                ours.extend(theirs.map(|line| set(line, 0)));
            }
        }
    }
    let today = current.iter().map(|line| BaseLine {
        line: line.remote.clone(),
        quantity: line.quantity,
    });
    Some((today.collect(), ours))
}

/// One change per line or product: the last quantity set wins, additions of a product add up.
fn combined(changes: &[LineChange]) -> Vec<LineChange> {
    let mut set: BTreeMap<&RemoteId, u32> = BTreeMap::new();
    let mut added: BTreeMap<&RemoteId, u32> = BTreeMap::new();
    for change in changes {
        match change {
            LineChange::SetQuantity { line, quantity } => {
                set.insert(line, *quantity);
            }
            LineChange::Add { product, quantity } => {
                let sum = added.entry(product).or_default();
                *sum = sum.saturating_add(*quantity);
            }
        }
    }
    let set = set
        .into_iter()
        .map(|(line, quantity)| LineChange::SetQuantity {
            line: line.clone(),
            quantity,
        });
    let added = added
        .into_iter()
        .map(|(product, quantity)| LineChange::Add {
            product: product.clone(),
            quantity,
        });
    set.chain(added).collect()
}

fn quantity_in(base: &[BaseLine], id: &RemoteId) -> Option<u32> {
    base.iter()
        .find(|line| line.line == *id)
        .map(|line| line.quantity)
}

fn current_quantity(current: &[OrderLine], id: &RemoteId) -> u32 {
    current
        .iter()
        .find(|line| line.remote == *id)
        .map_or(0, |line| line.quantity)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::money::{Currency, Money};
    use proptest::prelude::*;

    fn base(lines: &[(&str, u32)]) -> Vec<BaseLine> {
        lines
            .iter()
            .map(|(line, quantity)| BaseLine {
                line: RemoteId::from(*line),
                quantity: *quantity,
            })
            .collect()
    }

    fn now(lines: &[(&str, &str, u32)]) -> Vec<OrderLine> {
        let price = Money::new(100, Currency::UAH);
        lines
            .iter()
            .map(|(line, product, quantity)| OrderLine {
                remote: RemoteId::from(*line),
                product: Some(RemoteId::from(*product)),
                sku: String::new(),
                name: String::new(),
                quantity: *quantity,
                unit_price: price,
                total: price,
            })
            .collect()
    }

    fn set(line: &str, quantity: u32) -> LineChange {
        LineChange::SetQuantity {
            line: RemoteId::from(line),
            quantity,
        }
    }

    fn add(product: &str, quantity: u32) -> LineChange {
        LineChange::Add {
            product: RemoteId::from(product),
            quantity,
        }
    }

    #[test]
    fn an_edit_of_untouched_lines_is_sent() {
        let edit = [set("1", 3), add("kettle", 1)];
        let merged = merge(
            &base(&[("1", 2), ("2", 1)]),
            &edit,
            &now(&[("1", "iron", 2), ("2", "fan", 5)]),
        );
        assert_eq!(
            merged,
            Merge::Send(edit.to_vec()),
            "that someone changed line 2 is not this edit's business"
        );
    }

    #[test]
    fn what_is_there_is_not_sent_again() {
        let edit = [set("1", 3), set("2", 0), add("kettle", 1)];
        let base = base(&[("1", 2), ("2", 1)]);
        let done = now(&[("1", "iron", 3), ("9", "kettle", 1)]);
        assert_eq!(
            merge(&base, &edit, &done),
            Merge::AlreadyThere,
            "set, removed and added: all done"
        );
        let half = now(&[("1", "iron", 3), ("2", "fan", 1)]);
        assert_eq!(
            merge(&base, &edit, &half),
            Merge::Send(vec![set("2", 0), add("kettle", 1)]),
            "an attempt cut off in the middle is completed, not repeated"
        );
    }

    #[test]
    fn what_both_changed_is_a_conflict_and_nothing_is_sent() {
        let merged = merge(
            &base(&[("1", 2)]),
            &[set("1", 3), add("kettle", 1)],
            &now(&[("1", "iron", 5)]),
        );
        assert_eq!(
            merged,
            Merge::Conflict(vec![LineConflict {
                wanted: set("1", 3),
                base: Some(2),
                now: 5
            }]),
            "half an edit would be worse than none"
        );
        let removed = merge(&base(&[("1", 2)]), &[set("1", 3)], &now(&[]));
        assert_eq!(
            removed,
            Merge::Conflict(vec![LineConflict {
                wanted: set("1", 3),
                base: Some(2),
                now: 0
            }])
        );
        let unseen = merge(&base(&[]), &[set("1", 3)], &now(&[("1", "iron", 5)]));
        assert_eq!(
            unseen,
            Merge::Conflict(vec![LineConflict {
                wanted: set("1", 3),
                base: None,
                now: 5
            }]),
            "a line the operator never saw is not theirs to change"
        );
    }

    #[test]
    fn a_product_added_elsewhere_in_another_quantity_is_a_conflict() {
        let merged = merge(&base(&[]), &[add("kettle", 1)], &now(&[("9", "kettle", 4)]));
        assert_eq!(
            merged,
            Merge::Conflict(vec![LineConflict {
                wanted: add("kettle", 1),
                base: None,
                now: 4
            }])
        );
        let second_line = merge(
            &base(&[("1", 2)]),
            &[add("iron", 1)],
            &now(&[("1", "iron", 2)]),
        );
        assert_eq!(
            second_line,
            Merge::Send(vec![add("iron", 1)]),
            "the line of before the edit does not count"
        );
    }

    proptest! {
        #[test]
        fn sending_what_is_missing_ends_the_matter(
            lines in proptest::collection::btree_map(0_u8..6, 1_u32..9, 0..6),
            wanted in proptest::collection::btree_map(0_u8..6, 0_u32..9, 0..6),
            added in proptest::option::of(1_u32..9),
        ) {
            let base: Vec<_> = lines.iter()
                .map(|(id, quantity)| BaseLine { line: RemoteId(id.to_string()), quantity: *quantity }).collect();
            let mut shop: Vec<OrderLine> = lines.iter()
                .flat_map(|(id, quantity)| now(&[(&id.to_string(), "other", *quantity)])).collect();
            let mut edit: Vec<_> = wanted.iter().filter(|(id, _)| lines.contains_key(id))
                .map(|(id, quantity)| set(&id.to_string(), *quantity)).collect();
            edit.extend(added.map(|quantity| add("kettle", quantity)));
            match merge(&base, &edit, &shop) {
                Merge::Send(changes) => {
                    for change in changes {
                        match change {
                            LineChange::SetQuantity { line, quantity } => {
                                for row in shop.iter_mut().filter(|row| row.remote == line) {
                                    row.quantity = quantity;
                                }
                                shop.retain(|row| row.quantity > 0);
                            }
                            LineChange::Add { product, quantity } => {
                                shop.extend(now(&[("new", product.as_str(), quantity)]));
                            }
                        }
                    }
                    prop_assert_eq!(merge(&base, &edit, &shop), Merge::AlreadyThere);
                }
                Merge::AlreadyThere => {}
                Merge::Conflict(_) => return Err(TestCaseError::fail("nobody else has changed anything")),
            }
        }
    }

    #[test]
    fn ours_over_theirs_starts_from_what_the_shop_has_now() {
        let add = |product: &str, quantity| LineChange::Add {
            product: product.into(),
            quantity,
        };
        let current = now(&[("1", "kettle", 4), ("7", "fan", 1), ("8", "fan", 2)]);
        let (base, changes) = rebase(
            &base(&[("1", 2), ("2", 1)]),
            &[set("1", 3), set("2", 5), add("fan", 2), add("lamp", 1)],
            &current,
            |line| (line.as_str() == "2").then(|| "iron".into()),
        )
        .expect("every line is known");
        assert_eq!(
            changes,
            [
                set("1", 3),
                add("iron", 5),
                set("7", 2),
                set("8", 0),
                add("lamp", 1)
            ],
            "a line that is gone comes back, a product added by both has our quantity"
        );
        assert!(
            matches!(merge(&base, &changes, &current), Merge::Send(_)),
            "nothing clashes any more"
        );
    }

    #[test]
    fn a_line_that_is_gone_and_of_unknown_product_cannot_be_brought_back() {
        let none = |_: &RemoteId| None;
        assert_eq!(rebase(&base(&[("1", 2)]), &[set("1", 3)], &[], none), None);
        assert_eq!(
            rebase(&base(&[("1", 2)]), &[set("1", 0)], &[], none),
            Some((Vec::new(), Vec::new())),
            "to take off what is gone needs nothing"
        );
    }
}
