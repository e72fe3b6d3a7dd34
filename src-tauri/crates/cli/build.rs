//! How the program is linked.

use std::io::{Write, stdout};

fn main() -> std::io::Result<()> {
    // Tables that point at each other (time zones above all) need a relocation per pointer: 24 bytes
    // each as a rule, which the loader reads through at every start; packed, a bit.
    writeln!(
        stdout(),
        "cargo::rustc-link-arg-bins=-Wl,-z,pack-relative-relocs"
    )?;
    writeln!(stdout(), "cargo::rerun-if-changed=build.rs")
}
