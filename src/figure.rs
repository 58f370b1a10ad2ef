//! What the product says from published tables: figures found by key, headlines, target paths, comparisons and sentences; nothing
//! else is computed here, and nothing here sees anything that is not published.

mod before_after;
mod beside;
mod comparison;
mod course;
mod edition;
mod explained;
mod headline;
mod membership;
mod mixture;
mod named;
mod own;
mod pace;
mod peers;
mod position;
mod published;
mod registered;
mod sentence;
mod series;
mod similar;

mod strength;
mod target;
mod uncertainty;

pub use before_after::{BeforeAfter, BeforeAfterError, Measured, Others};
pub use beside::{Beside, BesideGroup, Standing};
pub use comparison::{Comparison, Method, compare};
pub use course::Course;
pub use edition::{Change, Edition, Figure, FigureError, Group, Indicator};
pub use explained::{Named, beside_each_other, caveat, explanation};
pub use headline::{Headline, headlines};
pub use membership::{Members, Membership};
pub use mixture::{Mixture, Part};
pub use own::{OwnResult, OwnResults};
pub use pace::{Pace, Span, pace};
pub use peers::{Chosen, LEAST_PEERS, Peers, PeersError};
pub use position::{Distribution, Position};
pub use published::{PublishedRow, PublishedRows};
pub use registered::{Period, REGISTERED};
pub use sentence::sentence;
pub use series::{Run, SeriesBreak};
pub use similar::Structure;
pub use strength::{Finding, Reference, Strength, Subject, categories, strengths};
pub use target::{Target, TargetPath};
pub use uncertainty::Difference;
