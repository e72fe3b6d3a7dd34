//! One program for all parsers: `PARSER` names the one that is fuzzed.

#![no_main]

mod parsers;

use std::sync::LazyLock;

static PARSER: LazyLock<fn(&[u8])> = LazyLock::new(|| {
    let wanted = std::env::var("PARSER").unwrap_or_default();
    let found = parsers::all().into_iter().find(|(name, _)| *name == wanted);
    let Some((_, parser)) = found else {
        let names: Vec<_> = parsers::all().into_iter().map(|(name, _)| name).collect();
        panic!("PARSER names none of {}", names.join(" "));
    };
    parser
});

libfuzzer_sys::fuzz_target!(|data: &[u8]| PARSER(data));
