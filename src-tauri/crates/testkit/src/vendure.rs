//! A real Vendure for tests.
