//! The formulas against published values, an exact reference, each other, and the simulation.

mod chain;
mod days;
mod exact;
mod reference;
mod simulated;
mod sweeps;
