//! Instances in the style of the public ones: full and part time, shifts of several lengths that may
//! not follow each other when the rest between them is too short, runs of wishes, and a cover that a
//! planted roster nearly meets.

use std::fmt::Write;

struct Random(u64);

impl Random {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        usize::try_from((mixed ^ (mixed >> 31)) % end.max(1) as u64).expect("fits")
    }

    fn chance(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }
}

struct Kind {
    id: String,
    start: usize,
    minutes: usize,
    banned: Vec<usize>,
}

struct Contract {
    most: Vec<usize>,
    max_minutes: usize,
    min_minutes: usize,
    max_run: usize,
    min_run: usize,
    min_off: usize,
    weekends: usize,
    off: Vec<usize>,
}

/// The text of an instance.
pub fn instance(days: usize, staff: usize, shifts: usize, seed: u64) -> String {
    let mut random = Random(seed);
    let kinds = kinds(shifts, &mut random);
    let contracts: Vec<Contract> = (0..staff)
        .map(|_| contract(days, &kinds, &mut random))
        .collect();
    let plan: Vec<Vec<Option<usize>>> = contracts
        .iter()
        .map(|contract| plant(days, &kinds, contract, &mut random))
        .collect();
    let mut text = String::new();
    let out = &mut text;
    write(
        out,
        format_args!("SECTION_HORIZON\n{days}\n\nSECTION_SHIFTS\n"),
    );
    for kind in &kinds {
        let banned: Vec<&str> = kind
            .banned
            .iter()
            .map(|&other| kinds[other].id.as_str())
            .collect();
        write(
            out,
            format_args!("{},{},{}\n", kind.id, kind.minutes, banned.join("|")),
        );
    }
    write(out, format_args!("\nSECTION_STAFF\n"));
    for (index, contract) in contracts.iter().enumerate() {
        let most: Vec<String> = kinds
            .iter()
            .zip(&contract.most)
            .map(|(kind, most)| format!("{}={most}", kind.id))
            .collect();
        write(
            out,
            format_args!(
                "P{index},{},{},{},{},{},{},{}\n",
                most.join("|"),
                contract.max_minutes,
                contract.min_minutes,
                contract.max_run,
                contract.min_run,
                contract.min_off,
                contract.weekends
            ),
        );
    }
    write(out, format_args!("\nSECTION_DAYS_OFF\n"));
    for (index, contract) in contracts.iter().enumerate() {
        let off: Vec<String> = contract.off.iter().map(ToString::to_string).collect();
        write(out, format_args!("P{index},{}\n", off.join(",")));
    }
    let mut cost = 0;
    for on in [true, false] {
        let name = if on { "ON" } else { "OFF" };
        write(out, format_args!("\nSECTION_SHIFT_{name}_REQUESTS\n"));
        for (index, contract) in contracts.iter().enumerate() {
            for _ in 0..days.div_ceil(if on { 12 } else { 24 }) {
                let shift = random.below(kinds.len());
                if contract.most[shift] == 0 {
                    continue;
                }
                let weight = 1 + random.below(3);
                let first = random.below(days);
                for day in first..(first + 1 + random.below(5)).min(days) {
                    if !contract.off.contains(&day) {
                        write(
                            out,
                            format_args!("P{index},{day},{},{weight}\n", kinds[shift].id),
                        );
                        cost += usize::from((plan[index][day] == Some(shift)) != on) * weight;
                    }
                }
            }
        }
    }
    write(out, format_args!("\nSECTION_COVER\n"));
    for day in 0..days {
        for (shift, kind) in kinds.iter().enumerate() {
            let have = plan.iter().filter(|row| row[day] == Some(shift)).count();
            let required = match random.below(20) {
                0 | 1 => have + 1,
                2 => have.saturating_sub(1),
                _ => have,
            };
            cost += if required > have {
                100 * (required - have)
            } else {
                have - required
            };
            write(out, format_args!("{day},{},{required},100,1\n", kind.id));
        }
    }
    write(out, format_args!("# planted roster: {cost}\n"));
    text
}

fn write(out: &mut String, text: std::fmt::Arguments<'_>) {
    out.write_fmt(text).expect("a string takes all");
}

