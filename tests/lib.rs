//! What crosses crates: a real shop, a real window, faults.
