//! From a telephone exchange's report to a shift that two people have swapped, in the real window.

use acceptance::calendar::{next_monday, today};
use acceptance::cli::{ADMIN, Account, Cli};
use acceptance::desk::Desk;
use acceptance::operator::Operator;
use acceptance::window::{SOON, Window};
use acceptance::words::Words;
use anyhow::{Context, Result, ensure};
use chrono::{Datelike, Days, NaiveDate};
use fantoccini::Locator;
use fantoccini::actions::{InputSource, MouseActions, PointerAction};
use icalendar::{CalendarComponent, CalendarDateTime, Component, DatePerhapsTime};
use serde_json::{Value, json};
use std::fmt::Write;
use std::path::Path;
use std::time::Duration;

const ANNA: Account = Account {
    login: "anna",
    name: "Anna Operator",
    password: ADMIN.password,
};
const BORYS: Account = Account {
    login: "borys",
    name: "Borys Operator",
    password: ADMIN.password,
};

/// A search on a busy machine, and what comes after it.
const SEARCH: Duration = Duration::from_mins(1);

const REASON: &str = "a sale on television";

const BRIEFING: &str = "New prices";

/// Calls of an hour on a weekday, from eight to eight.
const HOURS: [u32; 12] = [22, 41, 52, 55, 48, 40, 42, 47, 50, 44, 30, 18];

#[tokio::test]
async fn a_week_is_forecast_staffed_planned_published_and_swapped() -> Result<()> {
    Desk::test("from calls to shifts", async |desk| {
        let cli = Cli::on(&desk.data());
        cli.make_centre().await?;
        cli.run(&["sample"]).await?;
        for person in [ANNA, BORYS] {
            let arguments = ["add-person", person.login, "--name", person.name];
            cli.run_with(&arguments, &[("DZVINOK_NEW_PASSWORD", person.password)])
                .await?;
        }
        let words = Words::english()?;

        let window = desk.open().await?;
        let operator = Operator::at(desk, &window);
        operator.sign_in(ANNA).await?;
        go(&window, "/shifts").await?;
        press(&window, "[data-testid=ask-time-off]").await?;
        press(&window, "[data-testid=time-off-send]").await?;
        window
            .holds("[data-testid=request-row][data-kind=time_off]", "", SOON)
            .await?;
        sign_out(&window, &words).await?;

        operator.sign_in(ADMIN).await?;
        go(&window, "/plan/requests").await?;
        press(&window, "[data-testid=request-row] [data-testid=approve]").await?;
        window
            .holds("[data-testid=request-row][data-state=approved]", "", SOON)
            .await?;
        forecast_and_staff(&window, &words, desk.folder()).await?;
        plan(&operator, &words).await?;
        sign_out(&window, &words).await?;

        operator.sign_in(ANNA).await?;
        let (given, taken) = ask_for_a_swap(&operator).await?;
        sign_out(&window, &words).await?;
        operator.sign_in(BORYS).await?;
        go(&window, "/shifts").await?;
        press(&window, "[data-testid=request-row] [data-testid=agree]").await?;
        window
            .holds(
                "[data-testid=request-row][data-state=asked_supervisor]",
                "",
                SOON,
            )
            .await?;
        sign_out(&window, &words).await?;
        operator.sign_in(ADMIN).await?;
        go(&window, "/plan/requests").await?;
        press(
            &window,
            "[data-kind=swap][data-state=asked_supervisor] [data-testid=approve]",
        )
        .await?;
        window
            .holds("[data-kind=swap][data-state=approved]", "", SOON)
            .await?;
        window.close().await?;

        let file = desk.folder().join("anna.ics");
        let path = file.to_str().context("a folder's name is plain text")?;
        cli.run(&[
            "plan", "export", "--format", "ics", "--person", ANNA.name, "--out", path,
        ])
        .await?;
        let days = days_of(&file)?;
        ensure!(
            days.contains(&taken) && !days.contains(&given),
            "Anna's calendar has the shift she took ({taken}) and not the one she gave ({given}): {days:?}"
        );
        Ok(())
    })
    .await
}

