//! What tests need around the product: shops on the loopback that behave like the real ones, and
//! can be told to fail.

pub mod base;
pub mod clock;
pub mod double;
pub mod retailcrm;
pub mod shopify;
pub mod tape;
pub mod vendure;
pub mod woo;
