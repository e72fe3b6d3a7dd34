//! What a day makes of calls when everyone answers all lines that he or she can, and when each keeps to
//! the line of the shift: no formula holds for the first, so both are played out on the same calls.

use crate::outlook::LineDay;
use staffing::simulation::{Agent, HandleTime, Project, Scenario, Skill, expected};
use staffing::{Counts, Offered, Presence, Span, Swing};

/// Days played out; twenty of twenty thousand calls take a twentieth of a second or so each way.
const DAYS: u64 = 20;

/// A person on shift.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Person {
    /// The line of the shift, by its place.
    pub line: usize,
    /// The other lines that he or she can answer.
    pub also: Vec<usize>,
    /// When he or she is on the line, in seconds from midnight.
    pub present: Vec<Span>,
}

/// What becomes of a line's calls on a day, the mean over many such days.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Foreseen {
    /// While everyone keeps to the line of the shift.
    pub single: Counts,
    /// While everyone with nothing to do there answers the others as well.
    pub multi: Counts,
}

/// Both, line by line. Calls come, are answered and given up as [`staffing::simulation`] tells; whoever
/// is away or calls out, see [`LineDay`], is taken from the end of the list.
pub fn foresee(lines: &[LineDay<'_>], people: &[Person]) -> Vec<Foreseen> {
    let Some(interval_s) = lines.iter().map(|line| line.interval_s).reduce(f64::min) else {
        return Vec::new();
    };
    let projects: Vec<Project> = lines.iter().map(|line| project(line, interval_s)).collect();
    let thresholds_s: Vec<f64> = lines.iter().map(|line| line.threshold_s).collect();
    let present = on_the_line(lines, people);
    let day = |also: bool| {
        let agents: Vec<Agent> = people
            .iter()
            .zip(&present)
            .map(|(person, present)| agent(person, present, also))
            .collect();
        let scenario = Scenario {
            interval_s,
            intervals: projects
                .iter()
                .map(|one| one.offered.len())
                .max()
                .unwrap_or(0),
            thresholds_s: &thresholds_s,
            calls: &[],
            agents: &agents,
            tasks: &[],
            spare: 0,
        };
        expected(&projects, Swing::default(), &scenario, 0..DAYS)
    };
    let sum = |line: &Vec<Counts>| line.iter().copied().sum();
    let (single, multi) = (day(false), day(true));
    single
        .iter()
        .zip(&multi)
        .map(|(single, multi)| Foreseen {
            single: sum(single),
            multi: sum(multi),
        })
        .collect()
}

/// A line's calls by intervals of the length that all lines share.
fn project(line: &LineDay<'_>, interval_s: f64) -> Project {
    let parts = parts(line.interval_s, interval_s);
    let part = |offered: &Offered| Offered {
        calls: offered.calls / f64::from(parts),
        aht_s: offered.aht_s,
    };
    Project {
        offered: line
            .offered
            .iter()
            .flat_map(|offered| (0..parts).map(move |_| part(offered)))
            .collect(),
        handle: HandleTime::Exponential,
        patience_s: line.patience_s,
    }
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "lengths of intervals are quarters of an hour to hours"
)]
fn parts(long_s: f64, short_s: f64) -> u32 {
    (long_s / short_s).round().clamp(1.0, 96.0) as u32
}

fn agent(person: &Person, present: &[Span], also: bool) -> Agent {
    let skill = |line: usize, priority| {
        let project = u32::try_from(line).ok()?;
        Some(Skill { project, priority })
    };
    let others = person.also.iter().filter(|_| also);
    let others = others.filter_map(|line| skill(*line, 1));
    Agent {
        skills: skill(person.line, 0).into_iter().chain(others).collect(),
        present: present.to_vec(),
    }
}

