//! Plans and shifts as files.

use super::drawn::Drawn;
use super::meetings::overlap;
use super::requests::Names;
use super::{Export, Office, day, problem};
use crate::desk::Desk;
use crate::error::ErrorCode;
use crate::text::{Fault, say};
use crate::view::{Language, PlanExport};
use chrono::{DateTime, Datelike, NaiveDate, TimeDelta, Utc, Weekday};
use export::calendar::{Calendar, Event};
use export::payroll::{Line, Style};
use export::sheet::{Cell, DayHead, Kind, Row, Sheet};
use plan::day::{Piece, State};
use plan::pay::{Calendar as PayCalendar, Hours};
use rules::id::{PersonId, PlanId};
use rules::role::Permission;
use std::collections::HashMap;
use store::table::attendance;
use store::table::meeting::{self, Kind as MeetingKind, Meeting, PublishedMeeting};
use store::table::publication::{self, PublishedShift};

impl From<export::ExportError> for Fault {
    fn from(error: export::ExportError) -> Self {
        Self::from(ErrorCode::StoreFailed).with("detail", &error)
    }
}

impl Desk {
    pub(super) async fn exported(
        &self,
        id: PlanId,
        format: PlanExport,
        person: Option<PersonId>,
    ) -> Result<Export, Fault> {
        let office = self.office(Permission::PlanWork).await?;
        let mut drawings = self.inner.planning.drawings.lock().await;
        let drawn = self.drawn(&office, &mut drawings, id).await?;
        let span = format!("{}_{}", drawn.plan.first_day, drawn.plan.last_day());
        match format {
            PlanExport::Ics => {
                let person = person
                    .ok_or_else(|| Fault::from(ErrorCode::FieldMissing).with("field", &"person"))?;
                let (first, last) = (drawn.plan.first_day, drawn.plan.last_day());
                drop(drawings);
                let mut export = self.calendar(&office, person, first, Some(last)).await?;
                export.name = format!("{}_{span}.ics", export.name);
                Ok(export)
            }
            PlanExport::Xlsx | PlanExport::Pdf => {
                let sheet = drawn.sheet(office.language);
                let made = self.now();
                drop(drawings);
                let (ends, bytes) = tokio::task::spawn_blocking(move || match format {
                    PlanExport::Xlsx => {
                        export::table::write(&sheet, made).map(|bytes| ("xlsx", bytes))
                    }
                    _ => export::wall::write(&sheet).map(|bytes| ("pdf", bytes)),
                })
                .await
                .map_err(|error| Fault::from(ErrorCode::StoreFailed).with("detail", &error))??;
                Ok(Export {
                    name: format!("{}_{span}.{ends}", say(office.language, "wall-file", [])),
                    bytes,
                })
            }
            PlanExport::Payroll => {
                let plan = drawn.plan.clone();
                let people: Vec<(PersonId, String)> = drawn
                    .people
                    .iter()
                    .map(|member| (member.id(), member.name.clone()))
                    .collect();
                drop(drawings);
                let bytes = self
                    .payroll(&office, &people, plan.first_day, plan.last_day())
                    .await?;
                Ok(Export {
                    name: format!(
                        "{}_{span}.csv",
                        say(office.language, "wall-payroll-file", [])
                    ),
                    bytes,
                })
            }
        }
    }

    pub(super) async fn own_calendar(&self) -> Result<Export, Fault> {
        let office = self.office(Permission::SeeOwnShifts).await?;
        self.calendar_from_now(&office, office.person).await
    }

    /// A person's shifts from this week on.
    pub(super) async fn calendar_from_now(
        &self,
        office: &Office,
        person: PersonId,
    ) -> Result<Export, Fault> {
        let today = self.now().with_timezone(&self.zone()).date_naive();
        let monday = today - TimeDelta::days(i64::from(today.weekday().num_days_from_monday()));
        let mut export = self.calendar(office, person, monday, None).await?;
        export.name.push_str(".ics");
        Ok(export)
    }

