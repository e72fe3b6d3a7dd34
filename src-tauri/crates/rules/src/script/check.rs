//! What must hold of a script before anyone reads it to a customer.

use super::problem::{ProblemCode, ScriptProblem};
use super::template::{Variable, check_condition, check_text};
use super::{Act, END, Located, MAX_ANSWERS, Script, Step};
use crate::disposition::{ContactReason, OUTCOMES, outcome};
use std::collections::{BTreeSet, HashSet};

pub(super) fn problems(script: &Script) -> Vec<ScriptProblem> {
    let mut check = Check {
        script,
        used: BTreeSet::new(),
        ticked: HashSet::new(),
        found: Vec::new(),
    };
    check.identities();
    for step in &script.steps {
        check.step(step);
    }
    check.variables();
    // Ways can only be followed when each leads somewhere.
    let leads_nowhere = [ProblemCode::UnknownStep, ProblemCode::DuplicateStep];
    if !check
        .found
        .iter()
        .any(|problem| leads_nowhere.contains(&problem.code))
    {
        check.ways();
    }
    check.required_points();
    check
        .found
        .sort_by_key(|problem| (problem.line.unwrap_or(u32::MAX), problem.column));
    check.found
}

struct Check<'s> {
    script: &'s Script,
    used: BTreeSet<String>,
    ticked: HashSet<&'s str>,
    found: Vec<ScriptProblem>,
}

impl<'s> Check<'s> {
    fn report<const N: usize>(
        &mut self,
        code: ProblemCode,
        place: &Located,
        args: [(&str, &str); N],
    ) {
        self.found.push(ScriptProblem::new(code, Some(place), args));
    }

    fn identities(&mut self) {
        if self.script.steps.is_empty() {
            self.found
                .push(ScriptProblem::new(ProblemCode::NoSteps, None, []));
        }
        let mut steps = HashSet::from([END]);
        for step in &self.script.steps {
            if !steps.insert(&step.id) {
                self.report(ProblemCode::DuplicateStep, &step.id, [("step", &step.id)]);
            }
        }
        let mut points = HashSet::new();
        for point in &self.script.checklist {
            if !points.insert(point.id.as_str()) {
                let args = [("point", point.id.as_str())];
                self.found
                    .push(ScriptProblem::new(ProblemCode::DuplicatePoint, None, args));
            }
        }
    }

    fn step(&mut self, step: &'s Step) {
        let speaks = step.text.is_some() || !step.answers.is_empty();
        let does = !step.ticks.is_empty() || step.act != Act::default();
        if !speaks && !does && step.goto.is_none() {
            self.report(ProblemCode::EmptyStep, &step.id, [("step", &step.id)]);
        }
        if step.answers.len() > MAX_ANSWERS {
            let count = step.answers.len().to_string();
            let args = [("step", &*step.id), ("count", &count)];
            self.report(ProblemCode::TooManyAnswers, &step.id, args);
        }
        if let Some(condition) = &step.when {
            self.read(condition, check_condition, ProblemCode::BadCondition);
        }
        if let Some(text) = &step.text {
            self.read(text, check_text, ProblemCode::BadTemplate);
        }
        self.leads_on(step, step.goto.as_ref(), &step.ticks, &step.act);
        for answer in &step.answers {
            self.read(&answer.text, check_text, ProblemCode::BadTemplate);
            self.leads_on(step, answer.goto.as_ref(), &answer.ticks, &answer.act);
        }
    }

    fn read(
        &mut self,
        place: &Located,
        check: fn(&str) -> Result<BTreeSet<String>, String>,
        fault: ProblemCode,
    ) {
        match check(place) {
            Ok(names) => self.names(names, place),
            Err(message) => self.report(fault, place, [("message", &message)]),
        }
    }

    fn leads_on(&mut self, step: &Step, goto: Option<&Located>, ticks: &'s [Located], act: &Act) {
        if let Some(target) = goto
            && &**target != END
            && self.script.step(target).is_none()
        {
            let args = [("step", &*step.id), ("target", target)];
            self.report(ProblemCode::UnknownStep, target, args);
        }
        self.ticks(ticks);
        self.act(act);
    }

    fn ticks(&mut self, ticks: &'s [Located]) {
        for tick in ticks {
            self.ticked.insert(tick);
            let points = &self.script.checklist;
            if !points.iter().any(|point| point.id == **tick) {
                let allowed = points
                    .iter()
                    .map(|point| point.id.as_str())
                    .collect::<Vec<_>>()
                    .join(", ");
                self.report(
                    ProblemCode::UnknownPoint,
                    tick,
                    [("point", tick), ("allowed", &allowed)],
                );
            }
        }
    }

