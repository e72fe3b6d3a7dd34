//! From what is recorded to what the operator sees.

use crate::desk::{OpenShop, Session};
use crate::error::{ApiError, ErrorCode};
use crate::statuses;
use crate::text::{self, Fault};
use crate::view::{
    AnswerView, CallRow, CardView, DeskState, Draft, Language, LineView, OrderView, OutcomeChoice,
    PointView, ReasonChoice, ScriptView, Segment, StepView, TrailView,
};
use chrono::{DateTime, Timelike, Utc};
use rules::call::{CallEvent, CallState, Line};
use rules::disposition::{self, CallResult, ContactReason, OUTCOMES, Problem, REASONS};
use rules::edit;
use rules::id::{CallId, RemoteId, ScriptVersionId};
use rules::money::Money;
use rules::operation::LineChange;
use rules::order::{Order, Product};
use rules::script::{self, Script, Variable, Variables, Walk, WalkFact, WalkState};
use std::sync::Arc;
use store::table::task::Task;

/// A published script with its identity.
pub(crate) struct PublishedScript {
    pub(crate) version: ScriptVersionId,
    pub(crate) script: Script,
}

/// All that is recorded of the task at hand.
#[derive(Clone)]
pub(crate) struct Job {
    pub(crate) task: Task,
    pub(crate) held_at: DateTime<Utc>,
    pub(crate) order: Order,
    pub(crate) script: Arc<PublishedScript>,
    pub(crate) call: Option<CallRecord>,
    pub(crate) history: Vec<CallRow>,
}

/// All that is recorded of its call.
#[derive(Clone)]
pub(crate) struct CallRecord {
    pub(crate) id: CallId,
    pub(crate) events: Vec<(DateTime<Utc>, CallEvent)>,
    pub(crate) walk: Vec<WalkFact>,
    pub(crate) changes: Vec<LineChange>,
    pub(crate) added: Vec<Product>,
    pub(crate) draft: Draft,
    /// When the last of this was recorded.
    pub(crate) last_recorded: DateTime<Utc>,
}

impl CallRecord {
    /// A call just made.
    pub(crate) fn new(id: CallId) -> Self {
        Self {
            id,
            events: Vec::new(),
            walk: Vec::new(),
            changes: Vec::new(),
            added: Vec::new(),
            draft: Draft::default(),
            last_recorded: DateTime::UNIX_EPOCH,
        }
    }

    /// Where the line stands.
    pub(crate) fn line(&self) -> Result<Line, Fault> {
        let start = self
            .events
            .first()
            .map_or(DateTime::UNIX_EPOCH, |(at, _)| *at);
        Line::replay(start, self.events.iter().copied()).map_err(|illegal| moment(illegal.state))
    }
}

/// The fault of doing something in the wrong state.
pub(crate) fn moment(state: CallState) -> Fault {
    Fault::from(ErrorCode::WrongMoment).with("state", &state)
}

impl Job {
    /// Where the line stands, in the strip's words, and since when.
    pub(crate) fn state(&self) -> Result<(DeskState, DateTime<Utc>), Fault> {
        let Some(call) = &self.call else {
            return Ok((DeskState::Preview, self.held_at));
        };
        let line = call.line()?;
        let state = match line.state {
            CallState::Ready | CallState::Paused => DeskState::Preview,
            CallState::Dialling => DeskState::Dialling,
            CallState::Ringing => DeskState::Ringing,
            CallState::Talking => DeskState::Talking,
            CallState::Held => DeskState::Hold,
            CallState::WrapUp => DeskState::WrapUp,
        };
        Ok((state, line.since))
    }

