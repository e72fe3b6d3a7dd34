//! A walk through a script: facts in, what to show out.
//!
//! Each fact keeps the way it led to, as decided when it was recorded. So the same facts give the
//! same state ever after, though the order may have changed and a condition would now decide otherwise.

use super::template::{holds, render};
use super::{Act, ChecklistPoint, END, Panel, Script, Segment, Step, Variables};
use crate::disposition::ContactReason;
use serde::{Deserialize, Serialize};

/// Something that happened in the walk; stored in order, never changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, specta::Type)]
#[serde(tag = "fact", rename_all = "snake_case")]
pub enum WalkFact {
    /// The walk began and came by these steps, the last of which waits unless the script is over.
    Began {
        /// Identities of the steps entered.
        path: Vec<String>,
    },
    /// An answer was chosen.
    Answered {
        /// The step that asked.
        step: String,
        /// Number of the answer, from 1.
        option: u8,
        /// Identities of the steps entered then, the last of which waits unless the script is over.
        path: Vec<String>,
    },
    /// The customer said something no answer fits: for the script's author. The walk stays.
    NoSuchAnswer {
        /// The step that asked.
        step: String,
        /// What was said; may be empty.
        text: String,
    },
    /// The operator ticked a point by hand, or took a tick away.
    Ticked {
        /// Identity of the point.
        point: String,
        /// Whether it is done.
        on: bool,
    },
    /// The last answer was taken back.
    WentBack,
}

/// Why a fact cannot be recorded or replayed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum WalkError {
    /// The answer is to another step than the one that waits.
    #[error("the answer belongs to step `{given}`, but step `{waiting}` is waiting")]
    OtherStep {
        /// The step answered.
        given: String,
        /// The step that waits.
        waiting: String,
    },
    /// The step has no answer of this number.
    #[error("step `{step}` has no answer {option}")]
    NoSuchOption {
        /// The step that waits.
        step: String,
        /// The number given.
        option: u8,
    },
    /// The checklist has no such point.
    #[error("the checklist has no point `{0}`")]
    UnknownPoint(String),
    /// Nothing has been answered yet.
    #[error("there is no answer to take back")]
    AtTheBeginning,
    /// The facts belong to another version of the script.
    #[error("the record does not fit this script: {0}")]
    OtherScript(String),
}

/// One answer given and where it led.
#[derive(Clone, Debug)]
struct Leg<'s> {
    answer: Option<(&'s Step, u8)>,
    path: Vec<&'s Step>,
}

/// A walk in progress.
#[derive(Clone, Debug)]
pub struct Walk<'s> {
    script: &'s Script,
    facts: Vec<WalkFact>,
    legs: Vec<Leg<'s>>,
    by_hand: Vec<(String, bool)>,
}

/// What the walk has come to, beside what is on the screen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, specta::Type)]
pub struct WalkState {
    /// Points done, in the order of the checklist.
    pub ticked: Vec<String>,
    /// The outcome the script proposes.
    pub outcome: Option<String>,
    /// The contact reason the script proposes.
    pub reason: Option<ContactReason>,
    /// Answers given, oldest first, those taken back left out: step and number.
    pub history: Vec<(String, u8)>,
}

/// What the operator has before the eyes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, specta::Type)]
pub struct StepView {
    /// The step that waits, `end` when the script is over.
    pub step: String,
    /// What to say since the last answer, one paragraph per step.
    pub paragraphs: Vec<Paragraph>,
    /// Answers to choose from; empty when the script is over.
    pub answers: Vec<AnswerView>,
    /// A part of the desk to open on coming here.
    pub open: Option<Panel>,
    /// Questions answered so far.
    pub answered: u32,
    /// The script is over.
    pub finished: bool,
}

/// One thing to say.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, specta::Type)]
pub struct Paragraph {
    /// The step it comes from.
    pub step: String,
    /// The text with its variables filled in.
    pub segments: Vec<Segment>,
}

/// One answer to choose.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, specta::Type)]
pub struct AnswerView {
    /// The digit key.
    pub number: u8,
    /// The text with its variables filled in.
    pub segments: Vec<Segment>,
}

impl<'s> Walk<'s> {
    /// Begins at the first step; [`Walk::facts`] then holds the first fact to store.
    pub fn begin(script: &'s Script, variables: &Variables) -> Self {
        let path = way(script, script.steps.first(), variables);
        let mut walk = Self {
            script,
            facts: Vec::new(),
            legs: Vec::new(),
            by_hand: Vec::new(),
        };
        walk.facts.push(WalkFact::Began { path: names(&path) });
        walk.legs.push(Leg { answer: None, path });
        walk
    }

