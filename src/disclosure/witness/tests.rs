//! Tests of the witness search; the rounds they search are made in `rounds`.

mod awkward;
mod cooling;
mod ordinary;
pub(super) mod rounds;
