//! The one integration-test binary: each extra one would link the engine again.

mod api;
mod architecture;
mod fixture;
mod gate;
mod ingest;
mod kill;
mod plan;
mod publish;