    /// The script with all that was answered.
    pub(crate) fn walk(&self, variables: &Variables) -> Walk<'_> {
        let facts = self
            .call
            .as_ref()
            .map_or(&[][..], |call| call.walk.as_slice());
        match Walk::replay(&self.script.script, facts) {
            Ok(walk) if !facts.is_empty() => walk,
            _ => Walk::begin(&self.script.script, variables),
        }
    }

    pub(crate) fn changes(&self) -> &[LineChange] {
        self.call.as_ref().map_or(&[], |call| &call.changes)
    }

    pub(crate) fn draft(&self) -> Draft {
        self.call
            .as_ref()
            .map(|call| call.draft.clone())
            .unwrap_or_default()
    }

    /// The draft with what the script has newly proposed; none when it proposed nothing new.
    pub(crate) fn proposed(&self, before: &WalkState, after: &WalkState) -> Option<Draft> {
        let mut draft = self.draft();
        if after.outcome != before.outcome {
            draft.outcome = after.outcome.clone().unwrap_or_default();
        }
        if after.reason != before.reason {
            let reason = after.reason.clone();
            (draft.reason, draft.subreason) = reason
                .map(|reason| (reason.reason, reason.subreason))
                .unwrap_or_default();
        }
        let draft = super::adjusted(draft, !self.changes().is_empty());
        (draft != self.draft()).then_some(draft)
    }

    fn product(&self, id: &RemoteId) -> Option<Product> {
        self.call
            .as_ref()?
            .added
            .iter()
            .find(|product| product.remote == *id)
            .cloned()
    }

    /// The lines with the operator's changes.
    pub(crate) fn lines(&self) -> Vec<edit::EditedLine> {
        edit::lines(&self.order, self.changes(), |id| self.product(id))
    }

    /// What the script's variables stand for.
    pub(crate) fn variables(
        &self,
        shop: &OpenShop,
        session: &Session,
        now: DateTime<Utc>,
    ) -> Variables {
        let lines = self.lines();
        let total = edit::total(&self.order, &lines);
        let kept = lines.iter().filter(|line| line.quantity > 0);
        let items: Vec<String> = kept
            .clone()
            .map(|line| format!("{} × {}", line.name, line.quantity))
            .collect();
        let pieces: u32 = kept.map(|line| line.quantity).sum();
        let order = &self.order;
        Variables::new()
            .with(Variable::CustomerName, &order.customer.name)
            .with(Variable::CustomerPhone, &order.customer.phone)
            .with(Variable::OrderNumber, &order.number)
            .with_number(
                Variable::OrderTotal,
                major(total),
                spoken_money(shop.language, total),
            )
            .with(Variable::OrderItems, items.join(", "))
            .with_number(
                Variable::OrderItemCount,
                f64::from(pieces),
                pieces.to_string(),
            )
            .with(Variable::OrderDeliveryAddress, &order.delivery_address)
            .with(Variable::OrderDeliveryMethod, &order.delivery_method)
            .with(Variable::OrderPaymentMethod, &order.payment_method)
            .with(Variable::OrderCustomerNote, &order.customer_note)
            .with(
                Variable::OrderPlaced,
                order
                    .placed_at
                    .with_timezone(&shop.zone)
                    .format("%d.%m.%Y %H:%M")
                    .to_string(),
            )
            .with(Variable::ShopName, &shop.name)
            .with(Variable::OperatorName, &session.name)
            .with(
                Variable::NowGreeting,
                greeting(shop.language, now.with_timezone(&shop.zone).hour()),
            )
    }

    /// What keeps the draft from being saved.
    pub(crate) fn blockers(
        &self,
        draft: &Draft,
        ticked: &[String],
        shop: &OpenShop,
        session: &Session,
        now: DateTime<Utc>,
    ) -> Vec<Fault> {
        let problems = disposition::validate(
            &result_of(draft),
            &self.script.script.checklist,
            ticked,
            now,
        );
        let mut points = Vec::new();
        let mut faults: Vec<Fault> = Vec::new();
        for problem in problems {
            match problem {
                Problem::OutcomeMissing | Problem::OutcomeUnknown { .. } => {
                    faults.push(ErrorCode::OutcomeMissing.into());
                }
                Problem::ReasonMissing | Problem::ReasonUnknown { .. } => {
                    faults.push(ErrorCode::ReasonMissing.into());
                }
                Problem::PointMissing { text, .. } => points.push(text),
                Problem::CallbackTimeMissing => faults.push(ErrorCode::CallbackMissing.into()),
                Problem::CallbackTimePast => faults.push(ErrorCode::CallbackPast.into()),
                Problem::CommentMissing => faults.push(ErrorCode::CommentMissing.into()),
            }
        }
        if !points.is_empty() {
            faults.push(Fault::from(ErrorCode::ChecklistOpen).with("points", &points.join(" · ")));
        }
        let outcome = disposition::outcome(&draft.outcome);
        let confirms = outcome.is_some_and(|outcome| outcome.confirms_order);
        if !self.changes().is_empty() && !draft.outcome.is_empty() && !confirms {
            faults.push(ErrorCode::EditsNeedConfirmation.into());
        }
        if let Some(outcome) = outcome {
            let table = shop.statuses();
            let to = if outcome.confirms_order {
                table.confirmed.as_deref()
            } else if outcome.cancels_order {
                table.cancelled.as_deref()
            } else {
                None
            };
            let (from, role) = (&self.order.status, session.role);
            faults.extend(statuses::step_fault(
                &table,
                from,
                to,
                role,
                session.language,
            ));
        }
        faults
    }

    /// The card, whole.
    pub(crate) fn view(&self, shop: &OpenShop, session: &Session, now: DateTime<Utc>) -> CardView {
        let variables = self.variables(shop, session, now);
        let walk = self.walk(&variables);
        let state = walk.state();
        let draft = self.draft();
        let blockers: Vec<ApiError> = self
            .blockers(&draft, &state.ticked, shop, session, now)
            .iter()
            .map(|fault| fault.told(session.language))
            .collect();
        let dialled = self.call.is_some();
        let phone = &self.order.customer.phone;
        CardView {
            task: self.task.id,
            call: self.call.as_ref().map(|call| call.id),
            shop: shop.id,
            shop_name: shop.name.clone(),
            shop_zone: shop.zone.name().to_owned(),
            attempts: self.task.attempts,
            customer_name: self.order.customer.name.clone(),
            phone: if dialled {
                rules::phone::display(phone, shop.home())
            } else {
                rules::phone::mask(phone, shop.home())
            },
            phone_masked: !dialled,
            order: self.order_view(shop),
            script: self.script_view(&walk, &variables),
            checklist: self.checklist(&state.ticked),
            draft,
            blockers,
            history: self.history.clone(),
            outcomes: outcomes(),
            reasons: reasons(),
        }
    }

    fn checklist(&self, ticked: &[String]) -> Vec<PointView> {
        let mut points: Vec<PointView> = self
            .script
            .script
            .checklist
            .iter()
            .map(|point| PointView {
                id: point.id.clone(),
                text: point.text.clone(),
                required: point.required,
                ticked: ticked.contains(&point.id),
            })
            .collect();
        points.sort_by_key(|point| !point.required);
        points
    }

    fn order_view(&self, shop: &OpenShop) -> OrderView {
        let lines = self.lines();
        let order = &self.order;
        OrderView {
            remote: order.remote.clone(),
            number: order.number.clone(),
            placed_at: order.placed_at,
            status: order.status.clone(),
            total: edit::total(order, &lines),
            total_before: order.total,
            lines: lines.into_iter().map(line_view).collect(),
            delivery_total: order.delivery_total,
            delivery_address: order.delivery_address.clone(),
            delivery_method: order.delivery_method.clone(),
            payment_method: order.payment_method.clone(),
            customer_note: order.customer_note.clone(),
            can_edit: shop.can_edit,
        }
    }

    fn script_view(&self, walk: &Walk<'_>, variables: &Variables) -> ScriptView {
        let script = &self.script.script;
        let view = walk.view(variables);
        let mut text = Vec::new();
        for (index, paragraph) in view.paragraphs.into_iter().enumerate() {
            if index > 0 {
                text.push(Segment::Text("\n".to_owned()));
            }
            text.extend(paragraph.segments.into_iter().map(segment));
        }
        let answers = view.answers.into_iter().map(|answer| AnswerView {
            digit: u32::from(answer.number),
            text: plain(&answer.segments),
        });
        let trail = walk
            .state()
            .history
            .into_iter()
            .map(|(step, option)| TrailView {
                answer: answer_text(script, &step, option),
                step,
            });
        ScriptView {
            title: script.title.clone(),
            version: script.version,
            step: Some(StepView {
                id: view.step,
                text,
                answers: answers.collect(),
            }),
            trail: trail.collect(),
        }
    }
}

