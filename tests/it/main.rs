//! The one integration-test binary: each extra one would link the engine again.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on fails, which is what unwrap does")]

mod api;
mod architecture;
mod behaviour;
mod cli;
mod compared;
mod comparison;
mod cross;
mod described;
mod fixture;
mod formats;
mod gate;
mod ingest;
mod kill;
mod kolada;
mod noise;
mod own;
mod pages;
mod plan;
mod publish;
mod pxweb;
mod query;
mod random_sql;
mod resources;
mod revision;
mod slt;
mod witness;
