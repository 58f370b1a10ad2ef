//! The leverage gate: how far an organisation's result is pinned down by everything that is published together.
//!
//! Stack the published linear statistics of one measure as rows of `M`. With prior covariance `S` of the results, rounding
//! covariance `R`, and `K = M S M' + R`, no affine estimator of result `i` has a mean squared error below
//! `S_ii - (S M' K^-1 M S)_ii` on average over the prior. The *leverage* `h_i` is the subtracted part divided by `S_ii`, and the
//! *effective anonymity* is `k_eff(i) = 1 / h_i`: for one exact mean of `n` organisations it is `n`, so this is k-anonymity
//! for overlapping statistics. Source: leverage and ridge leverage in linear regression (Hoaglin & Welsch 1978).

mod shares;
mod span;
mod sparse;
mod within;
mod years;

pub(super) use within::least_beside;
pub use within::{WithinYear, within_year};
pub use years::{Observation, Prior, over_years, over_years_of};
