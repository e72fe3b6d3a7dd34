//! The formulas against published values, an exact reference, each other, and the simulation.

mod chain;
mod exact;
mod reference;
mod sweeps;
