//! What the product says from published tables: figures found by key, headlines, target paths and sentences; nothing else is computed here.

mod edition;
mod headline;
mod sentence;
mod target;

pub use edition::{Change, Edition, Figure, FigureError, Group, Indicator};
pub use headline::{Headline, headlines};
pub use sentence::sentence;
pub use target::{Target, TargetPath};
