//! The promise: what leaves this module as [`Safe`] can be published, whatever is asked and however often.
//!
//! Values arrive wrapped in [`Unprotected`] and are opened only in here. What the types do not guarantee: that the rules
//! are strong enough (for sums the leverage gate proves it; for histogram classes the witness audit is to), that scores are
//! right (the oracle tests compare them), and that somebody with the private store's credentials behaves.

mod wrapper;

pub use wrapper::{Safe, Unprotected};
