//! What crosses crates: the real window, driven by its real keyboard, against a real shop.

pub mod calendar;
pub mod clerk;
pub mod cli;
pub mod desk;
pub mod display;
pub mod fast_shop;
pub mod gate;
pub mod killing;
pub mod measure;
pub mod operator;
pub mod places;
pub mod process;
pub mod spent;
pub mod truth;
pub mod window;
pub mod words;