#[tokio::test]
async fn languages_apart_are_lines_of_a_plan_and_answered_together_they_are_foretold() -> Result<()>
{
    Desk::test("two languages, two lines", async |desk| {
        let cli = Cli::on(&desk.data());
        cli.make_centre().await?;
        cli.run(&["sample"]).await?;
        let window = desk.open().await?;
        let operator = Operator::at(desk, &window);
        operator.sign_in(ADMIN).await?;
        go(&window, &format!("/forecast/day/{}", next_monday())).await?;
        press(&window, "[data-testid=day-rules]:not(:disabled)").await?;
        press(&window, "label:has([data-testid=languages-apart])").await?;
        press(&window, "[data-testid=rules-save]:not(:disabled)").await?;
        window
            .holds("body:not(:has(dialog[open]))", "", SOON)
            .await?;

        make_plan(&window).await?;
        press(&window, &format!("[data-testid=day-{}]", next_monday())).await?;
        window
            .holds("[data-testid=plan-multi-skill-open]", "", SOON)
            .await?;
        operator.press(&["S"]).await?;
        let row = |line: u8| format!("[data-testid=plan-multi-skill] tbody tr:nth-child({line})");
        for (line, name) in [(1, "English"), (2, "Spanish"), (3, "%.*%")] {
            window
                .fits(&row(line), name, SEARCH)
                .await
                .context("each language is a line, and both are told together")?;
        }
        window.close().await
    })
    .await
}

/// A report with a fault is refused and told line by line; mended, it is taken in, the forecast is
/// changed by hand for a reason, and the day says how many people it needs.
async fn forecast_and_staff(window: &Window, words: &Words, folder: &Path) -> Result<()> {
    go(window, "/forecast").await?;
    window.click(words.of("forecast-import")?).await?;
    let report = folder.join("exchange.csv");
    let mut text = report_of_the_exchange()?;
    std::fs::write(&report, format!("{text}2026-13-01 10:00;5;200\n"))?;
    choose(window, &report).await?;
    window
        .holds(".report td", words.of("forecast-fault-bad_time")?, SOON)
        .await
        .context("the faulty line is told")?;
    text.push('\n');
    std::fs::write(&report, text.trim_end())?;
    choose(window, &report).await?;
    window
        .holds(".report .fine", "", SOON)
        .await
        .context("the mended report can be read")?;
    press(window, "[data-testid=import-take]:not(:disabled)").await?;
    tab(window, words.of("forecast-list-imports")?).await?;
    window
        .holds("td b", "exchange.csv", SOON)
        .await
        .context("the import is listed")?;

    press(window, &format!("[data-day='{}']", next_monday())).await?;
    press(window, "[data-testid=day-change]:not(:disabled)").await?;
    window
        .fill(words.of("forecast-override-percent")?, "40")
        .await?;
    window
        .fill(words.of("forecast-override-reason")?, REASON)
        .await?;
    press(window, "[data-testid=override-send]:not(:disabled)").await?;
    window
        .holds("[data-testid=day-total] + small", "", SOON)
        .await
        .context("the model's own figure stands beside the changed one")?;
    tab(window, words.of("forecast-list-overrides")?).await?;
    window
        .holds("td", REASON, SOON)
        .await
        .context("the manual change is listed with its reason")?;
    let peak = format!("{}\\s*[1-9]", words.of("staffing-peak")?);
    window
        .fits("dl:has([data-testid=day-total])", &peak, SOON)
        .await
        .context("people are needed")
        .map(drop)
}

/// Makes a plan and lets it be searched until there are shifts.
async fn make_plan(window: &Window) -> Result<()> {
    go(window, "/plan").await?;
    press(window, "[data-testid=plan-new]").await?;
    press(window, "[data-testid=plan-make]").await?;
    window.holds("[data-testid=plan-grid]", "", SOON).await?;
    press(window, "[data-testid=solve]").await?;
    window.holds("[data-shift]", "", SEARCH).await?;
    press(window, "[data-testid=stop]").await?;
    window
        .holds("[data-testid=solve]", "", SEARCH)
        .await
        .map(drop)
}

