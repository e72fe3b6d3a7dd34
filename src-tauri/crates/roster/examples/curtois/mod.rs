//! The text format of the shift scheduling benchmarks of Curtois and Qu, read into a problem.

use roster::{
    Assignment, Coverage, Line, Need, Person, Problem, Roster, Rules, Template, Wanted, Wish,
};

/// An instance as it is written.
pub struct Instance {
    pub days: usize,
    pub shifts: Vec<Shift>,
    pub staff: Vec<Staff>,
    pub requests: Vec<Request>,
    pub cover: Vec<Cover>,
}

pub struct Shift {
    pub id: String,
    pub minutes: u32,
    pub not_followed_by: Vec<usize>,
}

pub struct Staff {
    pub id: String,
    pub most: Vec<u32>,
    pub max_minutes: u32,
    pub min_minutes: u32,
    pub max_run: u32,
    pub min_run: u32,
    pub min_days_off: u32,
    pub max_weekends: u32,
    pub days_off: Vec<usize>,
}

pub struct Request {
    pub staff: usize,
    pub day: usize,
    pub shift: usize,
    pub weight: i64,
    pub on: bool,
}

pub struct Cover {
    pub day: usize,
    pub shift: usize,
    pub required: i64,
    pub under: i64,
    pub over: i64,
}

/// Reads an instance; an error names the line and what it should hold.
pub fn parse(text: &str) -> Result<Instance, String> {
    let mut instance = Instance {
        days: 0,
        shifts: Vec::new(),
        staff: Vec::new(),
        requests: Vec::new(),
        cover: Vec::new(),
    };
    let mut section = "";
    let mut follow: Vec<(usize, String)> = Vec::new();
    for (index, line) in text.lines().enumerate() {
        let number = index + 1;
        let line = line.trim().trim_start_matches('\u{feff}');
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        if line.starts_with("SECTION_") {
            section = line;
            continue;
        }
        let fields = Fields {
            number,
            fields: line.split(',').map(str::trim).collect(),
        };
        match section {
            "SECTION_HORIZON" => {
                instance.days = fields.number(0, "the number of days")?;
                if instance.days == 0 || instance.days > 1000 {
                    return Err(format!("line {number}: the horizon must be 1 to 1000 days"));
                }
            }
            "SECTION_SHIFTS" => {
                let minutes = fields.number(1, "the shift's length in minutes")?;
                if minutes == 0 || minutes > 1440 {
                    return Err(format!("line {number}: a shift lasts 1 to 1440 minutes"));
                }
                instance.shifts.push(Shift {
                    id: fields.text(0, "a shift id")?.to_owned(),
                    minutes,
                    not_followed_by: Vec::new(),
                });
                let names = fields.fields.get(2).copied().unwrap_or_default();
                follow.push((number, names.to_owned()));
            }
            "SECTION_STAFF" => {
                let staff = read_staff(&instance, &fields)?;
                instance.staff.push(staff);
            }
            "SECTION_DAYS_OFF" => {
                let staff = instance.staff_index(&fields)?;
                for place in 1..fields.fields.len() {
                    let day = instance.day(&fields, place)?;
                    if let Some(staff) = instance.staff.get_mut(staff) {
                        staff.days_off.push(day);
                    }
                }
            }
            "SECTION_SHIFT_ON_REQUESTS" | "SECTION_SHIFT_OFF_REQUESTS" => {
                let request = Request {
                    staff: instance.staff_index(&fields)?,
                    day: instance.day(&fields, 1)?,
                    shift: instance.shift(number, fields.text(2, "a shift id")?)?,
                    weight: fields.number(3, "a weight")?,
                    on: section == "SECTION_SHIFT_ON_REQUESTS",
                };
                instance.requests.push(request);
            }
            "SECTION_COVER" => {
                let cover = Cover {
                    day: instance.day(&fields, 0)?,
                    shift: instance.shift(number, fields.text(1, "a shift id")?)?,
                    required: fields.number(2, "the number of staff required")?,
                    under: fields.number(3, "the weight for under")?,
                    over: fields.number(4, "the weight for over")?,
                };
                instance.cover.push(cover);
            }
            "" => {
                return Err(format!(
                    "line {number}: found {line:?} before any section; a file begins with SECTION_HORIZON"
                ));
            }
            other => {
                return Err(format!(
                    "line {number}: {other} is no section of this format"
                ));
            }
        }
    }
    instance.complete(follow)?;
    Ok(instance)
}

