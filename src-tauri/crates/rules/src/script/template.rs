//! Variables of a script and how they are filled in.
//!
//! Texts and conditions go through minijinja without any of its filters or functions. A variable is
//! handed to a text wrapped in control characters, which are read back as segments: so a value and
//! a gap stay apart from the words around them, whatever they contain.

use minijinja::{Environment, Value};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

const OPEN: char = '\u{2}';
const FILLED: char = '\u{1f}';
const CLOSE: char = '\u{3}';
const NOT_AS_IT_IS: &str = "a variable can only be shown as it is";

macro_rules! variables {
    ($($(#[$doc:meta])* $variant:ident = $name:literal,)+) => {
        /// The closed list of what a script may name.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, specta::Type)]
        pub enum Variable {
            $($(#[$doc])* #[serde(rename = $name)] $variant,)+
        }

        impl Variable {
            /// Every variable.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// As scripts write it.
            pub fn name(self) -> &'static str {
                match self { $(Self::$variant => $name,)+ }
            }
        }
    };
}

variables! {
    /// Full name of who ordered.
    CustomerName = "customer.name",
    /// Phone, as shown to the operator.
    CustomerPhone = "customer.phone",
    /// The number people say on the phone.
    OrderNumber = "order.number",
    /// What the customer pays; a number in conditions, in major units.
    OrderTotal = "order.total",
    /// Products and quantities, to be read aloud.
    OrderItems = "order.items",
    /// Pieces in all; a number in conditions.
    OrderItemCount = "order.item_count",
    /// Where it goes.
    OrderDeliveryAddress = "order.delivery_address",
    /// How it goes there.
    OrderDeliveryMethod = "order.delivery_method",
    /// How it is paid.
    OrderPaymentMethod = "order.payment_method",
    /// The customer's own remark.
    OrderCustomerNote = "order.customer_note",
    /// Day and time of ordering, as spoken.
    OrderPlaced = "order.placed",
    /// Name of the client shop.
    ShopName = "shop.name",
    /// Name of who calls.
    OperatorName = "operator.name",
    /// Good morning, good day or good evening.
    NowGreeting = "now.greeting",
}

impl Variable {
    /// The variable a script calls `name`.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL
            .iter()
            .copied()
            .find(|variable| variable.name() == name)
    }

    /// All names, for messages.
    pub(super) fn names() -> String {
        Self::ALL
            .iter()
            .map(|variable| variable.name())
            .collect::<Vec<_>>()
            .join(", ")
    }

    fn is_number(self) -> bool {
        matches!(self, Self::OrderTotal | Self::OrderItemCount)
    }
}

/// What the variables stand for in one call. A blank text counts as missing.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Variables(BTreeMap<Variable, Filled>);

#[derive(Clone, Debug, PartialEq)]
struct Filled {
    text: String,
    number: Option<f64>,
}

impl Variables {
    /// Nothing filled in.
    pub fn new() -> Self {
        Self::default()
    }

    /// Fills in a text.
    #[must_use]
    pub fn with(mut self, variable: Variable, text: impl Into<String>) -> Self {
        self.0.insert(
            variable,
            Filled {
                text: text.into(),
                number: None,
            },
        );
        self
    }

    /// Fills in a number with the text it is shown as.
    #[must_use]
    pub fn with_number(mut self, variable: Variable, number: f64, text: impl Into<String>) -> Self {
        self.0.insert(
            variable,
            Filled {
                text: text.into(),
                number: Some(number),
            },
        );
        self
    }

    fn text(&self, variable: Variable) -> Option<&str> {
        self.0
            .get(&variable)
            .map(|filled| filled.text.trim())
            .filter(|text| !text.is_empty())
    }

    fn condition_value(&self, variable: Variable) -> Option<Value> {
        let filled = self.0.get(&variable)?;
        if variable.is_number() {
            filled.number.map(Value::from)
        } else {
            Some(Value::from(filled.text.trim()))
        }
    }
}

/// A piece of a text that is filled in. Plain text, never markup.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, specta::Type)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Segment {
    /// The author's words.
    Text {
        /// To be shown as it is.
        text: String,
    },
    /// A variable filled in.
    Value {
        /// Which one.
        name: String,
        /// To be shown as it is.
        text: String,
    },
    /// A variable that is not known: shown as a gap, for the operator to ask.
    Missing {
        /// Which one.
        name: String,
    },
}

/// Fills a checked text in.
pub(super) fn render(template: &str, variables: &Variables) -> Vec<Segment> {
    // A text that passed the check cannot fail; were it to, its source is better than silence.
    try_render(template, variables).unwrap_or_else(|_| {
        vec![Segment::Text {
            text: template.to_owned(),
        }]
    })
}

fn try_render(template: &str, variables: &Variables) -> Result<Vec<Segment>, String> {
    let marked = |variable: Variable| {
        let name = variable.name();
        Some(Value::from(match variables.text(variable) {
            Some(text) => format!(
                "{OPEN}{name}{FILLED}{}{CLOSE}",
                text.replace([OPEN, FILLED, CLOSE], "")
            ),
            None => format!("{OPEN}{name}{CLOSE}"),
        }))
    };
    let environment = Environment::empty();
    let rendered = environment
        .template_from_str(template.trim())
        .and_then(|template| template.render(context(marked)))
        .map_err(|error| message(&error))?;
    segments(&rendered).ok_or_else(|| NOT_AS_IT_IS.to_owned())
}

/// Whether a condition holds. One about something unknown does not.
pub(super) fn holds(condition: &str, variables: &Variables) -> bool {
    let environment = Environment::empty();
    let Ok(expression) = environment.compile_expression(condition) else {
        return false;
    };
    let known = expression.undeclared_variables(true).iter().all(|name| {
        Variable::named(name).is_some_and(|variable| variables.condition_value(variable).is_some())
    });
    known
        && expression
            .eval(context(|variable| variables.condition_value(variable)))
            .is_ok_and(|value| value.is_true())
}

/// Variables a text names, or why it cannot be filled in.
pub(super) fn check_text(template: &str) -> Result<BTreeSet<String>, String> {
    if ["{%", "{#"].iter().any(|mark| template.contains(mark)) {
        return Err("statements and comments are not for texts".to_owned());
    }
    let environment = Environment::empty();
    let parsed = environment
        .template_from_str(template)
        .map_err(|error| message(&error))?;
    let names = parsed.undeclared_variables(true).into_iter().collect();
    if all_known(&names) {
        let shown = try_render(template, &Variables::default())?;
        let gaps = shown
            .iter()
            .filter(|segment| matches!(segment, Segment::Missing { .. }));
        if gaps.count() != template.matches("{{").count() {
            return Err(NOT_AS_IT_IS.to_owned());
        }
    }
    Ok(names)
}

/// Variables a condition names, or why it cannot be worked out.
pub(super) fn check_condition(condition: &str) -> Result<BTreeSet<String>, String> {
    let environment = Environment::empty();
    let expression = environment
        .compile_expression(condition)
        .map_err(|error| message(&error))?;
    let names = expression.undeclared_variables(true).into_iter().collect();
    if all_known(&names) {
        // Small and large, so that neither side of an `and` or `or` goes untried.
        for (number, text) in [(-1e12, ""), (1e12, "text")] {
            let example = |variable: Variable| {
                Some(if variable.is_number() {
                    Value::from(number)
                } else {
                    Value::from(text)
                })
            };
            expression
                .eval(context(example))
                .map_err(|error| message(&error))?;
        }
    }
    Ok(names)
}

fn all_known(names: &BTreeSet<String>) -> bool {
    names.iter().all(|name| Variable::named(name).is_some())
}

fn message(error: &minijinja::Error) -> String {
    error
        .detail()
        .map_or_else(|| error.kind().to_string(), str::to_owned)
}

/// `{"customer": {"name": …}, …}` of whatever has a value.
fn context(value_of: impl Fn(Variable) -> Option<Value>) -> Value {
    let mut groups: BTreeMap<&str, BTreeMap<&str, Value>> = BTreeMap::new();
    for variable in Variable::ALL {
        if let (Some((group, name)), Some(value)) =
            (variable.name().split_once('.'), value_of(*variable))
        {
            groups.entry(group).or_default().insert(name, value);
        }
    }
    groups
        .into_iter()
        .map(|(group, fields)| (group, Value::from(fields)))
        .collect::<BTreeMap<_, _>>()
        .into()
}

/// Reads the marks back; none when one of them is cut.
fn segments(rendered: &str) -> Option<Vec<Segment>> {
    let mut segments = Vec::new();
    let words = |text: &str, segments: &mut Vec<Segment>| {
        if !text.is_empty() {
            segments.push(Segment::Text {
                text: text.to_owned(),
            });
        }
    };
    let mut rest = rendered;
    while let Some((before, after)) = rest.split_once(OPEN) {
        words(before, &mut segments);
        let (mark, after) = after.split_once(CLOSE)?;
        let (name, value) = match mark.split_once(FILLED) {
            Some((name, value)) => (name, Some(value)),
            None => (mark, None),
        };
        Variable::named(name)?;
        let name = name.to_owned();
        segments.push(match value {
            Some(value) => Segment::Value {
                name,
                text: value.to_owned(),
            },
            None => Segment::Missing { name },
        });
        rest = after;
    }
    words(rest, &mut segments);
    Some(segments)
}