/// When each is on the line after all: of a line's people as many of the last are missing in each
/// interval as are away or call out.
fn on_the_line(lines: &[LineDay<'_>], people: &[Person]) -> Vec<Vec<Span>> {
    let mut present: Vec<Vec<Span>> = people.iter().map(|person| person.present.clone()).collect();
    for (place, line) in lines.iter().enumerate() {
        let mut own: Vec<&mut Vec<Span>> = present
            .iter_mut()
            .zip(people)
            .filter(|(_, person)| person.line == place)
            .map(|(spans, _)| spans)
            .collect();
        let elsewhere = line.elsewhere(&Presence::of(&own));
        let mut from_s = 0.0;
        for missing in elsewhere {
            let to_s = from_s + line.interval_s;
            let here = |spans: &Vec<Span>| {
                let within = |span: &Span| span.from_s < to_s && span.to_s > from_s;
                spans.iter().any(within)
            };
            let people = own.iter_mut().rev().filter(|spans| here(spans));
            for spans in people.take(missing as usize) {
                Span::take_out(spans, from_s, to_s);
            }
            from_s = to_s;
        }
    }
    present
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::outlook;

    const HOUR_S: f64 = 3600.0;

    fn calls(an_hour: f64) -> Vec<Offered> {
        let offered = Offered {
            calls: an_hour,
            aht_s: 180.0,
        };
        vec![offered; 8]
    }

    fn line(offered: &[Offered]) -> LineDay<'_> {
        LineDay {
            offered,
            interval_s: HOUR_S,
            patience_s: Some(120.0),
            threshold_s: 20.0,
            outbound: &[],
            away: 0.0,
        }
    }

    fn team(line: usize, number: usize, also: &[usize]) -> Vec<Person> {
        let person = Person {
            line,
            also: also.to_vec(),
            present: vec![Span {
                from_s: 0.0,
                to_s: 8.0 * HOUR_S,
            }],
        };
        vec![person; number]
    }

    fn in_time(counts: Counts) -> f64 {
        counts.answered_within / counts.offered
    }

    #[test]
    fn who_can_answer_two_lines_helps_the_one_that_is_short() {
        let (busy, quiet) = (calls(100.0), calls(20.0));
        let lines = [line(&busy), line(&quiet)];
        let people = [team(0, 5, &[]), team(1, 4, &[0])].concat();
        let [short, rich] = foresee(&lines, &people).try_into().unwrap();
        assert!(in_time(short.single) < 0.7, "{short:?}");
        assert!(
            in_time(short.multi) > in_time(short.single) + 0.15,
            "{short:?}"
        );
        assert!(
            in_time(rich.multi) > 0.75,
            "its own calls come first: {rich:?}"
        );
        assert!(
            (short.single.offered - short.multi.offered).abs() < 1e-6,
            "the same calls"
        );
        assert!((short.single.offered / 800.0 - 1.0).abs() < 0.05);
    }

    #[test]
    fn who_can_answer_one_line_changes_nothing_and_the_formula_says_the_same() {
        let offered = calls(60.0);
        let quarters: Vec<Offered> = (0..32)
            .map(|_| Offered {
                calls: 5.0,
                aht_s: 120.0,
            })
            .collect();
        let short = LineDay {
            interval_s: HOUR_S / 4.0,
            ..line(&quarters)
        };
        let lines = [line(&offered), short];
        let people = [team(0, 5, &[]), team(1, 2, &[])].concat();
        for (told, (line, own)) in foresee(&lines, &people)
            .into_iter()
            .zip(lines.iter().zip([team(0, 5, &[]), team(1, 2, &[])]))
        {
            assert_eq!(told.single, told.multi);
            let present: Vec<&[Span]> =
                own.iter().map(|person| person.present.as_slice()).collect();
            let formula = in_time(outlook::foresee(line, &present));
            assert!(
                (in_time(told.single) - formula).abs() < 0.03,
                "{told:?} {formula}"
            );
        }
    }

    #[test]
    fn who_is_away_or_calls_out_answers_nobody() {
        let offered = calls(60.0);
        let out = [2.0; 8];
        let away = LineDay {
            away: 0.5,
            outbound: &out,
            ..line(&offered)
        };
        let [none] = foresee(&[away], &team(0, 4, &[])).try_into().unwrap();
        assert!(none.multi.answered.abs() < f64::EPSILON, "{none:?}");
        let [some] = foresee(&[away], &team(0, 8, &[])).try_into().unwrap();
        let [two] = foresee(&[line(&offered)], &team(0, 2, &[]))
            .try_into()
            .unwrap();
        assert_eq!(some, two, "half of eight are away and two call out");
    }
}
