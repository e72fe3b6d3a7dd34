//! The operator's edit of an order while speaking: what was changed so far, and what it comes to.

use crate::id::RemoteId;
use crate::money::Money;
use crate::operation::{BaseLine, LineChange};
use crate::order::{Order, Product};

/// Most pieces on one line; more is a slip of the finger.
pub const MOST_PIECES: u32 = 9_999;

/// A line as it will be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EditedLine {
    /// The shop's line, none for a product added now.
    pub line: Option<RemoteId>,
    /// The product, none for a line typed by hand.
    pub product: Option<RemoteId>,
    /// Stock-keeping unit.
    pub sku: String,
    /// Name.
    pub name: String,
    /// Pieces wanted; zero is taken off.
    pub quantity: u32,
    /// Pieces before; zero for an added product.
    pub before: u32,
    /// Price of one piece.
    pub unit_price: Money,
    /// What the line will cost: as the shop told it where nothing changed.
    pub total: Money,
}

/// The lines an edit starts from.
pub fn base(order: &Order) -> Vec<BaseLine> {
    let line = |line: &crate::order::OrderLine| BaseLine {
        line: line.remote.clone(),
        quantity: line.quantity,
    };
    order.lines.iter().map(line).collect()
}

/// Wants `quantity` pieces on a line of the order. Coming back to what it was takes the change back.
pub fn set_quantity(order: &Order, changes: &mut Vec<LineChange>, line: &RemoteId, quantity: u32) {
    let Some(was) = order.lines.iter().find(|known| known.remote == *line) else {
        return;
    };
    changes.retain(
        |change| !matches!(change, LineChange::SetQuantity { line: other, .. } if other == line),
    );
    let quantity = quantity.min(MOST_PIECES);
    if quantity != was.quantity {
        changes.push(LineChange::SetQuantity {
            line: line.clone(),
            quantity,
        });
    }
}

/// Wants `quantity` pieces of a product that has no line; zero takes the addition back.
pub fn set_added(changes: &mut Vec<LineChange>, product: &RemoteId, quantity: u32) {
    let quantity = quantity.min(MOST_PIECES);
    let known = changes.iter_mut().find_map(|change| match change {
        LineChange::Add {
            product: added,
            quantity,
        } if added == product => Some(quantity),
        _ => None,
    });
    match known {
        Some(pieces) => *pieces = quantity,
        None => changes.push(LineChange::Add {
            product: product.clone(),
            quantity,
        }),
    }
    changes.retain(|change| !matches!(change, LineChange::Add { quantity: 0, .. }));
}

/// One piece of a product, or one more of it where it has a line already.
pub fn add(order: &Order, changes: &mut Vec<LineChange>, product: &RemoteId) {
    if let Some(line) = order
        .lines
        .iter()
        .find(|line| line.product.as_ref() == Some(product))
    {
        let now = wanted(changes, &line.remote).unwrap_or(line.quantity);
        let id = line.remote.clone();
        set_quantity(order, changes, &id, now.saturating_add(1));
        return;
    }
    let now = changes.iter().find_map(|change| match change {
        LineChange::Add {
            product: added,
            quantity,
        } if added == product => Some(*quantity),
        _ => None,
    });
    set_added(changes, product, now.unwrap_or(0).saturating_add(1));
}

/// The lines as they will be: those of the order first, then the added ones. `added` finds a product
/// that was added; one that is not found any more is left out.
pub fn lines(
    order: &Order,
    changes: &[LineChange],
    added: impl Fn(&RemoteId) -> Option<Product>,
) -> Vec<EditedLine> {
    let kept = order.lines.iter().map(|line| {
        let quantity = wanted(changes, &line.remote).unwrap_or(line.quantity);
        let total = if quantity == line.quantity {
            line.total
        } else {
            times(line.unit_price, quantity)
        };
        EditedLine {
            line: Some(line.remote.clone()),
            product: line.product.clone(),
            sku: line.sku.clone(),
            name: line.name.clone(),
            quantity,
            before: line.quantity,
            unit_price: line.unit_price,
            total,
        }
    });
    let new = changes.iter().filter_map(|change| {
        let LineChange::Add { product, quantity } = change else {
            return None;
        };
        let product = added(product)?;
        Some(EditedLine {
            line: None,
            product: Some(product.remote),
            sku: product.sku,
            name: product.name,
            quantity: *quantity,
            before: 0,
            unit_price: product.price,
            total: times(product.price, *quantity),
        })
    });
    kept.chain(new).collect()
}

