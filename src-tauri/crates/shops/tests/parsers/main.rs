//! What fuzzing has kept, through the same parsers, without a fuzzer: `tests/fuzz/corpus/PARSER/`.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    unexpected_cfgs,
    reason = "a test stops at the first surprise; the store's own parser is read in the store's tests"
)]

#[path = "../../../../../tests/fuzz/src/parsers.rs"]
mod parsers;

mod seeds;

use std::path::Path;

#[test]
fn the_corpus_is_read_without_a_panic() {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../tests/fuzz/corpus");
    let mut read = 0;
    for (name, parser) in parsers::all() {
        let folder = corpus.join(name);
        let files = std::fs::read_dir(&folder);
        let files = files.unwrap_or_else(|_| panic!("{} has no seed", folder.display()));
        let mut own = 0;
        for file in files {
            let path = file.unwrap().path();
            let data = std::fs::read(&path).unwrap();
            let outcome = std::panic::catch_unwind(|| parser(&data));
            assert!(outcome.is_ok(), "{} stops {name}", path.display());
            own += 1;
        }
        assert!(own > 0, "{name} has a seed to start from");
        read += own;
    }
    assert!(read > 100, "the corpus is there: {read} files");
}
