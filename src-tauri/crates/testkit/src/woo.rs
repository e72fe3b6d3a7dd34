//! A double of a `WooCommerce` shop.
