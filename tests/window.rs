//! The main job, end to end: a real order confirmed in a real shop, by the keyboard of the real window.

use acceptance::clerk::{CLERK, Clerk};
use acceptance::cli::{ADMIN, Cli};
use acceptance::desk::Desk;
use acceptance::operator::Operator;
use acceptance::truth::{Known, all, arrived};
use acceptance::window::{SOON, Window};
use acceptance::words::Words;
use anyhow::{Context, Result, ensure};
use std::collections::BTreeMap;
use testkit::vendure::{SUPERADMIN, VendureOptions, VendureServer};

/// A small thing of the test shop, put into orders.
const ADDED: &str = "ZO-KT-905";

/// What the operator writes down.
const COMMENT: &str = "call before delivery";

type Orders = BTreeMap<String, Known>;

#[tokio::test]
async fn an_order_is_changed_and_confirmed_from_the_wizard_to_the_shop() -> Result<()> {
    Desk::test("from the wizard to the shop", async |desk| {
        let shop = VendureServer::start(VendureOptions::default()).await?;
        let before = all(&shop).await?;
        let window = desk.open().await?;
        let words = Words::english()?;
        make_the_centre(&window, &words).await?;
        connect_with_the_wizard(&window, &words, &shop).await?;

        let operator = Operator::at(desk, &window);
        operator.sees_a_queue().await?;
        change_and_agree(&operator).await?;
        classify(&operator).await?;
        operator.save().await?;
        is_there_once(desk, window, &shop, &before).await?;
        ensure!(
            matches!(desk.dialled().as_slice(), [number] if number.starts_with("tel:+380")),
            "one number was handed to the phone: {:?}",
            desk.dialled()
        );
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_shop_switched_off_during_the_call_gets_the_result_later() -> Result<()> {
    Desk::test("the shop is off", async |desk| {
        let (mut shop, before) = a_connected_shop(desk).await?;
        let window = desk.open().await?;
        let operator = Operator::at(desk, &window);
        operator.sign_in(ADMIN).await?;

        operator.reach_the_customer().await?;
        shop.stop().await?;
        agree_on_changes(&operator).await?;
        classify(&operator).await?;
        operator.save().await?;
        window
            .holds(".strip .quiet-sign", "", SOON * 3)
            .await
            .context("a quiet sign says who is away")?;
        shop.start_again().await?;
        is_there_once(desk, window, &shop, &before).await
    })
    .await
}

#[tokio::test]
async fn a_desk_killed_in_wrap_up_is_back_in_it_and_loses_nothing() -> Result<()> {
    Desk::test("killed in wrap-up", async |desk| {
        let (shop, before) = a_connected_shop(desk).await?;
        let window = desk.open().await?;
        let operator = Operator::at(desk, &window);
        operator.sign_in(ADMIN).await?;
        change_and_agree(&operator).await?;
        window.kill().await?;

        let window = desk.open().await?;
        let operator = Operator::at(desk, &window);
        operator.sign_in(ADMIN).await?;
        operator
            .in_state("wrap_up")
            .await
            .context("the desk is back in the wrap-up that was open")?;
        window
            .holds(".comment textarea", COMMENT, SOON)
            .await
            .context("what was typed is there")?;
        classify(&operator).await?;
        operator.save().await?;
        is_there_once(desk, window, &shop, &before).await
    })
    .await
}

#[tokio::test]
async fn a_line_that_the_shop_changed_meanwhile_waits_for_a_decision() -> Result<()> {
    Desk::test("a true conflict", async |desk| {
        let (shop, before) = a_connected_shop(desk).await?;
        let clerk = Clerk::of(&shop).await?;
        let window = desk.open().await?;
        let operator = Operator::at(desk, &window);
        operator.sign_in(ADMIN).await?;
        operator.reach_the_customer().await?;
        let heading = window.holds(".order .head h3", "No.", SOON).await?;
        let number = heading.split_whitespace().last();
        let number = number.context("the order has a number")?;
        clerk.raise_first_line(number, 5).await?;
        agree_on_changes(&operator).await?;
        classify(&operator).await?;
        operator.save().await?;

        go_to_the_conflict(&operator).await?;
        sees_both_sides(&window).await?;
        operator.press(&["1"]).await?;
        window
            .holds("[data-letter] thead th.chosen", "Ours", SOON)
            .await
            .context("the choice shows in the card")?;
        operator.press(&["Enter"]).await?;
        is_there_once(desk, window, &shop, &before).await
    })
    .await
}

/// By keyboard alone, once the list of shops says that something waits.
async fn go_to_the_conflict(operator: &Operator<'_>) -> Result<()> {
    let window = operator.window;
    window
        .holds("nav .waiting", "1", SOON * 3)
        .await
        .context("the desk says that a decision is waited for")?;
    operator.press(&["Ctrl+K"]).await?;
    window.holds("dialog[open] input:focus", "", SOON).await?;
    operator
        .type_text(Words::english()?.of("nav-sync")?)
        .await?;
    window
        .holds("dialog[open] [role=option][aria-selected=true]", "", SOON)
        .await?;
    operator.press(&["Enter"]).await?;
    let figure = "a.figure[href$='/conflicts']";
    window.holds(figure, "1", SOON).await?;
    operator.tab_to(figure).await?;
    operator.press(&["Enter"]).await?;
    window
        .holds("[data-letter] table", "", SOON)
        .await
        .map(drop)
}

/// The card says what each side wants, who and when.
async fn sees_both_sides(window: &Window) -> Result<()> {
    let (first, last) = CLERK;
    let time = r"\d{1,2}:\d{2}";
    let cells = [
        (
            "thead th:nth-child(3)",
            format!("Ours.*{}, .*{time}", ADMIN.name),
        ),
        (
            "thead th:nth-child(4)",
            format!("The shop’s.*{first} {last}, .*{time}"),
        ),
        ("tbody td:nth-of-type(2)", "^3$".to_owned()),
        ("tbody td:nth-of-type(3)", "^5$".to_owned()),
    ];
    for (cell, pattern) in cells {
        window
            .fits(&format!("[data-letter] table {cell}"), &pattern, SOON)
            .await?;
    }
    Ok(())
}

/// First start: the language, the admin, and the recovery code kept.
async fn make_the_centre(window: &Window, words: &Words) -> Result<()> {
    window.click("English").await?;
    window.click(words.of("next")?).await?;
    window.fill(words.of("person-name")?, ADMIN.name).await?;
    window.fill(words.of("login")?, ADMIN.login).await?;
    window.fill(words.of("password")?, ADMIN.password).await?;
    window.click(words.of("admin-make")?).await?;
    let last_group = window.holds("ol.code li:last-child", "", SOON).await?;
    window
        .fill(words.of("code-last-group")?, &last_group)
        .await?;
    window.click(words.of("code-kept")?).await
}

async fn connect_with_the_wizard(
    window: &Window,
    words: &Words,
    shop: &VendureServer,
) -> Result<()> {
    window.click(words.of("connect-shop")?).await?;
    window.click(words.of("kind-vendure")?).await?;
    window
        .fill(words.of("shop-address")?, &shop.address())
        .await?;
    window
        .fill(words.of("shop-user-vendure")?, SUPERADMIN.0)
        .await?;
    window
        .fill(words.of("shop-secret-vendure")?, SUPERADMIN.1)
        .await?;
    window.click(words.of("advanced")?).await?;
    window.click(words.of("allow-http")?).await?;
    window.click(words.of("allow-private")?).await?;
    window.click(words.of("check-shop")?).await?;
    window.fill(words.of("shop-name")?, "Appliances").await?;
    window.click(words.of("connect")?).await?;
    window
        .holds(
            "main button:not(:disabled)",
            words.of("importing-begin")?,
            SOON,
        )
        .await?;
    window.click(words.of("nav-desk")?).await
}

/// A centre and a real shop, made by the command line.
async fn a_connected_shop(desk: &Desk) -> Result<(VendureServer, Orders)> {
    let shop = VendureServer::start(VendureOptions::default()).await?;
    let before = all(&shop).await?;
    let cli = Cli::on(&desk.data());
    cli.make_centre().await?;
    cli.connect(&shop).await?;
    Ok((shop, before))
}

/// The whole call: next task, script, changes, checklist; ends in wrap-up.
async fn change_and_agree(operator: &Operator<'_>) -> Result<()> {
    operator.reach_the_customer().await?;
    agree_on_changes(operator).await
}

/// What is said once the customer has answered.
async fn agree_on_changes(operator: &Operator<'_>) -> Result<()> {
    let window = operator.window;
    operator.read_back("2").await?;
    operator.at_step("readback_again").await?;

    operator.press(&["F7"]).await?;
    window.holds("[data-quantity]:focus", "", SOON).await?;
    operator.press(&["3", "Escape"]).await?;
    operator.press(&["F3"]).await?;
    operator.type_text(ADDED).await?;
    window
        .holds("[role=option][aria-selected=true]", ADDED, SOON)
        .await?;
    operator.press(&["Enter"]).await?;
    window
        .holds(".order .lines li.added", "", SOON)
        .await
        .context("the product is among the lines")?;
    operator.press(&["Escape", "1"]).await?;
    operator
        .tab_to(".checklist li:last-child label:not(.ticked) input")
        .await?;
    operator.press(&["Space"]).await?;
    window
        .holds(".checklist li:last-child label.ticked", "", SOON)
        .await?;

    operator.press(&["F9"]).await?;
    operator.type_text(COMMENT).await?;
    operator.talk_long_enough().await?;
    operator.hang_up().await
}

/// The script has proposed outcome and reason; the operator knows better why the customer changed it.
async fn classify(operator: &Operator<'_>) -> Result<()> {
    let window = operator.window;
    window
        .holds(
            ".outcomes .chosen input[value=confirmed_with_changes]:checked",
            "",
            SOON,
        )
        .await?;
    operator.press(&["Escape", "Shift+2", "Ctrl+1"]).await?;
    window
        .holds(
            ".reasons .chosen:has(input[name=reason][value=delivery]:checked)",
            "",
            SOON,
        )
        .await?;
    window
        .holds(
            ".reasons .chosen:has(input[name=subreason][value=address]:checked)",
            "",
            SOON,
        )
        .await
        .map(drop)
}

/// The shop shows lines, totals, fields and note, right and once, and stays so after one more exchange.
async fn is_there_once(
    desk: &Desk,
    window: Window,
    shop: &VendureServer,
    before: &Orders,
) -> Result<()> {
    let changed = arrived(shop, before, 1).await?;
    let now = changed.first().context("one order was changed")?;
    let then = before
        .get(&now.order.id)
        .context("the order was there before")?;

    let (old, new) = (then.pieces(), now.pieces());
    ensure!(
        new.get(ADDED) == Some(&(old.get(ADDED).unwrap_or(&0) + 1)),
        "one {ADDED} was added: {old:?} -> {new:?}"
    );
    let others = |pieces: &BTreeMap<String, u32>| {
        let mut pieces = pieces.clone();
        pieces.remove(ADDED);
        pieces
    };
    let (old, new) = (others(&old), others(&new));
    let differing: Vec<_> = new
        .iter()
        .filter(|(sku, pieces)| old.get(*sku) != Some(*pieces))
        .collect();
    ensure!(
        old.len() == new.len() && matches!(differing.as_slice(), [(_, 3)]),
        "the first line has three pieces and the others what they had: {old:?} -> {new:?}"
    );
    now.adds_up()?;
    ensure!(
        now.result() == "confirmed_with_changes",
        "the order's field holds the outcome: {:?}",
        now.result()
    );
    let by = now
        .order
        .custom_fields
        .get("confirmedBy")
        .and_then(|by| by.as_str());
    ensure!(
        by == Some(ADMIN.name),
        "the order says who confirmed it: {by:?}"
    );
    ensure!(
        matches!(now.notes.as_slice(), [note] if note.contains(COMMENT)),
        "there is one note and it holds the comment: {:?}",
        now.notes
    );

    window.close().await?;
    Cli::on(&desk.data())
        .run(&["sync"])
        .await
        .context("one more exchange")?;
    let again = arrived(shop, before, 1).await?;
    ensure!(
        again == changed,
        "one more exchange changes nothing: {again:#?}"
    );
    Ok(())
}
