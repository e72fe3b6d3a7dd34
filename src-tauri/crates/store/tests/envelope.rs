//! What fuzzing has kept of broken key envelopes, read as before a sign-in.

#![allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]

use std::path::Path;
use store::vault::{State, Vault};

#[test]
fn no_envelope_stops_the_desk_from_saying_what_is_wrong() {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../tests/fuzz/corpus/envelope");
    let folder = tempfile::tempdir().unwrap();
    let mut read = 0;
    for file in std::fs::read_dir(corpus).unwrap() {
        let whole = std::fs::read(file.unwrap().path()).unwrap();
        for length in (0..=whole.len()).rev().take(400) {
            let part = whole.get(..length).unwrap();
            std::fs::write(folder.path().join("keys.json"), part).unwrap();
            let state = Vault::state(folder.path());
            if length < whole.trim_ascii_end().len() {
                assert!(
                    matches!(state, Ok(State::Unreadable) | Err(_)),
                    "half an envelope is neither whole nor a place for a new centre: {state:?}"
                );
            }
            read += 1;
        }
    }
    assert!(read > 50, "the corpus is there: {read} envelopes");
}