    /// Comes to where the recorded facts lead.
    ///
    /// # Errors
    /// When they were not recorded with this script.
    pub fn replay(script: &'s Script, facts: &[WalkFact]) -> Result<Self, WalkError> {
        let mut walk = Self {
            script,
            facts: Vec::new(),
            legs: Vec::new(),
            by_hand: Vec::new(),
        };
        for fact in facts {
            walk.record(fact.clone())?;
        }
        if walk.legs.is_empty() {
            return Err(WalkError::OtherScript("it has no beginning".to_owned()));
        }
        Ok(walk)
    }

    /// All facts so far, oldest first.
    pub fn facts(&self) -> &[WalkFact] {
        &self.facts
    }

    /// Chooses an answer of the step that waits; gives the fact to store.
    ///
    /// `step` is what the operator saw, so that a key pressed twice does not answer the next question.
    ///
    /// # Errors
    /// [`WalkError::OtherStep`] or [`WalkError::NoSuchOption`].
    pub fn answer(
        &mut self,
        step: &str,
        option: u8,
        variables: &Variables,
    ) -> Result<WalkFact, WalkError> {
        let asking = self.waiting(step)?;
        let answer = nth(&asking.answers, option).ok_or_else(|| WalkError::NoSuchOption {
            step: step.to_owned(),
            option,
        })?;
        let path = way(
            self.script,
            self.script.target(asking, answer.goto.as_ref()),
            variables,
        );
        self.record(WalkFact::Answered {
            step: step.to_owned(),
            option,
            path: names(&path),
        })
    }

    /// Notes that no answer fits; the walk stays where it is. Gives the fact to store.
    ///
    /// # Errors
    /// [`WalkError::OtherStep`].
    pub fn no_such_answer(&mut self, step: &str, text: &str) -> Result<WalkFact, WalkError> {
        self.record(WalkFact::NoSuchAnswer {
            step: step.to_owned(),
            text: text.trim().to_owned(),
        })
    }

    /// Ticks a point by hand or takes its tick away. Gives the fact to store.
    ///
    /// # Errors
    /// [`WalkError::UnknownPoint`].
    pub fn tick(&mut self, point: &str, on: bool) -> Result<WalkFact, WalkError> {
        self.record(WalkFact::Ticked {
            point: point.to_owned(),
            on,
        })
    }

    /// Takes the last answer back with all it did. Gives the fact to store.
    ///
    /// # Errors
    /// [`WalkError::AtTheBeginning`].
    pub fn back(&mut self) -> Result<WalkFact, WalkError> {
        self.record(WalkFact::WentBack)
    }

    /// Ticks, proposed outcome and reason, history.
    pub fn state(&self) -> WalkState {
        let acts = || self.legs.iter().rev().flat_map(Leg::acts_latest_first);
        WalkState {
            ticked: self.ticked().map(|point| point.id.clone()).collect(),
            outcome: acts().find_map(|act| act.outcome.as_deref().map(str::to_owned)),
            reason: acts().find_map(Act::contact_reason),
            history: self
                .legs
                .iter()
                .filter_map(|leg| {
                    leg.answer
                        .map(|(step, option)| (step.id.to_string(), option))
                })
                .collect(),
        }
    }

    /// What to show now.
    pub fn view(&self, variables: &Variables) -> StepView {
        let leg = self.legs.last();
        let path = leg.map_or(&[][..], |leg| &leg.path);
        let asking = self.asking();
        let numbered = (1..).zip(asking.map_or(&[][..], |step| &step.answers));
        StepView {
            step: asking.map_or(END, |step| &step.id).to_owned(),
            paragraphs: path
                .iter()
                .filter_map(|step| step.text.as_ref().map(|text| (step, text)))
                .map(|(step, text)| Paragraph {
                    step: step.id.to_string(),
                    segments: render(text, variables),
                })
                .collect(),
            answers: numbered
                .map(|(number, answer)| AnswerView {
                    number,
                    segments: render(&answer.text, variables),
                })
                .collect(),
            open: leg.and_then(|leg| leg.acts_latest_first().find_map(|act| act.open)),
            answered: u32::try_from(self.legs.len().saturating_sub(1)).unwrap_or(u32::MAX),
            finished: asking.is_none(),
        }
    }

