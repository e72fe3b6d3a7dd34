//! Order intake as a lead: orders placed now are confirmation calls of known hours to come.

use crate::history::History;

/// The shop's orders, in slots as long as those of the calls.
#[derive(Debug, Clone, Copy)]
pub struct Lead<'a> {
    /// Orders placed. Only what lies before the origin is read.
    pub placed: &'a History,
    /// Orders expected from the origin on, such as a forecast of the intake or a campaign's plan.
    /// Without it the intake goes on as its own weekday profile says.
    pub expected: Option<&'a History>,
}
