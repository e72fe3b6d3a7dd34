//! A centre of 200 operators and 12 projects with a year of calls: how long it takes to forecast, staff
//! and plan four weeks, until the first plan is there, and until an edit is answered.
//!
//! `bench_plan [SECONDS [FOLDER]]` searches for so long, and leaves the desk's data in a folder. The last
//! line is JSON.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "a measurement stops at the first surprise and prints what it found"
)]

use app::view::{
    ImportRequest, Language, MeetingAsk, NewCentre, NewPerson, PlanEdit, PlanPage, ShopInput,
    ShopKind, WorkChannel,
};
use app::{Desk, DeskOptions, Timing};
use chrono::{Datelike, TimeDelta};
use rules::role::Role;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};
use store::keyring::MemoryKeyring;
use store::vault::Cost;
use testkit::woo::{Setup, WooDouble};

const OPERATORS: usize = 200;
const PROJECTS: usize = 12;
const HISTORY_DAYS: u32 = 364;
const WEEKS: u32 = 4;
const EDITS: usize = 200;

/// Seconds of processor time that this process has used.
fn cpu_s() -> f64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let after = stat.rsplit(')').next().unwrap_or_default();
    let mut fields = after.split_whitespace().skip(11);
    let mut ticks = || -> f64 {
        fields
            .next()
            .and_then(|field| field.parse().ok())
            .unwrap_or(0.0)
    };
    (ticks() + ticks()) / 100.0
}

/// The same report for a project of another size.
fn scaled(report: &str, percent: u32) -> String {
    let lines = report.lines().map(|line| {
        let mut fields: Vec<String> = line.split(';').map(str::to_owned).collect();
        if let Some(count) = fields.get_mut(1)
            && let Ok(calls) = count.parse::<u32>()
        {
            *count = ((calls * percent + 50) / 100).to_string();
            if count == "0" {
                // Nobody spoke, so there is no time to tell.
                fields.truncate(2);
                fields.push(String::new());
            }
        }
        fields.join(";")
    });
    lines.fold(String::new(), |text, line| text + &line + "\n")
}

#[tokio::main]
async fn main() {
    let seconds: u32 = std::env::args()
        .nth(1)
        .and_then(|text| text.parse().ok())
        .unwrap_or(20);
    let folder = tempfile::tempdir().unwrap();
    let named = std::env::args_os().nth(2).map(PathBuf::from);
    let desk = Desk::open(DeskOptions {
        data_dir: named.unwrap_or_else(|| folder.path().join("data")),
        keyring: Arc::new(MemoryKeyring::default()),
        clock: app::clock::system(),
        zone: chrono_tz::Europe::Kyiv,
        opener: Arc::new(|_| Ok(())),
        timing: Timing::default(),
        exchange: false,
        alone: true,
        password_cost: Cost {
            memory_kib: 64,
            passes: 1,
            lanes: 1,
        },
        language: Some(Language::Uk),
    });
    let doubles = furnish(&desk).await;
    println!("{PROJECTS} projects, {OPERATORS} operators, {HISTORY_DAYS} days of calls");

    let today = app::clock::system()().date_naive();
    let monday = today + TimeDelta::days(7 - i64::from(today.weekday().num_days_from_monday()));
    let (begun, before) = (Instant::now(), cpu_s());
    let plan = desk.make_plan(monday, WEEKS).await.unwrap().id;
    let page = desk.plan_page(plan).await.unwrap();
    let (forecast_s, forecast_cpu_s) = (begun.elapsed().as_secs_f64(), cpu_s() - before);
    let wanted: f64 = page.days.iter().map(|day| day.wanted_hours).sum();
    println!(
        "forecast and staffed in {forecast_s:.2} s ({forecast_cpu_s:.2} s of CPU): {wanted:.0} hours wanted"
    );

    let mut changes = desk.changes();
    let solving = Instant::now();
    desk.solve_plan(plan, seconds, None).await.unwrap();
    let mut first_s = None;
    while first_s.is_none() {
        changes.next().await.unwrap();
        let summary = desk.plans().await.unwrap().remove(0);
        first_s = (summary.shifts > 0).then(|| solving.elapsed().as_secs_f64());
    }
    let first_s = first_s.unwrap();
    desk.solved(plan).await.unwrap();
    let cpu = cpu_s() - before;
    let looked = Instant::now();
    let page = desk.plan_page(plan).await.unwrap();
    let page_ms = looked.elapsed().as_secs_f64() * 1000.0;
    let standing = &page.standing;
    println!(
        "first plan after {first_s:.2} s; after {seconds} s cost {:.0}, {:.0} h uncovered, {:.0} h surplus, \
         {} rules broken, service level {:.1} %; all in {cpu:.1} s of CPU",
        standing.cost,
        standing.uncovered_hours,
        standing.surplus_hours,
        standing.broken.len(),
        standing.service_level.unwrap_or_default() * 100.0,
    );

    let meeting_ms = meeting_times_ms(&desk, &page).await;
    let times = edits(&desk, &page).await;
    let at = |percent: usize| {
        let place = (times.len() * percent / 100).min(times.len() - 1);
        times
            .get(place)
            .copied()
            .unwrap_or(Duration::ZERO)
            .as_secs_f64()
            * 1000.0
    };
    println!(
        "edits: median {:.1} ms, 95th {:.1} ms; the whole page {page_ms:.0} ms",
        at(50),
        at(95)
    );
    println!(
        "{{\"cpu_s\":{cpu:.2},\"forecast_cpu_s\":{forecast_cpu_s:.2},\"forecast_s\":{forecast_s:.2},\
         \"first_plan_s\":{first_s:.3},\"search_s\":{seconds},\"cost\":{:.1},\"uncovered_h\":{:.1},\
         \"surplus_h\":{:.1},\"wanted_h\":{wanted:.1},\"broken\":{},\"service_level\":{:.4},\
         \"edit_p50_ms\":{:.2},\"edit_p95_ms\":{:.2},\"page_ms\":{page_ms:.1},\
         \"meeting_times_ms\":{meeting_ms:.1}}}",
        standing.cost,
        standing.uncovered_hours,
        standing.surplus_hours,
        standing.broken.len(),
        standing.service_level.unwrap_or_default(),
        at(50),
        at(95),
    );
    desk.close().await;
    drop(doubles);
}