    fn act(&mut self, act: &Act) {
        if let Some(code) = &act.outcome
            && !outcome(code).is_some_and(|outcome| outcome.selectable)
        {
            let selectable = OUTCOMES.iter().filter(|outcome| outcome.selectable);
            let allowed = selectable
                .map(|outcome| outcome.code)
                .collect::<Vec<_>>()
                .join(", ");
            self.report(
                ProblemCode::UnknownOutcome,
                code,
                [("outcome", code), ("allowed", &allowed)],
            );
        }
        if let Some(reason) = &act.reason
            && ContactReason::parse(reason).is_none()
        {
            self.report(ProblemCode::UnknownReason, reason, [("reason", reason)]);
        }
    }

    /// Takes note of variables used at a place.
    fn names(&mut self, names: BTreeSet<String>, place: &Located) {
        for name in names {
            if Variable::named(&name).is_none() {
                self.unknown_variable(&name, place);
            } else if !self
                .script
                .variables
                .iter()
                .any(|declared| **declared == *name)
            {
                self.report(
                    ProblemCode::UndeclaredVariable,
                    place,
                    [("variable", &name)],
                );
            }
            self.used.insert(name);
        }
    }

    fn variables(&mut self) {
        let script = self.script;
        // A name misspelt in a text would count twice: as unknown there and as unused here.
        let misread = [
            ProblemCode::UnknownVariable,
            ProblemCode::BadTemplate,
            ProblemCode::BadCondition,
        ];
        let texts_are_read = !self.found.iter().any(|it| misread.contains(&it.code));
        for declared in &script.variables {
            if Variable::named(declared).is_none() {
                self.unknown_variable(declared, declared);
            } else if texts_are_read && !self.used.contains(&**declared) {
                self.report(
                    ProblemCode::UnusedVariable,
                    declared,
                    [("variable", declared)],
                );
            }
        }
    }

    fn unknown_variable(&mut self, name: &str, place: &Located) {
        let allowed = Variable::names();
        self.report(
            ProblemCode::UnknownVariable,
            place,
            [("variable", name), ("allowed", &allowed)],
        );
    }

    /// Every step can be reached, and none leads back to itself without asking.
    fn ways(&mut self) {
        let script = self.script;
        let Some(first) = script.steps.first() else {
            return;
        };
        let reachable = spread(first, |step| successors(script, step));
        for step in &script.steps {
            if !reachable.contains(&*step.id) {
                self.report(ProblemCode::UnreachableStep, &step.id, [("step", &step.id)]);
            }
        }
        let in_loop = script.steps.iter().find(|step| {
            passing(script, step)
                .into_iter()
                .any(|after| spread(after, |next| passing(script, next)).contains(&*step.id))
        });
        if let Some(step) = in_loop {
            self.report(ProblemCode::EndlessLoop, &step.id, [("step", &step.id)]);
        }
    }

    fn required_points(&mut self) {
        for point in self.script.checklist.iter().filter(|point| point.required) {
            if !self.ticked.contains(point.id.as_str()) {
                let args = [("point", point.id.as_str())];
                self.found.push(ScriptProblem::new(
                    ProblemCode::PointNeverTicked,
                    None,
                    args,
                ));
            }
        }
    }
}

/// Steps that can follow without an answer.
fn passing<'s>(script: &'s Script, step: &'s Step) -> Vec<&'s Step> {
    let passed_over = step.when.as_ref().and_then(|_| script.following(step));
    let entered = if step.answers.is_empty() {
        script.target(step, None)
    } else {
        None
    };
    passed_over.into_iter().chain(entered).collect()
}

/// Steps that can follow at all.
fn successors<'s>(script: &'s Script, step: &'s Step) -> Vec<&'s Step> {
    let answered = step
        .answers
        .iter()
        .filter_map(|answer| script.target(step, answer.goto.as_ref()));
    passing(script, step).into_iter().chain(answered).collect()
}

/// Identities of all steps that can be come to from `start`, itself included.
fn spread<'s>(start: &'s Step, after: impl Fn(&'s Step) -> Vec<&'s Step>) -> HashSet<&'s str> {
    let mut seen = HashSet::new();
    let mut waiting = vec![start];
    while let Some(step) = waiting.pop() {
        if seen.insert(&*step.id) {
            waiting.extend(after(step));
        }
    }
    seen
}
