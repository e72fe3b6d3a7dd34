//! A plain check of a roster against an instance. It shares nothing with the search but the parser.

use super::curtois::{Instance, Staff};

/// What a roster comes to.
pub struct Verdict {
    pub cost: i64,
    /// One sentence for each hard rule broken.
    pub violations: Vec<String>,
}

/// Counts cost and broken rules.
pub fn check(instance: &Instance, plan: &[Vec<Option<usize>>]) -> Verdict {
    let mut cost = 0;
    let mut violations = Vec::new();
    for (staff, row) in instance.staff.iter().zip(plan) {
        for what in hard(instance, staff, row) {
            violations.push(format!("{}: {what}", staff.id));
        }
    }
    for request in &instance.requests {
        let given = plan[request.staff][request.day] == Some(request.shift);
        if given != request.on {
            cost += request.weight;
        }
    }
    for cover in &instance.cover {
        let have = plan
            .iter()
            .filter(|row| row[cover.day] == Some(cover.shift))
            .count();
        let missing = cover.required - i64::try_from(have).expect("few staff");
        cost += if missing > 0 {
            missing * cover.under
        } else {
            -missing * cover.over
        };
    }
    Verdict { cost, violations }
}

fn hard(instance: &Instance, staff: &Staff, row: &[Option<usize>]) -> Vec<String> {
    let mut broken = Vec::new();
    for (day, pair) in row.windows(2).enumerate() {
        if let [Some(before), Some(after)] = pair
            && instance.shifts[*before].not_followed_by.contains(after)
        {
            broken.push(format!(
                "{} on day {day} is followed by {}",
                instance.shifts[*before].id, instance.shifts[*after].id
            ));
        }
    }
    for (shift, most) in staff.most.iter().enumerate() {
        let count = row.iter().filter(|&&day| day == Some(shift)).count();
        if count > *most as usize {
            let id = &instance.shifts[shift].id;
            broken.push(format!("{count} shifts {id}, at most {most}"));
        }
    }
    let minutes: u32 = row
        .iter()
        .flatten()
        .map(|&shift| instance.shifts[shift].minutes)
        .sum();
    if minutes > staff.max_minutes || minutes < staff.min_minutes {
        broken.push(format!(
            "{minutes} minutes, not {} to {}",
            staff.min_minutes, staff.max_minutes
        ));
    }
    let mut begin = 0;
    while begin < row.len() {
        let works = row[begin].is_some();
        let end = (begin..row.len())
            .find(|&day| row[day].is_some() != works)
            .unwrap_or(row.len());
        let length = u32::try_from(end - begin).expect("few days");
        let inside = begin > 0 && end < row.len();
        if works && length > staff.max_run {
            broken.push(format!("{length} days in a row from day {begin}"));
        }
        if works && inside && length < staff.min_run {
            broken.push(format!("only {length} days in a row from day {begin}"));
        }
        if !works && inside && length < staff.min_days_off {
            broken.push(format!("only {length} days off from day {begin}"));
        }
        begin = end;
    }
    let weekends = row
        .chunks(7)
        .filter(|week| week.iter().skip(5).any(Option::is_some))
        .count();
    if weekends > staff.max_weekends as usize {
        broken.push(format!(
            "{weekends} weekends, at most {}",
            staff.max_weekends
        ));
    }
    for &day in &staff.days_off {
        if row[day].is_some() {
            broken.push(format!("works on day {day}, which is off"));
        }
    }
    broken
}