/// Makes a plan, lets it be searched, breaks a rule by dragging and takes that back, pins, places a
/// briefing, replans and publishes.
async fn plan(operator: &Operator<'_>, words: &Words) -> Result<()> {
    let window = operator.window;
    make_plan(window).await?;
    window
        .fits("[data-testid=plan-service-level]", "[0-9]", SOON)
        .await
        .context("the plan foretells a service level")?;

    let anna = person_named(window, ANNA.name).await?;
    let off = format!("[data-person='{anna}'][data-asked=off]");
    let near = "const [off, person] = [document.querySelector(arguments[0]), arguments[1]];
        off.scrollIntoView({ inline: 'center', block: 'nearest' });
        const days = [...document.querySelectorAll(`[data-person='${person}'][data-shift]`)];
        const far = (day) => Math.abs(Date.parse(day.dataset.date) - Date.parse(off.dataset.date));
        return days.sort((one, other) => far(one) - far(other))[0]?.dataset.date";
    let day = window
        .client()
        .execute(near, vec![json!(off), json!(anna)])
        .await?;
    let day = day.as_str().context("Anna has a shift")?;
    let shift = format!("[data-person='{anna}'][data-date='{day}']");
    drag(window, &shift, &off).await?;
    window
        .holds("[data-testid=newly-broken][data-rule=time_off]", "", SOON)
        .await
        .context("a shift on a day off breaks a rule, and that is said at once")?;
    operator.press(&["Ctrl+Z"]).await?;
    window
        .fits("[data-testid=broken-count]", "^0$", SOON)
        .await
        .context("taken back, no rule is broken")?;

    press(window, &shift).await?;
    operator.press(&["P"]).await?;
    let pinned = "[data-pinned=true]";
    window.holds(pinned, "", SOON).await?;
    let before = place_of(window, pinned).await?;

    let free = format!("[data-person='{anna}']:not([data-asked=off]):not([data-shift])");
    let near = "document.querySelector(arguments[0])
        .scrollIntoView({ inline: 'center', block: 'nearest' })";
    window.client().execute(near, vec![json!(free)]).await?;
    press(window, &free).await?;
    operator.press(&["P"]).await?;
    let day_off = "[data-off-pinned=true]";
    window
        .holds(day_off, "", SOON)
        .await
        .context("a day off is pinned as a shift is")?;
    let kept_free = place_of(window, day_off).await?;
    operator.press(&["Ctrl+M"]).await?;
    window.holds("[data-testid=meeting-time]", "", SOON).await?;
    operator.type_text(BRIEFING).await?;
    operator.press(&["Enter"]).await?;
    window
        .holds("[data-testid=head-meeting]", "", SOON)
        .await
        .context("a briefing stands in the head of its day")?;
    choose_from(window, words.of("plan-more")?, words.of("plan-replan")?).await?;
    press(window, "[data-testid=replan-go]").await?;
    window.holds("[data-testid=solving]", "", SOON).await?;
    press(window, "[data-testid=stop]").await?;
    window.holds("[data-testid=solve]", "", SEARCH).await?;
    ensure!(
        place_of(window, pinned).await? == before,
        "what is pinned stays where it is"
    );
    ensure!(
        place_of(window, day_off).await? == kept_free,
        "and so does a day off"
    );
    press(window, "[data-testid=publish]").await?;
    press(window, "[data-testid=publish-confirm]").await?;
    window
        .holds("h1 + *", words.of("plan-published")?, SOON)
        .await
        .map(drop)
}

/// Offers Anna's first shift for one of Borys's on a day that she has free; the two days.
async fn ask_for_a_swap(operator: &Operator<'_>) -> Result<(NaiveDate, NaiveDate)> {
    let window = operator.window;
    go(window, "/shifts").await?;
    window.holds("[data-testid=my-shift]", "", SOON).await?;
    press(window, "[data-testid=ask-swap]").await?;
    window
        .holds("[data-testid=swap-own]:focus", "", SOON)
        .await?;
    operator.press(&["Tab"]).await?;
    operator.type_text(BORYS.name).await?;
    window.holds("[role=option]", BORYS.name, SOON).await?;
    operator.press(&["Down", "Enter"]).await?;
    window
        .holds("[data-testid=swap-theirs]:not(:disabled)", "", SOON)
        .await?;
    let script = include_str!("src/choose_swap.js");
    let chosen = window.client().execute(script, Vec::new()).await?;
    let day = |name: &str| -> Result<NaiveDate> {
        let words = chosen.get(name).and_then(Value::as_str);
        let words = words.with_context(|| format!("no swap can be chosen: {chosen}"))?;
        let (day, _) = words.split_once(" · ").context("a day, then times")?;
        NaiveDate::parse_from_str(day, "%a, %d %b %Y").with_context(|| format!("no day: {day}"))
    };
    let days = (day("given")?, day("taken")?);
    press(window, "[data-testid=swap-send]").await?;
    window
        .holds("[data-kind=swap][data-state=asked_colleague]", "", SOON)
        .await?;
    Ok(days)
}

/// Twelve weeks of a line that is open from eight to eight, quieter at the weekend.
fn report_of_the_exchange() -> Result<String> {
    let today = today();
    let mut text = String::from("time;calls;aht\n");
    for back in (1..=84).rev() {
        let day = today - Days::new(back);
        let share = if day.weekday().number_from_monday() > 5 {
            2
        } else {
            4
        };
        for (hour, calls) in (8..).zip(HOURS) {
            let calls = calls * share / 4 + (day.ordinal() * 7 + hour) % 5;
            writeln!(text, "{day} {hour:02}:00;{calls};{}", 190 + hour)?;
        }
    }
    Ok(text)
}

