//! Weeks in which the clock is set: a night is as long as it is.

use crate::planning::{give, on, planned, template};
use crate::site::Site;
use app::view::RuleKind;
use chrono::{NaiveDate, TimeDelta, TimeZone};
use chrono_tz::Tz;

/// A Saturday night and what is around it, where so many minutes of Sunday are skipped.
fn a_week(zone: Tz, monday: NaiveDate, skipped: i64) {
    let mut site = Site::quiet();
    site.zone = zone;
    site.sit_as_admin(async |desk| {
        let (_, ira, olha) = planned(&site, &desk).await;
        for mut contract in desk.contracts().await.unwrap() {
            contract.min_rest_minutes = 660;
            desk.set_contract(contract).await.unwrap();
        }
        let (night, early) = (template(&desk, 1320).await, template(&desk, 480).await);
        let late = template(&desk, 780).await;
        let plan = desk.make_plan(monday, 1).await.unwrap().id;
        let (saturday, sunday) = (monday + TimeDelta::days(5), monday + TimeDelta::days(6));
        give(&desk, plan, ira, saturday, night).await;
        give(&desk, plan, olha, saturday, late).await;
        give(&desk, plan, olha, sunday, early).await;

        let page = desk.plan_page(plan).await.unwrap();
        let shift = on(&page, ira, saturday).unwrap();
        let passed = 510 - skipped;
        assert_eq!((shift.end - shift.start).num_minutes(), passed);
        let of_ira = page.people.iter().find(|person| person.id == ira).unwrap();
        assert_eq!(i64::from(of_ira.planned_minutes), passed, "hours of work");
        let rest = page
            .standing
            .broken
            .iter()
            .find(|broken| broken.rule == RuleKind::Rest);
        assert_eq!(
            rest.map(|rest| (rest.person, rest.is)),
            (skipped > 0).then_some((olha, 570.0)),
            "from 21:30 to 8:00 it is ten and a half hours by the clock, and eleven are asked for"
        );
        let of_sunday = page
            .cover
            .iter()
            .find(|cover| cover.date == sunday)
            .unwrap();
        let hours = 6.5 + 8.5 - TimeDelta::minutes(skipped).as_seconds_f64() / 3600.0;
        assert!(
            (of_sunday.present_hours - hours).abs() < 1e-9,
            "the end of the night and the early shift: {}",
            of_sunday.present_hours
        );

        desk.publish_plan(plan).await.unwrap();
        let noon = sunday.and_hms_opt(12, 0, 0).unwrap();
        site.clock
            .set(zone.from_local_datetime(&noon).unwrap().to_utc());
        let today = desk.today().await.unwrap();
        let planned = |minute| {
            let mut intervals = today.intervals.iter();
            intervals
                .find(|interval| interval.minute == minute)
                .unwrap()
                .planned
        };
        // Until 6:30, and from 8:00 to 16:30.
        for (minute, people) in [
            (75, 1.0),
            (375, 1.0),
            (390, 0.0),
            (465, 0.0),
            (480, 1.0),
            (975, 1.0),
            (990, 0.0),
        ] {
            let planned = planned(minute);
            assert!(
                (planned - people).abs() < 1e-9,
                "{planned} in minute {minute}"
            );
        }
    });
}

#[test]
fn kyiv_in_spring() {
    a_week(
        Tz::Europe__Kyiv,
        NaiveDate::from_ymd_opt(2026, 3, 23).unwrap(),
        60,
    );
}

#[test]
fn kyiv_in_autumn() {
    a_week(
        Tz::Europe__Kyiv,
        NaiveDate::from_ymd_opt(2026, 10, 19).unwrap(),
        -60,
    );
}

#[test]
fn warsaw_in_spring() {
    a_week(
        Tz::Europe__Warsaw,
        NaiveDate::from_ymd_opt(2026, 3, 23).unwrap(),
        60,
    );
}

#[test]
fn warsaw_in_autumn() {
    a_week(
        Tz::Europe__Warsaw,
        NaiveDate::from_ymd_opt(2026, 10, 19).unwrap(),
        -60,
    );
}
