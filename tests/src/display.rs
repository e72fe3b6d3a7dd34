//! A virtual display with a keyboard whose keys are pressed where a hand would press them: by
//! position, so that layouts matter as they do on a desk.

use crate::process::{line_of, run, start};
use anyhow::{Context, Result};
use std::path::Path;
use std::time::Duration;
use tokio::process::{Child, Command};

/// Width and height in pixels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Size {
    /// Pixels across.
    pub width: u32,
    /// Pixels down.
    pub height: u32,
}

/// A common small laptop.
pub const LAPTOP: Size = Size {
    width: 1366,
    height: 768,
};

/// A common office monitor.
pub const MONITOR: Size = Size {
    width: 1920,
    height: 1080,
};

/// A virtual display, closed when dropped.
#[derive(Debug)]
pub struct Display {
    name: String,
    server: Child,
}

impl Display {
    /// Opens a display on a number that is free.
    pub async fn open(size: Size) -> Result<Self> {
        let screen = format!("{}x{}x24", size.width, size.height);
        let mut command = Command::new("Xvfb");
        command
            .args([
                "-displayfd",
                "1",
                "-screen",
                "0",
                &screen,
                "-nolisten",
                "tcp",
                "-noreset",
            ])
            .stderr(std::process::Stdio::null());
        let (server, mut output) = start(&mut command)?;
        let number = line_of(&mut output, Duration::from_secs(30), |line| {
            line.trim().parse::<u32>().ok()
        })
        .await
        .context("Xvfb named no display")?;
        Ok(Self {
            name: format!(":{number}"),
            server,
        })
    }

    /// What `DISPLAY` must hold.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Closes the display now.
    pub async fn close(mut self) -> Result<()> {
        self.server.kill().await.context("Xvfb cannot be ended")
    }

    /// Switches the keyboard's layout: `us`, `ua`, `ru`, `pl`.
    pub async fn layout(&self, code: &str) -> Result<()> {
        run("setxkbmap", [code], &self.name).await.map(drop)
    }

    /// Gives the keyboard to the window of the program called `class`, as there is no window
    /// manager to do it.
    pub async fn focus(&self, class: &str) -> Result<()> {
        let arguments = [
            "search",
            "--sync",
            "--onlyvisible",
            "--class",
            class,
            "windowfocus",
            "--sync",
        ];
        run("xdotool", arguments, &self.name).await.map(drop)
    }

    /// Presses keys by their place on the keyboard, such as `F2`, `1`, `Ctrl+Enter`, one chord
    /// after the other.
    pub async fn press(&self, chords: &[&str]) -> Result<()> {
        for chord in chords {
            let codes: Vec<String> = chord
                .split('+')
                // One digit alone would be taken for the key that prints it.
                .map(|key| keycode(key).map(|code| format!("{code:02}")))
                .collect::<Option<_>>()
                .with_context(|| format!("{chord} names a key this harness does not know"))?;
            run("xdotool", ["key", &codes.join("+")], &self.name).await?;
        }
        Ok(())
    }

    /// Types a text as a person would, with keys found in the layout in force.
    pub async fn type_text(&self, text: &str) -> Result<()> {
        run("xdotool", ["type", "--delay", "1", "--", text], &self.name)
            .await
            .map(drop)
    }

    /// Writes what is on the display to `path`, a PNG.
    pub async fn picture(&self, path: &Path) -> Result<()> {
        let path = path.to_str().context("a picture's path is plain text")?;
        run("import", ["-window", "root", path], &self.name)
            .await
            .map(drop)
    }
}

/// The X keycode of a place on a PC keyboard, named by what a US layout prints there.
fn keycode(key: &str) -> Option<u8> {
    const ROWS: [(&str, u8); 4] = [
        ("1234567890", 10),
        ("QWERTYUIOP", 24),
        ("ASDFGHJKL", 38),
        ("ZXCVBNM", 52),
    ];
    let code = match key {
        "Escape" => 9,
        "Backspace" => 22,
        "Tab" => 23,
        "Enter" => 36,
        "Ctrl" => 37,
        "Shift" => 50,
        "Space" => 65,
        "F1" => 67,
        "F2" => 68,
        "F3" => 69,
        "F4" => 70,
        "F5" => 71,
        "F6" => 72,
        "F7" => 73,
        "F8" => 74,
        "F9" => 75,
        "F10" => 76,
        "Home" => 110,
        "Up" => 111,
        "Left" => 113,
        "Right" => 114,
        "Down" => 116,
        "Delete" => 119,
        _ => {
            let (keys, first) = ROWS
                .iter()
                .find(|(keys, _)| key.len() == 1 && keys.contains(key))?;
            first + u8::try_from(keys.find(key)?).ok()?
        }
    };
    Some(code)
}

#[cfg(test)]
mod tests {
    use super::keycode;

    #[test]
    fn places_are_those_of_a_pc_keyboard() {
        for (key, code) in [("1", 10), ("9", 18), ("L", 46), ("Z", 52), ("F10", 76)] {
            assert_eq!(keycode(key), Some(code), "{key} is where evdev has it");
        }
        assert_eq!(
            keycode("no such key"),
            None,
            "an unknown name presses nothing"
        );
    }
}