fn read_staff(instance: &Instance, fields: &Fields<'_>) -> Result<Staff, String> {
    let number = fields.number;
    let mut most = vec![u32::MAX; instance.shifts.len()];
    let limits = fields.text(1, "the most shifts of each type")?;
    for limit in limits.split('|').filter(|limit| !limit.trim().is_empty()) {
        let (id, count) = limit
            .split_once('=')
            .ok_or_else(|| format!("line {number}: {limit:?} should read like D=14"))?;
        let shift = instance.shift(number, id.trim())?;
        if let Some(most) = most.get_mut(shift) {
            *most = count
                .trim()
                .parse()
                .map_err(|_| format!("line {number}: {count:?} is no number of shifts"))?;
        }
    }
    Ok(Staff {
        id: fields.text(0, "an employee id")?.to_owned(),
        most,
        max_minutes: fields.number(2, "MaxTotalMinutes")?,
        min_minutes: fields.number(3, "MinTotalMinutes")?,
        max_run: fields.number(4, "MaxConsecutiveShifts")?,
        min_run: fields.number(5, "MinConsecutiveShifts")?,
        min_days_off: fields.number(6, "MinConsecutiveDaysOff")?,
        max_weekends: fields.number(7, "MaxWeekends")?,
        days_off: Vec::new(),
    })
}

struct Fields<'a> {
    number: usize,
    fields: Vec<&'a str>,
}

impl Fields<'_> {
    fn text(&self, place: usize, what: &str) -> Result<&str, String> {
        self.fields
            .get(place)
            .copied()
            .filter(|field| !field.is_empty())
            .ok_or_else(|| format!("line {}: field {} should be {what}", self.number, place + 1))
    }

    fn number<T: std::str::FromStr>(&self, place: usize, what: &str) -> Result<T, String> {
        let text = self.text(place, what)?;
        text.parse().map_err(|_| {
            format!(
                "line {}: field {} should be {what}, a whole number, not {text:?}",
                self.number,
                place + 1
            )
        })
    }
}

impl Instance {
    /// Sets which shifts may not follow each other, by name, and sees that nothing is missing.
    fn complete(&mut self, follow: Vec<(usize, String)>) -> Result<(), String> {
        for (index, (number, names)) in follow.into_iter().enumerate() {
            for name in names
                .split('|')
                .map(str::trim)
                .filter(|name| !name.is_empty())
            {
                let other = self.shift(number, name)?;
                if let Some(shift) = self.shifts.get_mut(index) {
                    shift.not_followed_by.push(other);
                }
            }
        }
        for (empty, section) in [
            (self.days == 0, "SECTION_HORIZON"),
            (self.shifts.is_empty(), "SECTION_SHIFTS"),
            (self.staff.is_empty(), "SECTION_STAFF"),
            (self.cover.is_empty(), "SECTION_COVER"),
        ] {
            if empty {
                return Err(format!("{section} is missing or empty; is the file whole?"));
            }
        }
        Ok(())
    }

    fn shift(&self, line: usize, id: &str) -> Result<usize, String> {
        self.shifts
            .iter()
            .position(|shift| shift.id == id)
            .ok_or_else(|| format!("line {line}: shift {id:?} is not in SECTION_SHIFTS"))
    }

    fn staff_index(&self, fields: &Fields<'_>) -> Result<usize, String> {
        let id = fields.text(0, "an employee id")?;
        self.staff
            .iter()
            .position(|staff| staff.id == id)
            .ok_or_else(|| {
                format!(
                    "line {}: employee {id:?} is not in SECTION_STAFF",
                    fields.number
                )
            })
    }

    fn day(&self, fields: &Fields<'_>, place: usize) -> Result<usize, String> {
        let day = fields.number(place, "a day")?;
        if day < self.days {
            Ok(day)
        } else {
            Err(format!(
                "line {}: day {day} lies beyond the horizon of {} days",
                fields.number, self.days
            ))
        }
    }