/// The words of an answer as the script's author wrote them.
pub(crate) fn answer_text(script: &Script, step: &str, option: u8) -> String {
    script
        .step(step)
        .and_then(|step| step.answers.get(usize::from(option).checked_sub(1)?))
        .map(|answer| answer.text.to_string())
        .unwrap_or_default()
}

/// A draft as the rules know it.
pub(crate) fn result_of(draft: &Draft) -> CallResult {
    let reason = (!draft.reason.is_empty() || !draft.subreason.is_empty()).then(|| ContactReason {
        reason: draft.reason.clone(),
        subreason: draft.subreason.clone(),
    });
    CallResult {
        outcome: draft.outcome.clone(),
        reason,
        comment: draft.comment.clone(),
        callback_at: draft.callback_at,
    }
}

fn outcomes() -> Vec<OutcomeChoice> {
    OUTCOMES
        .iter()
        .filter(|outcome| outcome.selectable)
        .map(|outcome| OutcomeChoice {
            code: outcome.code.to_owned(),
            needs_callback_time: outcome.needs_callback_time,
            needs_comment: outcome.needs_comment,
        })
        .collect()
}

fn reasons() -> Vec<ReasonChoice> {
    REASONS
        .iter()
        .map(|reason| ReasonChoice {
            code: reason.code.to_owned(),
            subreasons: reason
                .subreasons
                .iter()
                .map(|code| (*code).to_owned())
                .collect(),
        })
        .collect()
}