    /// What a person was told of their days; the name of the file without its ending.
    async fn calendar(
        &self,
        office: &Office,
        person: PersonId,
        first: NaiveDate,
        last: Option<NaiveDate>,
    ) -> Result<Export, Fault> {
        let names = self.names_of(office).await?;
        let name = names.person(person);
        if name.is_empty() {
            return Err(ErrorCode::NotFound.into());
        }
        let (told, meetings) = office
            .centre
            .db
            .read(move |conn| {
                let told = publication::of_person(conn, person, first)?;
                let until = told.last().map_or(first, |shift| shift.day);
                // One of its last night lies on the day after.
                let meetings = meeting::told(conn, first, until + TimeDelta::days(1))?;
                Ok((told, meetings))
            })
            .await?;
        let language = office.language;
        let (now, zone) = (self.now(), self.zone());
        let mut events: Vec<Event> = told
            .iter()
            .filter(|shift| last.is_none_or(|last| shift.day <= last))
            .map(|shift| event(shift, &names, language, zone, now))
            .collect();
        events.extend(
            meetings
                .iter()
                .filter(|meeting| last.is_none_or(|last| meeting.day <= last))
                .filter(|meeting| meeting.people.contains(&person))
                .filter_map(|meeting| meeting_event(meeting, &told, language, now)),
        );
        let calendar = Calendar {
            name: say(language, "wall-calendar", [("name", name.as_str())]),
            events,
        };
        Ok(Export {
            name: file_name(&name),
            bytes: calendar.write().into_bytes(),
        })
    }

    /// Planned and worked hours of each person by kind.
    async fn payroll(
        &self,
        office: &Office,
        people: &[(PersonId, String)],
        first: NaiveDate,
        last: NaiveDate,
    ) -> Result<Vec<u8>, Fault> {
        let (now, zone) = (self.now(), self.zone());
        let (begin, end) = (
            super::drawn::moment(zone, first, 0),
            super::drawn::moment(zone, last, 1440),
        );
        let (told, facts) = office
            .centre
            .db
            .read(move |conn| {
                let told = publication::of_days(conn, first, last)?;
                let facts = attendance::between(conn, begin - TimeDelta::days(1), end.min(now))?;
                Ok((told, facts))
            })
            .await?;
        let presence = day::presence_of(&facts, end.min(now));
        let holidays = self.holidays(office, first, last).await?;
        let night = problem::night(zone);
        let calendar = PayCalendar {
            zone,
            night: (night.from.into(), night.until.into()),
            holidays: &|date| holidays.contains_key(&date),
        };
        let lines: Vec<Line> = people
            .iter()
            .map(|(person, name)| {
                let mut planned = Hours::default();
                for shift in told
                    .iter()
                    .filter(|shift| shift.person == *person && !shift.gone)
                {
                    planned += calendar.of_shift(&day::shift_of(shift));
                }
                let mut worked = Hours::default();
                for piece in presence.get(person).into_iter().flatten() {
                    if counts(piece) {
                        worked += calendar.hours(piece.from.max(begin), piece.until.min(end));
                    }
                }
                Line {
                    texts: vec![name.clone(), person.to_string()],
                    minutes: [planned, worked]
                        .iter()
                        .flat_map(|hours| {
                            [
                                hours.all,
                                hours.ordinary,
                                hours.night,
                                hours.weekend,
                                hours.holiday,
                            ]
                        })
                        .collect(),
                }
            })
            .collect();
        let language = office.language;
        let heads = [
            "wall-name",
            "payroll-person",
            "payroll-planned",
            "payroll-planned-ordinary",
            "payroll-planned-night",
            "payroll-planned-weekend",
            "payroll-planned-holiday",
            "payroll-worked",
            "payroll-worked-ordinary",
            "payroll-worked-night",
            "payroll-worked-weekend",
            "payroll-worked-holiday",
        ]
        .map(|key| say(language, key, []));
        let style = match language {
            Language::En => Style {
                separator: ',',
                decimal: '.',
            },
            Language::Uk | Language::Ru | Language::Pl => Style {
                separator: ';',
                decimal: ',',
            },
        };
        Ok(export::payroll::write(&heads, &lines, style))
    }
}

