//! An operator at the desk: looks at the window, and works by keyboard alone.

use crate::cli::Account;
use crate::desk::Desk;
use crate::window::{SOON, Window};
use anyhow::{Result, bail};
use fantoccini::Locator;
use std::cell::Cell;
use std::time::Duration;

/// The timer from ten seconds on: outcomes that confirm an order are not believed of a shorter talk.
const BELIEVED_TALK: &str = "^(?!00:0)";

/// Someone at the keyboard of an open desk.
#[derive(Debug)]
pub struct Operator<'a> {
    /// The open window.
    pub window: &'a Window,
    desk: &'a Desk,
    presses: Cell<usize>,
}

impl<'a> Operator<'a> {
    /// Sits down.
    pub fn at(desk: &'a Desk, window: &'a Window) -> Self {
        Self {
            window,
            desk,
            presses: Cell::new(0),
        }
    }

    /// Signs in on the first page; the login is remembered or typed.
    pub async fn sign_in(&self, account: Account) -> Result<()> {
        self.window.holds("input[type=password]", "", SOON).await?;
        self.window.settled().await?;
        let client = self.window.client();
        let login = client
            .find(Locator::Css("input[autocomplete=username]"))
            .await?;
        login.clear().await?;
        login.send_keys(account.login).await?;
        client
            .find(Locator::Css("input[type=password]"))
            .await?
            .send_keys(account.password)
            .await?;
        self.desk.display().press(&["Enter"]).await?;
        self.window.holds("header.strip", "", SOON).await.map(drop)
    }

    /// Presses chords, one press each.
    pub async fn press(&self, chords: &[&str]) -> Result<()> {
        self.presses.set(self.presses.get() + chords.len());
        self.desk.display().press(chords).await
    }

    /// How many chords were pressed since the last time this was asked.
    pub fn presses(&self) -> usize {
        self.presses.take()
    }

    /// Types a text where the keyboard is.
    pub async fn type_text(&self, text: &str) -> Result<()> {
        self.desk.display().type_text(text).await
    }

    /// Waits until the strip says this state.
    pub async fn in_state(&self, state: &str) -> Result<()> {
        self.window
            .holds(&format!("header.strip.{state}"), "", SOON)
            .await
            .map(drop)
    }

    /// Waits until the script is at this step and returns what it says.
    pub async fn at_step(&self, step: &str) -> Result<String> {
        self.window
            .holds(
                &format!("[data-testid=script-step][data-step={step}]"),
                "",
                SOON,
            )
            .await
    }

    /// Waits until something waits to be called.
    pub async fn sees_a_queue(&self) -> Result<()> {
        self.window
            .holds(".queue [role=option] .name", "", SOON)
            .await
            .map(drop)
    }

    /// Talks until the result is believed.
    pub async fn talk_long_enough(&self) -> Result<()> {
        self.window
            .fits("header.strip.talking [role=timer]", BELIEVED_TALK, SOON)
            .await
            .map(drop)
    }

    /// Steps from field to field until the keyboard is in one that `selector` finds.
    pub async fn tab_to(&self, selector: &str) -> Result<()> {
        let there = "return document.activeElement?.matches(arguments[0]) ?? false";
        let listen = "window.focusMoved = new Promise((resolve) => {
                // Past the last element nothing may come into focus.
                addEventListener('focusout', resolve, { once: true });
                addEventListener('focusin', resolve, { once: true });
            });";
        let moved = "const [done] = arguments; window.focusMoved.then(() => done())";
        let client = self.window.client();
        for _ in 0..80 {
            let there = client.execute(there, vec![selector.into()]).await?;
            if there.as_bool() == Some(true) {
                return Ok(());
            }
            client.execute(listen, Vec::new()).await?;
            self.press(&["Tab"]).await?;
            // A key on its way when Space is pressed would take the focus along.
            client.execute_async(moved, Vec::new()).await?;
        }
        bail!("{selector} cannot be reached with Tab")
    }

    /// From ready or from a task at hand into the conversation.
    pub async fn reach_the_customer(&self) -> Result<()> {
        if self.window.count("header.strip.ready").await? > 0 {
            self.sees_a_queue().await?;
            self.press(&["F2"]).await?;
        }
        self.in_state("preview").await?;
        self.press(&["F2"]).await?;
        self.window
            .holds("header.strip.dialling, header.strip.ringing", "", SOON)
            .await?;
        self.press(&["F2"]).await?;
        self.in_state("talking").await
    }

    /// Says the greeting and answers the read-back with this digit.
    pub async fn read_back(&self, answer: &str) -> Result<()> {
        self.at_step("greeting").await?;
        self.press(&["1"]).await?;
        self.at_step("readback").await?;
        self.press(&[answer]).await
    }

    /// Hangs up and waits for the result to be asked for.
    pub async fn hang_up(&self) -> Result<()> {
        self.press(&["F8"]).await?;
        self.in_state("wrap_up").await
    }

    /// Saves and waits until the desk has moved on to the next task.
    pub async fn save(&self) -> Result<()> {
        self.press(&["Ctrl+Enter"]).await?;
        let next = "header.strip.preview, header.strip.ready";
        self.window
            .holds(next, "", Duration::from_secs(30))
            .await
            .map(drop)
    }
}
