//! Why a query has no answer, in words for whoever wrote it: a code that never changes, where in the text, and what to do.
//! Nothing of an inner error's text, of a plan or of a path gets in.

use serde::{Deserialize, Serialize};

use crate::model::Text;

/// The stable code of a refusal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Code {
    /// The text cannot be read as SQL.
    Syntax,
    /// It is something else than one query.
    Statement,
    /// It uses a part of SQL that is not offered.
    NotAllowed,
    /// A function that is not offered.
    UnknownFunction,
    /// No table of this name.
    UnknownTable,
    /// No column of this name.
    UnknownColumn,
    /// Two columns of the same name.
    AmbiguousColumn,
    /// A parameter has no value, is not used or cannot be one.
    Parameter,
    /// Values of kinds that do not fit together, or a wrong number of them.
    Type,
    /// Read as SQL, and without a meaning.
    Meaning,
    /// A value cannot be turned into another kind.
    Cast,
    /// A whole number or a decimal was divided by nought.
    DivisionByZero,
    /// A number is too large.
    Overflow,
    /// A number is infinite or undefined.
    NotFinite,
    /// The text is too long.
    TextLimit,
    /// The query has too many parts of some kind.
    ComplexityLimit,
    /// It took too long.
    TimeLimit,
    /// It needed too much memory.
    MemoryLimit,
    /// The answer has too many rows.
    RowLimit,
    /// The answer has too many bytes, or one of its values has.
    ByteLimit,
    /// The engine cannot run it, although it is allowed.
    Engine,
}

/// Every code.
pub const CODES: [Code; 21] = [
    Code::Syntax,
    Code::Statement,
    Code::NotAllowed,
    Code::UnknownFunction,
    Code::UnknownTable,
    Code::UnknownColumn,
    Code::AmbiguousColumn,
    Code::Parameter,
    Code::Type,
    Code::Meaning,
    Code::Cast,
    Code::DivisionByZero,
    Code::Overflow,
    Code::NotFinite,
    Code::TextLimit,
    Code::ComplexityLimit,
    Code::TimeLimit,
    Code::MemoryLimit,
    Code::RowLimit,
    Code::ByteLimit,
    Code::Engine,
];

impl Code {
    /// The code as answers have it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Syntax => "syntax",
            Self::Statement => "statement",
            Self::NotAllowed => "not-allowed",
            Self::UnknownFunction => "unknown-function",
            Self::UnknownTable => "unknown-table",
            Self::UnknownColumn => "unknown-column",
            Self::AmbiguousColumn => "ambiguous-column",
            Self::Parameter => "parameter",
            Self::Type => "type",
            Self::Meaning => "meaning",
            Self::Cast => "cast",
            Self::DivisionByZero => "division-by-zero",
            Self::Overflow => "overflow",
            Self::NotFinite => "not-finite",
            Self::TextLimit => "text-limit",
            Self::ComplexityLimit => "complexity-limit",
            Self::TimeLimit => "time-limit",
            Self::MemoryLimit => "memory-limit",
            Self::RowLimit => "row-limit",
            Self::ByteLimit => "byte-limit",
            Self::Engine => "engine",
        }
    }

    /// Whether the query asks for more than is given, rather than for something else.
    pub fn is_limit(self) -> bool {
        matches!(
            self,
            Self::TextLimit
                | Self::ComplexityLimit
                | Self::TimeLimit
                | Self::MemoryLimit
                | Self::RowLimit
                | Self::ByteLimit
        )
    }

    /// Whether the query asks for what is not offered to anybody.
    pub fn is_forbidden(self) -> bool {
        matches!(self, Self::Statement | Self::NotAllowed | Self::UnknownFunction)
    }
}

/// A place in a query's text, both from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    /// Line.
    pub line: u64,
    /// Character within the line.
    pub column: u64,
}

impl Place {
    /// Where a part of the text begins; none where the parser did not keep it.
    pub(super) fn of(span: datafusion::sql::sqlparser::tokenizer::Span) -> Option<Self> {
        let start = span.start;
        (start.line > 0).then_some(Self { line: start.line, column: start.column })
    }
}

/// Why a query has no answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[error("{}{}", .text.en, place.map(|place| format!(" (line {}, column {})", place.line, place.column)).unwrap_or_default())]
pub struct Refusal {
    /// The code.
    pub code: Code,
    /// Where.
    pub place: Option<Place>,
    /// What is wrong and what to do.
    pub text: Text,
}

impl Refusal {
    /// A refusal of the query as a whole.
    pub(super) fn new(code: Code, sv: impl Into<String>, en: impl Into<String>) -> Self {
        Self { code, place: None, text: Text::new(sv, en) }
    }

    /// The same, of a part of the text.
    #[must_use]
    pub(super) fn at(self, place: Option<Place>) -> Self {
        Self { place: self.place.or(place), ..self }
    }
}