fn days_of(file: &Path) -> Result<Vec<NaiveDate>> {
    let text = std::fs::read_to_string(file)?;
    let calendar = text
        .parse::<icalendar::Calendar>()
        .map_err(|fault| anyhow::anyhow!("the calendar cannot be read: {fault}"))?;
    let events = calendar.components.iter().filter_map(|part| match part {
        // What was taken away is told as cancelled, so that calendars forget it.
        CalendarComponent::Event(event) if event.property_value("STATUS") != Some("CANCELLED") => {
            event.get_start()
        }
        _ => None,
    });
    // The plan's days are the centre's; the sample's shifts begin too far from midnight to differ in UTC.
    Ok(events
        .filter_map(|start| match start {
            DatePerhapsTime::DateTime(CalendarDateTime::Utc(moment)) => Some(moment.date_naive()),
            _ => None,
        })
        .collect())
}

async fn go(window: &Window, place: &str) -> Result<()> {
    window
        .client()
        .execute("location.hash = arguments[0]", vec![json!(place)])
        .await?;
    Ok(())
}

/// Presses what is there once the page rests. A page that is drawn anew between looking and pressing
/// takes the element away; a person presses again.
async fn press(window: &Window, selector: &str) -> Result<()> {
    let mut pressed = Ok(());
    for _ in 0..3 {
        window.holds(selector, "", SOON).await?;
        window.settled().await?;
        let element = window.client().find(Locator::Css(selector)).await?;
        pressed = element.click().await;
        if pressed.is_ok() {
            break;
        }
    }
    pressed.with_context(|| format!("{selector} cannot be pressed"))
}

async fn tab(window: &Window, words: &str) -> Result<()> {
    let path = format!("//*[@role='tab'][starts-with(normalize-space(.), {words:?})]");
    let client = window.client();
    let tab = client.wait().for_element(Locator::XPath(&path)).await?;
    window
        .holds("body:not(:has(dialog[open]))", "", SOON)
        .await?;
    window.settled().await?;
    tab.click()
        .await
        .with_context(|| format!("{words:?} cannot be opened"))
}

async fn choose(window: &Window, file: &Path) -> Result<()> {
    let path = file.to_str().context("a file's name is plain text")?;
    window
        .client()
        .find(Locator::Css("input[type=file]"))
        .await?
        .send_keys(path)
        .await
        .context("the file cannot be chosen")
}

async fn sign_out(window: &Window, words: &Words) -> Result<()> {
    choose_from(window, words.of("user-menu")?, words.of("user-sign-out")?).await?;
    window
        .holds("input[type=password]", "", SOON)
        .await
        .map(drop)
}

/// Opens the menu with this label and chooses from it.
async fn choose_from(window: &Window, menu: &str, item: &str) -> Result<()> {
    press(window, &format!("button[aria-label='{menu}']")).await?;
    let path = format!("//*[@role='menuitem'][contains(., {item:?})]");
    let client = window.client();
    let item = client.wait().for_element(Locator::XPath(&path)).await?;
    item.click()
        .await
        .with_context(|| format!("{path} cannot be chosen"))
}

async fn person_named(window: &Window, name: &str) -> Result<String> {
    let script = "const row = [...document.querySelectorAll('.names .name')]
            .findIndex((one) => one.textContent.includes(arguments[0]));
        return document.querySelector(`[data-testid^='cell-${row}-']`)?.dataset.person";
    let found = window.client().execute(script, vec![json!(name)]).await?;
    let id = found.as_str();
    id.map(str::to_owned)
        .with_context(|| format!("{name} is not in the plan"))
}

async fn place_of(window: &Window, selector: &str) -> Result<Value> {
    let script = "const cell = document.querySelector(arguments[0]);
        return [cell?.dataset.person, cell?.dataset.date, cell?.ariaLabel]";
    Ok(window
        .client()
        .execute(script, vec![json!(selector)])
        .await?)
}

/// With the mouse, as a person does: down, along, up.
async fn drag(window: &Window, from: &str, to: &str) -> Result<()> {
    let client = window.client();
    let (start, end) = (
        client.find(Locator::Css(from)).await?,
        client.find(Locator::Css(to)).await?,
    );
    let over = |element: &fantoccini::elements::Element| PointerAction::MoveToElement {
        element: element.clone(),
        duration: Some(Duration::from_millis(80)),
        x: 0.0,
        y: 0.0,
    };
    let mouse = MouseActions::new("mouse".to_owned())
        .then(over(&start))
        .then(PointerAction::Down {
            button: fantoccini::actions::MOUSE_BUTTON_LEFT,
        })
        .then(over(&end))
        .then(PointerAction::Up {
            button: fantoccini::actions::MOUSE_BUTTON_LEFT,
        });
    client
        .perform_actions(mouse)
        .await
        .context("the mouse cannot drag")
}
