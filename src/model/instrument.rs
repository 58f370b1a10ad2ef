//! A survey instrument with its references resolved; the TOML that it is read from is `definition::instrument`.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::model::{IndicatorId, InstrumentId, QuestionId, Sector, Text, Year};

/// What kind of instrument it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum InstrumentKind {
    /// A self-assessment with a score from 0 to 100.
    Maturity,
    /// A list of indicators with a status each.
    Indicators,
    /// A survey of needs or interests, without a maturity score.
    Interest,
}

/// Who fills in the questionnaire.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum AnsweredBy {
    /// Several people, each for themselves.
    Respondents,
    /// The organisation as one; the answers are no personal data.
    Organisation,
}

/// Which way a high answer points.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Direction {
    /// A high answer is a strength.
    Enabling,
    /// A high answer is a burden, so the score is reversed.
    Burdening,
}

/// How far up the tree a node sits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// The whole.
    Index,
    /// A dimension, such as digital capability.
    Dimension,
    /// A category within a dimension.
    Category,
    /// A factor within a category.
    Factor,
    /// An area, in instruments without dimensions.
    Area,
}

impl Level {
    /// The word used in tables.
    pub fn word(self) -> &'static str {
        match self {
            Self::Index => "index",
            Self::Dimension => "dimension",
            Self::Category => "category",
            Self::Factor => "factor",
            Self::Area => "area",
        }
    }
}

/// A period in which the questionnaire stays the same.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Version {
    /// Name of the version.
    pub id: String,
    /// First year.
    pub year_from: Year,
    /// Last year; none while the version is in use.
    pub year_to: Option<Year>,
    /// Versions of one series can be compared; between series there is a break.
    pub series: String,
    /// What changed.
    pub note: Text,
}

/// A role that a respondent can have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Role {
    /// Key in microdata.
    pub key: String,
    /// Name.
    pub name: Text,
}

/// A point of a scale.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScaleLabel {
    /// The number stored.
    pub value: i8,
    /// The words shown to respondents.
    pub text: Text,
}

/// A reason why an answer has no value, such as *don't know*.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reason {
    /// Key in microdata.
    pub key: String,
    /// The words shown to respondents.
    pub text: Text,
}

/// The possible answers to a question.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scale {
    /// Key within the instrument.
    pub key: String,
    /// Points from lowest to highest.
    pub labels: Vec<ScaleLabel>,
    /// Reasons for a missing answer.
    pub reasons: Vec<Reason>,
}

impl Scale {
    /// The lowest number.
    pub fn min(&self) -> i8 {
        self.labels.first().map_or(0, |label| label.value)
    }

    /// The highest number.
    pub fn max(&self) -> i8 {
        self.labels.last().map_or(0, |label| label.value)
    }
}

/// A measure: a node of the instrument's tree.
#[derive(Debug, Clone, PartialEq)]
pub struct Node {
    /// Key; the same over all versions.
    pub id: IndicatorId,
    /// Position of the parent in [`Instrument::nodes`]; parents come before their children.
    pub parent: Option<usize>,
    /// Level in the tree.
    pub level: Level,
    /// Weight among its siblings.
    pub weight: f64,
    /// Name.
    pub name: Text,
}

/// A question.
#[derive(Debug, Clone, PartialEq)]
pub struct Question {
    /// Key, and the name of its microdata column.
    pub id: QuestionId,
    /// Position of its node in [`Instrument::nodes`].
    pub node: usize,
    /// Position of its scale in [`Instrument::scales`].
    pub scale: usize,
    /// Which way a high answer points.
    pub direction: Direction,
    /// Weight within its node.
    pub weight: f64,
    /// Roles that are asked; empty for all.
    pub roles: Vec<String>,
    /// Versions that have the question; empty for all.
    pub versions: Vec<String>,
    /// The statement or question.
    pub text: Text,
}

/// A survey instrument.
#[derive(Debug, Clone, PartialEq)]
pub struct Instrument {
    /// Identifier.
    pub id: InstrumentId,
    /// What kind it is.
    pub kind: InstrumentKind,
    /// Whether the questionnaire, and all data for it that we ship, are synthetic.
    pub synthetic: bool,
    /// Who answers.
    pub answered_by: AnsweredBy,
    /// Position of the node whose figure is the instrument's headline.
    pub headline: Option<usize>,
    /// Sectors that answer.
    pub sectors: Vec<Sector>,
    /// Name.
    pub name: Text,
    /// What a sentence about its headline is about, in the definite form: *Den digitala mognaden*.
    pub subject: Text,
    /// What it measures.
    pub description: Text,
    /// Where it comes from.
    pub source: Text,
    /// Least share of a node's weight that has to be answered for the node to have a score.
    pub coverage_min: f64,
    /// Versions, oldest first.
    pub versions: Vec<Version>,
    /// Roles.
    pub roles: Vec<Role>,
    /// Scales.
    pub scales: Vec<Scale>,
    /// Nodes, parents before children.
    pub nodes: Vec<Node>,
    /// Questions, in the order of the questionnaire.
    pub questions: Vec<Question>,
}

impl Instrument {
    /// The version in use in a year.
    pub fn version_in(&self, year: Year) -> Option<&Version> {
        self.versions.iter().find(|v| v.year_from <= year && v.year_to.is_none_or(|to| year <= to))
    }

    /// The questions that a version asks, in the order of the questionnaire.
    pub fn questions_in<'a>(&'a self, version: &'a Version) -> impl Iterator<Item = &'a Question> {
        self.questions.iter().filter(|q| q.versions.is_empty() || q.versions.contains(&version.id))
    }

    /// Positions of a node's children in [`Instrument::nodes`].
    pub fn children(&self, node: usize) -> impl Iterator<Item = usize> + '_ {
        (0..self.nodes.len()).filter(move |&child| self.nodes[child].parent == Some(node))
    }
}
