//! The rig of retailCRM.
