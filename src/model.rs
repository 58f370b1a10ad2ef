//! The words of the domain, without input or output; whatever reads, writes or computes lives elsewhere.

pub mod cell;
pub mod id;
pub mod instrument;
pub mod language;
pub mod organisation;
pub mod status;
pub mod text;
pub mod year;

pub use cell::{Bound, Mean};
pub use id::{Digest, GroupId, IndicatorId, InstrumentId, InvalidId, MappingId, OrganisationId, QuestionId};
pub use instrument::{AnsweredBy, Direction, Instrument, InstrumentKind, Level, Node, Question, Scale, Version};
pub use language::Language;
pub use organisation::{Organisation, Sector};
pub use status::Status;
pub use text::Text;
pub use year::Year;
