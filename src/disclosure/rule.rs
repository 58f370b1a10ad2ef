//! How a cell is written once it is decided that it exists; each rule in its own file, with its argument beside it.
//!
//! No rule reads a value to decide *whether* something is shown: refusing because values are alike would tell that they are.

pub(super) mod count;
pub(super) mod histogram;
pub(super) mod mean;
pub(super) mod quantile;
pub(super) mod respondents;