    /// The instance as a problem: a line of whole days for each shift.
    #[expect(
        clippy::cast_precision_loss,
        reason = "weights are small whole numbers"
    )]
    pub fn problem(&self) -> Problem {
        let narrow = |value: usize| u16::try_from(value).unwrap_or(u16::MAX);
        let short = |value: u32| u16::try_from(value).unwrap_or(u16::MAX);
        let mut lines = vec![
            Line {
                slot_minutes: 1440,
                coverage: Coverage::Start,
                needs: vec![Need::default(); self.days],
            };
            self.shifts.len()
        ];
        for cover in &self.cover {
            if let Some(need) = lines
                .get_mut(cover.shift)
                .and_then(|line| line.needs.get_mut(cover.day))
            {
                *need = Need {
                    agents: cover.required as f64,
                    there: 0.0,
                    under: cover.under as f64,
                    under_more: cover.under as f64,
                    over: cover.over as f64,
                };
            }
        }
        let templates = self
            .shifts
            .iter()
            .enumerate()
            .map(|(index, shift)| Template {
                minutes: short(shift.minutes),
                paid_minutes: short(shift.minutes),
                weekdays: [true; 7],
                lines: vec![narrow(index)],
                not_followed_by: shift
                    .not_followed_by
                    .iter()
                    .map(|&other| narrow(other))
                    .collect(),
                ..Template::default()
            })
            .collect();
        let mut people: Vec<Person> = self
            .staff
            .iter()
            .map(|staff| Person {
                lines: (0..narrow(self.shifts.len())).collect(),
                rules: Rules {
                    min_minutes: staff.min_minutes,
                    max_minutes: Some(staff.max_minutes),
                    max_days_in_row: Some(short(staff.max_run)),
                    min_days_in_row: short(staff.min_run),
                    min_days_off_in_row: short(staff.min_days_off),
                    max_weekends: Some(short(staff.max_weekends)),
                    template_limits: (0u16..)
                        .zip(&staff.most)
                        .filter(|(_, most)| **most < u32::MAX)
                        .map(|(shift, most)| (shift, short(*most)))
                        .collect(),
                    ..Rules::default()
                },
                days_off: staff.days_off.iter().map(|&day| narrow(day)).collect(),
                share: 1.0,
                ..Person::default()
            })
            .collect();
        for request in &self.requests {
            let shift = narrow(request.shift);
            if let Some(person) = people.get_mut(request.staff) {
                person.wishes.push(Wish {
                    day: narrow(request.day),
                    wanted: if request.on {
                        Wanted::Template(shift)
                    } else {
                        Wanted::NotTemplate(shift)
                    },
                    weight: request.weight as f64,
                });
            }
        }
        Problem {
            days: narrow(self.days),
            first_weekday: 0,
            templates,
            lines,
            people,
            ..Problem::default()
        }
    }

    /// A roster as shift numbers, staff by staff and day by day.
    pub fn plain(roster: &Roster) -> Vec<Vec<Option<usize>>> {
        roster
            .rows
            .iter()
            .map(|row| {
                row.iter()
                    .map(|shift| shift.map(|shift: Assignment| usize::from(shift.template)))
                    .collect()
            })
            .collect()
    }

    /// A roster as lines "employee: shift ids, - for off".
    pub fn write(&self, plan: &[Vec<Option<usize>>]) -> String {
        let mut text = String::new();
        for (staff, row) in self.staff.iter().zip(plan) {
            text.push_str(&staff.id);
            text.push(':');
            for shift in row {
                text.push(' ');
                text.push_str(
                    shift
                        .and_then(|shift| self.shifts.get(shift))
                        .map_or("-", |shift| shift.id.as_str()),
                );
            }
            text.push('\n');
        }
        text
    }

    /// Reads what [`Instance::write`] writes.
    pub fn read(&self, text: &str) -> Result<Vec<Vec<Option<usize>>>, String> {
        let mut plan = vec![None; self.staff.len()];
        for (index, line) in text.lines().enumerate() {
            let number = index + 1;
            if line.trim().is_empty() {
                continue;
            }
            let (id, days) = line
                .split_once(':')
                .ok_or_else(|| format!("line {number}: should read like \"A: D - D\""))?;
            let staff = self
                .staff
                .iter()
                .position(|staff| staff.id == id.trim())
                .ok_or_else(|| format!("line {number}: employee {id:?} is not in the instance"))?;
            let row = days
                .split_whitespace()
                .map(|id| {
                    if id == "-" {
                        Ok(None)
                    } else {
                        self.shift(number, id).map(Some)
                    }
                })
                .collect::<Result<Vec<_>, _>>()?;
            if row.len() != self.days {
                return Err(format!(
                    "line {number}: {} days, but the instance has {}",
                    row.len(),
                    self.days
                ));
            }
            if let Some(slot) = plan.get_mut(staff) {
                *slot = Some(row);
            }
        }
        plan.into_iter()
            .zip(&self.staff)
            .map(|(row, staff)| row.ok_or_else(|| format!("employee {:?} has no line", staff.id)))
            .collect()
    }
}
