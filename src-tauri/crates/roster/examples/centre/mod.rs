//! A made-up contact centre: people, contracts, shifts and a demand that no plan quite meets.

use roster::{
    Break, BreakPlan, Country, Coverage, LabourPreset, Line, Need, Person, Problem, Rules, Run,
    Template, Wanted, Weights, Wish,
};

struct Random(u64);

impl Random {
    fn below(&mut self, end: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (mixed ^ (mixed >> 31)) % end.max(1)
    }

    fn small(&mut self, end: u16) -> u16 {
        u16::try_from(self.below(end.into())).unwrap_or_default()
    }
}

/// A problem with so many people, days (whole weeks) and lines, in quarters of an hour.
pub fn centre(people: usize, days: u16, lines: u16, seed: u64) -> Problem {
    let mut random = Random(seed);
    let preset = LabourPreset::of(Country::Poland);
    let templates: Vec<Template> = [
        (360, 510),
        (420, 510),
        (450, 510),
        (480, 510),
        (510, 510),
        (540, 510),
        (570, 510),
        (600, 510),
        (660, 510),
        (720, 510),
        (780, 510),
        (810, 510),
        (840, 510),
        (1320, 510),
        (480, 720),
        (540, 720),
        (600, 720),
        (480, 270),
        (600, 270),
        (1020, 270),
    ]
    .into_iter()
    .map(|(start, minutes)| template(&preset, start, minutes))
    .collect();
    let mut centre = Problem {
        days,
        templates,
        weights: Weights {
            nights: 20.0,
            weekends: 20.0,
            unpopular: 5.0,
            change: 50.0,
            change_line: 10.0,
        },
        ..Problem::default()
    };
    let per_line = people as f64 / f64::from(lines);
    for _ in 0..lines {
        let size = per_line * (0.6 + random.below(80) as f64 / 100.0);
        let mut needs = Vec::new();
        for day in 0..days {
            let weekend = if day % 7 >= 5 { 0.45 } else { 1.0 };
            for slot in 0..96u16 {
                let hour = f64::from(slot) / 4.0;
                let wave = |at: f64, width: f64| (-((hour - at) / width).powi(2)).exp();
                let load = 0.30 * wave(11.0, 3.0) + 0.28 * wave(17.5, 3.0) + 0.01;
                needs.push(Need {
                    agents: (size * weekend * load * 100.0).round() / 100.0,
                    there: 0.0,
                    under: 10.0,
                    under_more: 16.0,
                    over: 2.0,
                });
            }
        }
        centre.lines.push(Line {
            slot_minutes: 15,
            coverage: Coverage::Worked,
            needs,
        });
    }
    for _ in 0..people {
        let person = person(&preset, days, lines, &mut random);
        centre.people.push(person);
    }
    centre
}

fn person(preset: &LabourPreset, days: u16, lines: u16, random: &mut Random) -> Person {
    let part = random.below(5) == 0;
    let weeks = u32::from(days / 7);
    let hours = if part { 20 } else { 40 };
    let mut skills = vec![random.small(lines)];
    while random.below(2) == 0 && skills.len() < usize::from(lines) {
        skills.push(random.small(lines));
    }
    let rules = Rules {
        min_minutes: weeks * (hours - 4) * 60,
        max_minutes: Some(weeks * hours * 60),
        min_days_off_in_row: 1,
        max_days_in_row: Some(5),
        max_nights_in_row: Some(3),
        max_weekends: Some(3),
        ..preset.rules_for(days, 0)
    };
    let wishes = (0..4)
        .map(|_| Wish {
            day: random.small(days),
            wanted: match random.below(3) {
                0 => Wanted::Work,
                1 => Wanted::Template(random.small(20)),
                _ => Wanted::Off,
            },
            weight: 30.0,
        })
        .collect();
    let mut person = Person {
        lines: skills,
        rules,
        wishes,
        share: if part { 0.5 } else { 1.0 },
        ..Person::default()
    };
    person.carry.run = Run::Off(1);
    if random.below(10) == 0 {
        let first = random.small(days);
        person.days_off = (first..(first + 5).min(days)).collect();
        person.rules.min_minutes = person.rules.min_minutes.saturating_sub(40 * 60);
    }
    person
}

/// A shift with its breaks early, in the middle or late.
fn template(preset: &LabourPreset, start: u16, minutes: u16) -> Template {
    let lunch = if minutes > 300 { 30 } else { 0 };
    let breaks = [0, 30, 60]
        .into_iter()
        .map(|late| {
            let mut breaks = vec![Break {
                offset: 90 + late,
                minutes: 15,
            }];
            if lunch > 0 {
                breaks.push(Break {
                    offset: minutes / 2 - 30 + late,
                    minutes: 30,
                });
                breaks.push(Break {
                    offset: minutes - 150 + late,
                    minutes: 15,
                });
            }
            BreakPlan { breaks }
        })
        .collect();
    let mut template = Template {
        start,
        minutes,
        paid_minutes: minutes - lunch,
        breaks,
        weekdays: [true; 7],
        unpopular: u8::from(start >= 840),
        ..Template::default()
    };
    template.kind = preset.night.kind_of(&template);
    template
}
