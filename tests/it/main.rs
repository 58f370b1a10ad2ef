//! The one integration-test binary: each extra one would link the engine again.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on fails, which is what unwrap does")]

mod api;
mod architecture;
mod cli;
mod comparison;
mod cross;
mod fixture;
mod gate;
mod ingest;
mod kill;
mod noise;
mod own;
mod plan;
mod publish;
mod revision;
mod slt;
mod witness;