/// What the customer will pay: the shop's total moved by what the lines moved. The shop computes the
/// final one; delivery and order-wide discounts are taken to stay.
pub fn total(order: &Order, lines: &[EditedLine]) -> Money {
    let before: i64 = order.lines.iter().map(|line| line.total.minor).sum();
    let after: i64 = lines.iter().map(|line| line.total.minor).sum();
    Money::new(order.total.minor - before + after, order.total.currency)
}

fn wanted(changes: &[LineChange], id: &RemoteId) -> Option<u32> {
    changes.iter().find_map(|change| match change {
        LineChange::SetQuantity { line, quantity } if line == id => Some(*quantity),
        _ => None,
    })
}

fn times(price: Money, quantity: u32) -> Money {
    Money::new(
        price.minor.saturating_mul(i64::from(quantity)),
        price.currency,
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::money::Currency;
    use crate::order::{Customer, OrderLine, OrderStage};

    fn money(minor: i64) -> Money {
        Money::new(minor, Currency::UAH)
    }

    /// Two irons at 100 and a fan at 250, delivery 60, a discount of 10 on the whole order.
    fn order() -> Order {
        let line = |id: &str, product: &str, quantity: u32, price: i64| OrderLine {
            remote: RemoteId::from(id),
            product: Some(RemoteId::from(product)),
            sku: product.to_owned(),
            name: product.to_owned(),
            quantity,
            unit_price: money(price),
            total: money(price * i64::from(quantity)),
        };
        Order {
            remote: RemoteId::from("o1"),
            number: "1".into(),
            placed_at: "2026-03-02T10:00:00Z".parse().unwrap(),
            changed_at: "2026-03-02T10:00:00Z".parse().unwrap(),
            status: "new".into(),
            stage: OrderStage::New,
            customer: Customer::default(),
            delivery_address: String::new(),
            delivery_method: String::new(),
            payment_method: String::new(),
            customer_note: String::new(),
            lines: vec![line("1", "iron", 2, 100), line("2", "fan", 1, 250)],
            delivery_total: money(60),
            total: money(500),
        }
    }

    fn kettle(id: &RemoteId) -> Option<Product> {
        (id.as_str() == "kettle").then(|| Product {
            remote: id.clone(),
            sku: "kettle".into(),
            name: "Kettle".into(),
            price: money(70),
            stock: None,
            enabled: true,
            changed_at: "2026-03-02T10:00:00Z".parse().unwrap(),
        })
    }

    #[test]
    fn the_total_moves_by_what_the_lines_moved() {
        let order = order();
        let mut changes = Vec::new();
        set_quantity(&order, &mut changes, &"1".into(), 3);
        set_quantity(&order, &mut changes, &"2".into(), 0);
        add(&order, &mut changes, &"kettle".into());
        add(&order, &mut changes, &"kettle".into());
        let lines = lines(&order, &changes, kettle);
        assert_eq!(
            lines.iter().map(|line| line.quantity).collect::<Vec<_>>(),
            [3, 0, 2]
        );
        assert_eq!(
            total(&order, &lines),
            money(500 + 100 - 250 + 140),
            "delivery and discount stay"
        );
    }

    #[test]
    fn coming_back_to_what_it_was_leaves_no_change() {
        let order = order();
        let mut changes = Vec::new();
        add(&order, &mut changes, &"iron".into());
        assert_eq!(
            changes,
            [LineChange::SetQuantity {
                line: "1".into(),
                quantity: 3
            }],
            "a product that has a line gets one more piece there, not a second line"
        );
        set_quantity(&order, &mut changes, &"1".into(), 2);
        add(&order, &mut changes, &"kettle".into());
        set_added(&mut changes, &"kettle".into(), 0);
        assert_eq!(changes, [], "nothing is left to send");
        set_quantity(&order, &mut changes, &"no such line".into(), 5);
        assert_eq!(
            changes,
            [],
            "a line the order does not have cannot be changed"
        );
    }
}