/// How long it takes to find a time for a meeting of everyone in all the weeks.
async fn meeting_times_ms(desk: &Desk, page: &PlanPage) -> f64 {
    let begun = Instant::now();
    let ask = MeetingAsk {
        people: page.people.iter().map(|person| person.id).collect(),
        minutes: 30,
        from: page.plan.first_day,
        until: page.plan.last_day,
    };
    let offered = desk.meeting_times(page.plan.id, ask).await.unwrap();
    let ms = begun.elapsed().as_secs_f64() * 1000.0;
    println!(
        "times for a meeting of all {} in {ms:.0} ms: {} offered",
        page.people.len(),
        offered.len()
    );
    ms
}

/// How long each of many edits takes, the shortest first.
async fn edits(desk: &Desk, page: &PlanPage) -> Vec<Duration> {
    let mut times = Vec::with_capacity(EDITS);
    for (number, shift) in page.shifts.iter().enumerate().step_by(7).take(EDITS) {
        let to = page.people.get(number % page.people.len()).unwrap();
        let edit = PlanEdit::Give {
            person: to.id,
            date: shift.date,
            template: shift.template,
            line: Some(shift.line),
        };
        let begun = Instant::now();
        desk.edit_plan(page.plan.id, edit).await.unwrap();
        times.push(begun.elapsed());
    }
    times.sort_unstable();
    times
}

/// Makes the centre, its projects with their history, and its people.
async fn furnish(desk: &Desk) -> Vec<WooDouble> {
    let password = "соловей-2026".to_owned();
    desk.create_centre(NewCentre {
        name: "Олена".to_owned(),
        login: "olena".to_owned(),
        password: password.clone(),
        language: Language::Uk,
        zone: "Europe/Kyiv".to_owned(),
    })
    .await
    .unwrap();
    let report = desk.sample_report(Language::Uk, HISTORY_DAYS);
    let mut doubles = Vec::new();
    for number in 0..PROJECTS {
        let double = WooDouble::start(Setup::default()).await.unwrap();
        let shop = desk
            .connect_shop(ShopInput {
                kind: ShopKind::Woocommerce,
                name: format!("Проєкт {}", number + 1),
                address: double.address().to_owned(),
                user: "ck_full".to_owned(),
                secret: "cs_full".to_owned(),
                language: Language::Uk,
                zone: "Europe/Kyiv".to_owned(),
                allow_http: true,
                allow_private: true,
                certificate_authority: String::new(),
            })
            .await
            .unwrap();
        let size = 120 + 40 * u32::try_from(number).unwrap();
        let kept = desk
            .import_history(ImportRequest {
                language: None,
                shop: shop.id,
                channel: WorkChannel::Inbound,
                file: "year.csv".to_owned(),
                content: scaled(&report, size).into_bytes(),
                keep: true,
            })
            .await
            .unwrap();
        assert!(kept.kept, "the report is taken in: {:?}", kept.faults);
        doubles.push(double);
    }
    for number in 0..OPERATORS {
        desk.add_person(NewPerson {
            name: format!("Особа {number:03}"),
            login: format!("o{number}"),
            password: password.clone(),
            role: Role::Operator,
            language: Language::Uk,
        })
        .await
        .unwrap();
    }
    // Three projects each, as people are trained; everyone could serve all of them otherwise.
    let contracts = desk.contracts().await.unwrap();
    for (number, mut contract) in contracts.into_iter().enumerate() {
        if contract.planned {
            let lines = contract.lines.clone();
            contract.lines = (0..3)
                .filter_map(|step| lines.get((number + step * 5) % lines.len()).copied())
                .collect();
            desk.set_contract(contract).await.unwrap();
        }
    }
    doubles
}