    fn ticked(&self) -> impl Iterator<Item = &'s ChecklistPoint> {
        self.script.checklist.iter().filter(|point| {
            let by_hand = self.by_hand.iter().find(|(id, _)| *id == point.id);
            by_hand.map_or_else(
                || self.legs.iter().any(|leg| leg.ticks(&point.id)),
                |(_, on)| *on,
            )
        })
    }

    /// The step that waits for an answer; none at the end.
    fn asking(&self) -> Option<&'s Step> {
        self.legs
            .last()?
            .path
            .last()
            .copied()
            .filter(|step| !step.answers.is_empty())
    }

    fn waiting(&self, given: &str) -> Result<&'s Step, WalkError> {
        let asking = self.asking();
        asking
            .filter(|step| &*step.id == given)
            .ok_or_else(|| WalkError::OtherStep {
                given: given.to_owned(),
                waiting: asking.map_or(END, |step| &step.id).to_owned(),
            })
    }

    fn record(&mut self, fact: WalkFact) -> Result<WalkFact, WalkError> {
        match &fact {
            WalkFact::Began { path } => {
                let path = self.steps(path)?;
                self.legs = vec![Leg { answer: None, path }];
            }
            WalkFact::Answered { step, option, path } => {
                let asking = self.waiting(step)?;
                if nth(&asking.answers, *option).is_none() {
                    return Err(WalkError::NoSuchOption {
                        step: step.clone(),
                        option: *option,
                    });
                }
                let leg = Leg {
                    answer: Some((asking, *option)),
                    path: self.steps(path)?,
                };
                // The customer has settled these anew, whatever was set by hand before.
                self.by_hand.retain(|(point, _)| !leg.ticks(point));
                self.legs.push(leg);
            }
            WalkFact::NoSuchAnswer { step, .. } => {
                self.waiting(step)?;
            }
            WalkFact::Ticked { point, on } => {
                if !self.script.checklist.iter().any(|known| known.id == *point) {
                    return Err(WalkError::UnknownPoint(point.clone()));
                }
                self.by_hand.retain(|(id, _)| id != point);
                self.by_hand.push((point.clone(), *on));
            }
            WalkFact::WentBack => {
                if self.legs.len() < 2 {
                    return Err(WalkError::AtTheBeginning);
                }
                self.legs.pop();
            }
        }
        self.facts.push(fact.clone());
        Ok(fact)
    }

    fn steps(&self, path: &[String]) -> Result<Vec<&'s Step>, WalkError> {
        path.iter()
            .map(|id| {
                self.script
                    .step(id)
                    .ok_or_else(|| WalkError::OtherScript(format!("it has no step `{id}`")))
            })
            .collect()
    }
}

impl<'s> Leg<'s> {
    fn ticks(&self, point: &str) -> bool {
        let answer = self
            .answer
            .and_then(|(step, option)| nth(&step.answers, option));
        let by_answer = answer.into_iter().flat_map(|answer| &answer.ticks);
        by_answer
            .chain(self.path.iter().flat_map(|step| &step.ticks))
            .any(|tick| &**tick == point)
    }

    fn acts_latest_first(&self) -> impl Iterator<Item = &'s Act> {
        let answer = self
            .answer
            .and_then(|(step, option)| nth(&step.answers, option));
        let on_the_way: Vec<&'s Step> = self.path.iter().rev().copied().collect();
        on_the_way
            .into_iter()
            .map(|step| &step.act)
            .chain(answer.map(|answer| &answer.act))
    }
}

/// Steps entered from `start` until one waits or the script is over.
fn way<'s>(script: &'s Script, start: Option<&'s Step>, variables: &Variables) -> Vec<&'s Step> {
    let mut path = Vec::new();
    let mut next = start;
    // A checked script has no loop without a question; the bound keeps an unchecked one from hanging.
    for _ in 0..=script.steps.len() {
        let Some(step) = next else { break };
        if step
            .when
            .as_ref()
            .is_some_and(|condition| !holds(condition, variables))
        {
            next = script.following(step);
            continue;
        }
        path.push(step);
        if !step.answers.is_empty() {
            break;
        }
        next = script.target(step, None);
    }
    path
}

fn names(path: &[&Step]) -> Vec<String> {
    path.iter().map(|step| step.id.to_string()).collect()
}

fn nth<T>(items: &[T], number: u8) -> Option<&T> {
    items.get(usize::from(number).checked_sub(1)?)
}
