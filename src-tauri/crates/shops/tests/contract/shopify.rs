//! The rig of Shopify.