fn kinds(count: usize, random: &mut Random) -> Vec<Kind> {
    let mut kinds: Vec<Kind> = (0..count)
        .map(|index| Kind {
            id: format!("s{index}"),
            start: if count == 1 {
                480
            } else {
                360 + index * 900 / (count - 1)
            },
            minutes: if count <= 4 {
                480
            } else {
                [480, 480, 600, 720, 360][random.below(5)]
            },
            banned: Vec::new(),
        })
        .collect();
    for index in 0..count {
        let ready = kinds[index].start + kinds[index].minutes + 600;
        kinds[index].banned = (0..count)
            .filter(|&other| kinds[other].start + 1440 < ready)
            .collect();
    }
    kinds
}

fn contract(days: usize, kinds: &[Kind], random: &mut Random) -> Contract {
    let part = random.chance(25);
    let norm = |hours: usize| days * hours / 7 * 60;
    let long = random.chance(30);
    let mut most: Vec<usize> = kinds
        .iter()
        .map(|_| match random.below(10) {
            0..=2 if kinds.len() > 1 => 0,
            3 if kinds.len() > 1 => (days / 7).max(2),
            _ => days,
        })
        .collect();
    if most.iter().all(|&most| most < days) {
        most[0] = days;
    }
    let mut off: Vec<usize> = Vec::new();
    for _ in 0..days.div_ceil(14) {
        let first = random.below(days);
        off.extend(first..(first + 1 + random.below(2)).min(days));
    }
    off.sort_unstable();
    off.dedup();
    Contract {
        most,
        max_minutes: if part { norm(20) } else { norm(36) },
        min_minutes: if part { norm(10) } else { norm(30) },
        max_run: if long { 6 } else { 5 },
        min_run: if part { 1 } else { 2 },
        min_off: if long { 3 } else { 2 },
        weekends: (days / 14).max(1) + usize::from(long && days >= 28),
        off,
    }
}

/// A valid row by dicing until one comes.
fn plant(
    days: usize,
    kinds: &[Kind],
    contract: &Contract,
    random: &mut Random,
) -> Vec<Option<usize>> {
    for _ in 0..20_000 {
        if let Some(row) = dice(days, kinds, contract, random) {
            return row;
        }
    }
    vec![None; days]
}

fn dice(
    days: usize,
    kinds: &[Kind],
    contract: &Contract,
    random: &mut Random,
) -> Option<Vec<Option<usize>>> {
    let mut row = vec![None; days];
    let (mut minutes, mut weekends) = (0, 0);
    let mut left = contract.most.clone();
    let mut day = random.below(4);
    while day < days {
        let length = contract.min_run + random.below(contract.max_run - contract.min_run + 1);
        let end = (day + length).min(days);
        let begun = day;
        let mut last: Option<usize> = None;
        while day < end && !contract.off.contains(&day) {
            let fits: Vec<usize> = (0..kinds.len())
                .filter(|&kind| {
                    left[kind] > 0
                        && minutes + kinds[kind].minutes <= contract.max_minutes
                        && last.is_none_or(|last| !kinds[last].banned.contains(&kind))
                })
                .collect();
            let new_weekend = day % 7 == 5 || (day % 7 == 6 && last.is_none());
            if fits.is_empty() || (new_weekend && weekends == contract.weekends) {
                break;
            }
            weekends += usize::from(new_weekend);
            let kind = match last {
                Some(last) if fits.contains(&last) && random.chance(70) => last,
                _ => fits[random.below(fits.len())],
            };
            left[kind] -= 1;
            minutes += kinds[kind].minutes;
            row[day] = Some(kind);
            last = Some(kind);
            day += 1;
        }
        if day < days && day > begun && begun > 0 && day - begun < contract.min_run {
            for kind in row[begun..day].iter_mut().filter_map(Option::take) {
                left[kind] += 1;
                minutes -= kinds[kind].minutes;
            }
            // The weekend stays counted: the dice are free to be careful.
        }
        day += contract.min_off + usize::from(random.chance(30));
    }
    // Taken runs make longer rests, never shorter ones.
    (minutes >= contract.min_minutes).then_some(row)
}