/// Paid time: work, and every pause but lunch.
fn counts(piece: &Piece) -> bool {
    piece.state == State::Working || (piece.state == State::Break && piece.paid)
}

/// A name that any file system takes.
fn file_name(name: &str) -> String {
    let safe = |letter: char| {
        if letter.is_alphanumeric() {
            letter
        } else {
            '_'
        }
    };
    name.chars().map(safe).take(60).collect()
}

fn event(
    shift: &PublishedShift,
    names: &Names,
    language: Language,
    zone: chrono_tz::Tz,
    now: DateTime<Utc>,
) -> Event {
    let clock = |at: DateTime<Utc>| at.with_timezone(&zone).format("%H:%M").to_string();
    let line = match names.line(shift.line) {
        (name, Some(code)) => format!("{name} · {code}"),
        (name, None) => name,
    };
    let breaks = shift.breaks.iter().map(|told| {
        let from = shift.start + TimeDelta::minutes(i64::from(told.after_minutes));
        let until = from + TimeDelta::minutes(i64::from(told.minutes));
        let (from, until) = (clock(from), clock(until));
        let times = [("from", from.as_str()), ("until", until.as_str())];
        let key = if told.paid {
            "wall-break"
        } else {
            "wall-lunch"
        };
        say(language, key, times)
    });
    Event {
        // Of the person and the day: a shift that is changed takes the place of what it was.
        uid: format!("{}-{}@dzvinok", shift.day, shift.person),
        sequence: u32::try_from(shift.publication).unwrap_or(u32::MAX),
        stamp: now,
        start: shift.start,
        end: shift.end,
        summary: if line.is_empty() {
            shift.name.clone()
        } else {
            format!("{} · {line}", shift.name)
        },
        description: breaks.collect::<Vec<_>>().join("\n"),
        cancelled: shift.gone,
    }
}

/// A meeting in the calendar of someone with these shifts; none where it never concerned them.
fn meeting_event(
    meeting: &PublishedMeeting,
    shifts: &[PublishedShift],
    language: Language,
    now: DateTime<Utc>,
) -> Option<Event> {
    let around = shifts.iter().find(|shift| overlap(meeting, shift));
    let of_day = shifts.iter().find(|shift| shift.day == meeting.day);
    let comes = around.is_some_and(|shift| !meeting.gone && !shift.gone);
    // Told before, and taken away since with the meeting or with the shift around it.
    let came = meeting.gone && around.is_some()
        || around
            .or(of_day)
            .is_some_and(|shift| shift.publication > meeting.publication);
    if !comes && !came {
        return None;
    }
    let newest = around
        .or(of_day)
        .map_or(0, |shift| shift.publication)
        .max(meeting.publication);
    Some(Event {
        uid: format!("{}@dzvinok", meeting.meeting),
        sequence: u32::try_from(newest).unwrap_or(u32::MAX),
        stamp: now,
        start: meeting.start,
        end: meeting.end,
        summary: meeting.title.clone(),
        description: say(
            language,
            match meeting.kind {
                MeetingKind::Meeting => "wall-meeting",
                MeetingKind::Training => "wall-training",
            },
            [],
        ),
        cancelled: !comes,
    })
}

