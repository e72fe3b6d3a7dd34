//! The rig of Base.com.