fn line_view(line: edit::EditedLine) -> LineView {
    let key = match (&line.line, &line.product) {
        (Some(id), _) => format!("line:{id}"),
        (None, Some(product)) => format!("new:{product}"),
        (None, None) => String::new(),
    };
    LineView {
        key,
        sku: line.sku,
        name: line.name,
        quantity: line.quantity,
        quantity_before: line.before,
        unit_price: line.unit_price,
        total: line.total,
    }
}

fn segment(segment: script::Segment) -> Segment {
    match segment {
        script::Segment::Text { text } => Segment::Text(text),
        script::Segment::Value { text, .. } => Segment::Value(text),
        script::Segment::Missing { name } => Segment::Missing(name),
    }
}

fn plain(segments: &[script::Segment]) -> String {
    segments
        .iter()
        .map(|segment| match segment {
            script::Segment::Text { text } | script::Segment::Value { text, .. } => text.clone(),
            script::Segment::Missing { name } => format!("[{name}]"),
        })
        .collect()
}

/// An amount in major units, for a script's conditions only.
#[expect(
    clippy::cast_precision_loss,
    reason = "a threshold in a script is not to the last minor unit"
)]
fn major(money: Money) -> f64 {
    money.minor as f64 / f64::from(10_u32.pow(money.currency.exponent()))
}

/// An amount as it is read aloud: no decimals where there are none to say.
pub(crate) fn spoken_money(language: Language, money: Money) -> String {
    let decimal = money.to_decimal();
    let whole = decimal.strip_suffix(".00").unwrap_or(&decimal);
    let (units, rest) = whole.split_at(whole.find('.').unwrap_or(whole.len()));
    let (thousands, point) = if language == Language::En {
        (',', ".")
    } else {
        ('\u{a0}', ",")
    };
    let mut amount = String::new();
    for (index, digit) in units.chars().enumerate() {
        if index > 0 && (units.len() - index).is_multiple_of(3) && !amount.ends_with('-') {
            amount.push(thousands);
        }
        amount.push(digit);
    }
    amount.push_str(&rest.replace('.', point));
    let currency = money.currency.code();
    text::say(
        language,
        "money-spoken",
        [("amount", amount.as_str()), ("currency", currency)],
    )
}

fn greeting(language: Language, hour: u32) -> String {
    let key = match hour {
        5..=11 => "greeting-morning",
        12..=17 => "greeting-day",
        _ => "greeting-evening",
    };
    text::say(language, key, [])
}

#[cfg(test)]
mod tests {
    use super::*;
    use rules::money::Currency;

    #[test]
    fn money_is_spoken_as_people_say_it() {
        let spoken =
            |language, minor, currency| spoken_money(language, Money::new(minor, currency));
        assert_eq!(
            spoken(Language::Uk, 1_299_900, Currency::UAH),
            "12\u{a0}999\u{a0}грн"
        );
        assert_eq!(
            spoken(Language::Pl, 99_950, Currency::PLN),
            "999,50\u{a0}zł"
        );
        assert_eq!(
            spoken(Language::En, 123_456_700, Currency::USD),
            "$1,234,567"
        );
        assert_eq!(
            spoken(Language::Ru, -150_000, Currency::RUB),
            "-1\u{a0}500\u{a0}₽"
        );
    }
}