impl Drawn {
    /// The plan as it is drawn, for a table or the wall.
    fn sheet(&self, language: Language) -> Sheet {
        let days = self.plan.days() as usize;
        let times = |index: usize| {
            self.templates.get(index).map(|template| {
                let clock = |minute: u32| format!("{}:{:02}", minute / 60 % 24, minute % 60);
                let end = template.start_minute + template.minutes;
                format!("{}–{}", clock(template.start_minute), clock(end))
            })
        };
        let used: Vec<usize> = (0..self.templates.len())
            .filter(|index| {
                let rows = &self.board.roster().rows;
                rows.iter()
                    .flatten()
                    .flatten()
                    .any(|shift| usize::from(shift.template) == *index)
            })
            .collect();
        let place: HashMap<usize, usize> = used.iter().copied().zip(0..).collect();
        let head = |day: usize| {
            let date = self.date(day);
            DayHead {
                weekday: say(language, weekday_key(date), []),
                date: short_date(language, date),
                free: day % 7 >= 5,
            }
        };
        let rows = (0..self.people.len()).map(|person| {
            let cells = (0..days).map(|day| {
                let shift = self.board.roster().get(person, day)?;
                let index = usize::from(shift.template);
                Some(Cell {
                    kind: place.get(&index).copied()?,
                    times: times(index)?,
                })
            });
            let view = self.person(person);
            Row {
                name: view.name,
                cells: cells.collect(),
                hours: f64::from(view.planned_minutes) / 60.0,
            }
        });
        let first = long_date(language, self.plan.first_day);
        let last = long_date(language, self.plan.last_day());
        let zone = self.plan.zone.name();
        Sheet {
            title: say(language, "wall-title", []),
            subtitle: say(
                language,
                "wall-subtitle",
                [
                    ("first", first.as_str()),
                    ("last", last.as_str()),
                    ("zone", zone),
                ],
            ),
            name_head: say(language, "wall-name", []),
            hours_head: say(language, "wall-hours", []),
            days: (0..days).map(head).collect(),
            rows: rows.collect(),
            legend: used
                .iter()
                .filter_map(|index| {
                    let template = self.templates.get(*index)?;
                    Some(Kind {
                        code: template.code.clone(),
                        text: format!("{}, {}", template.name, times(*index)?),
                    })
                })
                .collect(),
            meetings: self.meetings_on_the_wall(language),
        }
    }

    /// When, what and who of each meeting: `10.03, 9:00–9:30, Briefing: Ira, Olha`.
    fn meetings_on_the_wall(&self, language: Language) -> Vec<String> {
        let clock = |minute: u32| format!("{}:{:02}", minute / 60 % 24, minute % 60);
        let names: HashMap<PersonId, &str> = self
            .people
            .iter()
            .map(|member| (member.id(), member.name.as_str()))
            .collect();
        let mut meetings: Vec<&Meeting> = self.meetings.iter().collect();
        meetings.sort_by_key(|meeting| (meeting.day, meeting.start_minute));
        meetings
            .into_iter()
            .map(|meeting| {
                let people = meeting.people.iter();
                let people: Vec<&str> = people.filter_map(|id| names.get(id).copied()).collect();
                format!(
                    "{}, {}–{}, {}: {}",
                    short_date(language, meeting.day),
                    clock(meeting.start_minute),
                    clock(meeting.start_minute + meeting.minutes),
                    meeting.title,
                    people.join(", ")
                )
            })
            .collect()
    }
}

fn weekday_key(date: NaiveDate) -> &'static str {
    match date.weekday() {
        Weekday::Mon => "wall-mon",
        Weekday::Tue => "wall-tue",
        Weekday::Wed => "wall-wed",
        Weekday::Thu => "wall-thu",
        Weekday::Fri => "wall-fri",
        Weekday::Sat => "wall-sat",
        Weekday::Sun => "wall-sun",
    }
}

fn short_date(language: Language, date: NaiveDate) -> String {
    match language {
        Language::En => format!("{}/{}", date.day(), date.month()),
        Language::Uk | Language::Ru | Language::Pl => format!("{}.{:02}", date.day(), date.month()),
    }
}

fn long_date(language: Language, date: NaiveDate) -> String {
    match language {
        Language::En => date.format("%-d/%-m/%Y").to_string(),
        Language::Uk | Language::Ru | Language::Pl => date.format("%d.%m.%Y").to_string(),
    }
}
