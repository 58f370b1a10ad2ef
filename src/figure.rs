//! What the product says from published tables: figures found by key, headlines, target paths, comparisons and sentences; nothing
//! else is computed here, and nothing here sees anything that is not published.

mod comparison;
mod edition;
mod headline;
mod membership;
mod mixture;
mod peers;
mod position;
mod sentence;
mod similar;
mod target;

pub use comparison::{Comparison, Method, compare};
pub use edition::{Change, Edition, Figure, FigureError, Group, Indicator};
pub use headline::{Headline, headlines};
pub use membership::{Members, Membership};
pub use mixture::{Mixture, Part};
pub use peers::{Chosen, LEAST_PEERS, Peers, PeersError};
pub use position::{Distribution, Position};
pub use sentence::sentence;
pub use similar::Structure;
pub use target::{Target, TargetPath};
