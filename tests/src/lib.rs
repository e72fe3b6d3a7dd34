//! What crosses crates: the real window, driven by its real keyboard, against a real shop.

pub mod desk;
pub mod display;
pub mod places;
pub mod process;
pub mod window;
