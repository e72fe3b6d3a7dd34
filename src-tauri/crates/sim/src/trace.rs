//! What happened, in order: hashed always, printed on demand. Two runs of one seed give one hash.

use std::fmt;

/// The record of a day.
pub(crate) struct Trace {
    hash: u64,
    events: u64,
    is_told: bool,
}

/// FNV-1a, 64 bits.
const OFFSET: u64 = 0xCBF2_9CE4_8422_2325;
const PRIME: u64 = 0x0100_0000_01B3;

impl Trace {
    pub(crate) fn new(is_told: bool) -> Self {
        Self {
            hash: OFFSET,
            events: 0,
            is_told,
        }
    }

    /// Adds one event; `what` is written out only where it is read.
    pub(crate) fn add(
        &mut self,
        at: i64,
        code: &'static str,
        numbers: [u64; 3],
        what: impl FnOnce() -> String,
    ) {
        self.events += 1;
        let bytes = code.bytes().map(u64::from);
        for number in [at.cast_unsigned()].into_iter().chain(bytes).chain(numbers) {
            self.hash = (self.hash ^ number).wrapping_mul(PRIME);
        }
        if self.is_told {
            tell(format_args!("{} {code} {}", Stamp(at), what()));
        }
    }

    pub(crate) fn hash(&self) -> u64 {
        self.hash
    }

    pub(crate) fn events(&self) -> u64 {
        self.events
    }
}

#[expect(clippy::print_stdout, reason = "this is what `--trace` asks for")]
fn tell(line: fmt::Arguments<'_>) {
    println!("{line}");
}

/// True time of the day, to the millisecond.
struct Stamp(i64);

impl fmt::Display for Stamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (seconds, millis) = (self.0.div_euclid(1000), self.0.rem_euclid(1000));
        let (hours, minutes) = (seconds / 3600, seconds / 60 % 60);
        write!(f, "{hours:02}:{minutes:02}:{:02}.{millis:03}", seconds % 60)
    }
}
