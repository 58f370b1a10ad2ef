//! The TOML form of an instrument and its rules; the resolved form is `model::instrument`.

use std::collections::{BTreeMap, BTreeSet};

use schemars::JsonSchema;
use serde::Deserialize;
use toml::Spanned;

use super::{Problem, SourceFile};
use crate::model::{
    AnsweredBy, Direction, IndicatorId, Instrument, InstrumentId, InstrumentKind, Level, Node, Question, QuestionId,
    Scale, Sector, Text, Version, Year,
    instrument::{Reason, Role, ScaleLabel},
};

/// An instrument file.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "instrument")]
pub(super) struct InstrumentFile {
    id: InstrumentId,
    kind: InstrumentKind,
    synthetic: bool,
    answered_by: AnsweredBy,
    #[schemars(with = "Option<String>")]
    headline: Option<Spanned<String>>,
    sectors: Vec<Sector>,
    name: Text,
    subject: Option<Text>,
    description: Text,
    source: Text,
    score: ScoreFile,
    version: Vec<VersionFile>,
    #[serde(default)]
    role: Vec<RoleFile>,
    scale: Vec<ScaleFile>,
    node: Vec<NodeFile>,
    question: Vec<QuestionFile>,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct ScoreFile {
    #[schemars(with = "f64")]
    coverage_min: Spanned<f64>,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct VersionFile {
    #[schemars(with = "String")]
    id: Spanned<String>,
    year_from: Year,
    year_to: Option<Year>,
    series: String,
    note: Text,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct RoleFile {
    key: String,
    name: Text,
}

#[derive(Debug, Clone, Copy, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
enum ScaleKind {
    Likert,
    Ordinal,
    YesNo,
    Phases,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct LabelFile {
    #[schemars(with = "i8")]
    value: Spanned<i8>,
    sv: String,
    en: String,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct ReasonFile {
    key: String,
    sv: String,
    en: String,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct ScaleFile {
    #[schemars(with = "String")]
    key: Spanned<String>,
    kind: ScaleKind,
    labels: Vec<LabelFile>,
    #[serde(default)]
    reasons: Vec<ReasonFile>,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct NodeFile {
    #[schemars(with = "String")]
    key: Spanned<IndicatorId>,
    #[schemars(with = "Option<String>")]
    parent: Option<Spanned<String>>,
    level: Level,
    #[schemars(with = "Option<f64>")]
    weight: Option<Spanned<f64>>,
    name: Text,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct QuestionFile {
    #[schemars(with = "String")]
    key: Spanned<QuestionId>,
    #[schemars(with = "String")]
    node: Spanned<String>,
    #[schemars(with = "String")]
    scale: Spanned<String>,
    direction: Direction,
    #[schemars(with = "Option<f64>")]
    weight: Option<Spanned<f64>>,
    #[serde(default)]
    #[schemars(with = "Vec<String>")]
    roles: Vec<Spanned<String>>,
    #[serde(default)]
    #[schemars(with = "Vec<String>")]
    versions: Vec<Spanned<String>>,
    text: Text,
}

/// Columns that microdata have besides the questions; the year is the name of their folder.
const RESERVED: [&str; 7] = ["organisation", "unit", "role", "respondent", "round", "reasons", "year"];

pub(super) fn read(file: &SourceFile) -> Result<Instrument, Vec<Problem>> {
    let raw: InstrumentFile = file.parse()?;
    let mut problems = Vec::new();
    let versions = versions(file, &raw.version, &mut problems);
    let scales = scales(file, &raw.scale, &mut problems);
    let nodes = nodes(file, &raw.node, &mut problems);
    let questions = questions(file, &raw, &mut problems);
    let headline = raw.headline.as_ref().and_then(|key| {
        let found = nodes.iter().position(|node| node.id.as_str() == key.get_ref());
        if found.is_none() {
            problems.push(file.at(key, format!("headline `{}` is no [[node]] key", key.get_ref())));
        }
        found
    });
    let coverage_min = *raw.score.coverage_min.get_ref();
    if !(coverage_min > 0.0 && coverage_min <= 1.0) {
        problems.push(file.at(&raw.score.coverage_min, "coverage_min must be above 0 and at most 1"));
    }
    if raw.sectors.is_empty() {
        problems.push(Problem::in_file(&file.path, "sectors is empty; name at least one sector that answers"));
    }
    if !problems.is_empty() {
        return Err(problems);
    }
    let instrument = Instrument {
        id: raw.id,
        kind: raw.kind,
        synthetic: raw.synthetic,
        answered_by: raw.answered_by,
        headline,
        sectors: raw.sectors,
        subject: raw.subject.unwrap_or_else(|| raw.name.clone()),
        name: raw.name,
        description: raw.description,
        source: raw.source,
        coverage_min,
        versions,
        roles: raw.role.into_iter().map(|role| Role { key: role.key, name: role.name }).collect(),
        scales,
        nodes,
        questions,
    };
    check_leaves(file, &instrument)?;
    Ok(instrument)
}

fn versions(file: &SourceFile, raw: &[VersionFile], problems: &mut Vec<Problem>) -> Vec<Version> {
    for pair in raw.windows(2) {
        if pair[0].year_to.is_none_or(|to| to >= pair[1].year_from) {
            let message = "versions must follow each other in time; end the earlier one with year_to";
            problems.push(file.at(&pair[1].id, message));
        }
    }
    for version in raw {
        if version.year_to.is_some_and(|to| to < version.year_from) {
            problems.push(file.at(&version.id, "year_to is before year_from"));
        }
    }
    raw.iter()
        .map(|version| Version {
            id: version.id.get_ref().clone(),
            year_from: version.year_from,
            year_to: version.year_to,
            series: version.series.clone(),
            note: version.note.clone(),
        })
        .collect()
}

fn scales(file: &SourceFile, raw: &[ScaleFile], problems: &mut Vec<Problem>) -> Vec<Scale> {
    let mut seen = BTreeSet::new();
    for scale in raw {
        if !seen.insert(scale.key.get_ref()) {
            problems.push(file.at(&scale.key, format!("scale `{}` is defined twice", scale.key.get_ref())));
        }
        if scale.labels.len() < 2 {
            problems.push(file.at(&scale.key, "a scale needs at least two labels"));
        }
        if matches!(scale.kind, ScaleKind::YesNo) && scale.labels.len() != 2 {
            problems.push(file.at(&scale.key, "a yes-no scale has exactly two labels"));
        }
        for pair in scale.labels.windows(2) {
            if i16::from(*pair[1].value.get_ref()) != i16::from(*pair[0].value.get_ref()) + 1 {
                problems.push(file.at(&pair[1].value, "label values must rise by one"));
            }
        }
        if let Some(first) = scale.labels.first()
            && *first.value.get_ref() < 0
        {
            problems.push(file.at(&first.value, "label values start at 0 or above"));
        }
    }
    raw.iter()
        .map(|scale| Scale {
            key: scale.key.get_ref().clone(),
            labels: scale
                .labels
                .iter()
                .map(|label| ScaleLabel {
                    value: *label.value.get_ref(),
                    text: Text::new(label.sv.clone(), label.en.clone()),
                })
                .collect(),
            reasons: scale
                .reasons
                .iter()
                .map(|reason| Reason { key: reason.key.clone(), text: Text::new(reason.sv.clone(), reason.en.clone()) })
                .collect(),
        })
        .collect()
}

fn nodes(file: &SourceFile, raw: &[NodeFile], problems: &mut Vec<Problem>) -> Vec<Node> {
    let mut nodes: Vec<Node> = Vec::new();
    for node in raw {
        let id = node.key.get_ref();
        if nodes.iter().any(|known| known.id == *id) {
            problems.push(file.at(&node.key, format!("node `{id}` is defined twice")));
        }
        let parent = node.parent.as_ref().and_then(|key| {
            let found = nodes.iter().position(|known| known.id.as_str() == key.get_ref());
            if found.is_none() {
                let message = format!("parent `{}` is no node above this one; define the parent first", key.get_ref());
                problems.push(file.at(key, message));
            }
            found
        });
        let weight = weight(file, node.weight.as_ref(), problems);
        nodes.push(Node { id: id.clone(), parent, level: node.level, weight, name: node.name.clone() });
    }
    nodes
}

fn weight(file: &SourceFile, raw: Option<&Spanned<f64>>, problems: &mut Vec<Problem>) -> f64 {
    let Some(raw) = raw else { return 1.0 };
    let weight = *raw.get_ref();
    if !(weight.is_finite() && weight > 0.0 && weight <= 1000.0) {
        problems.push(file.at(raw, "weight must be above 0 and at most 1000"));
    }
    weight
}

fn questions(file: &SourceFile, raw: &InstrumentFile, problems: &mut Vec<Problem>) -> Vec<Question> {
    let node_at: BTreeMap<&str, usize> =
        raw.node.iter().enumerate().map(|(at, node)| (node.key.get_ref().as_str(), at)).collect();
    let mut seen = BTreeSet::new();
    let mut questions = Vec::new();
    for question in &raw.question {
        let id = question.key.get_ref();
        if !seen.insert(id.clone()) {
            problems.push(file.at(&question.key, format!("question `{id}` is defined twice")));
        }
        if RESERVED.contains(&id.as_str()) {
            problems.push(file.at(&question.key, format!("`{id}` is a column of its own; choose another key")));
        }
        let node = node_at.get(question.node.get_ref().as_str()).copied();
        if node.is_none() {
            problems.push(file.at(&question.node, format!("`{}` is no [[node]] key", question.node.get_ref())));
        }
        let scale = raw.scale.iter().position(|scale| scale.key.get_ref() == question.scale.get_ref());
        if scale.is_none() {
            problems.push(file.at(&question.scale, format!("`{}` is no [[scale]] key", question.scale.get_ref())));
        }
        for role in &question.roles {
            if !raw.role.iter().any(|known| known.key == *role.get_ref()) {
                problems.push(file.at(role, format!("`{}` is no [[role]] key", role.get_ref())));
            }
        }
        for version in &question.versions {
            if !raw.version.iter().any(|known| known.id.get_ref() == version.get_ref()) {
                problems.push(file.at(version, format!("`{}` is no [[version]] id", version.get_ref())));
            }
        }
        let weight = weight(file, question.weight.as_ref(), problems);
        if let (Some(node), Some(scale)) = (node, scale) {
            questions.push(Question {
                id: id.clone(),
                node,
                scale,
                direction: question.direction,
                weight,
                roles: question.roles.iter().map(|role| role.get_ref().clone()).collect(),
                versions: question.versions.iter().map(|version| version.get_ref().clone()).collect(),
                text: question.text.clone(),
            });
        }
    }
    questions
}

/// Questions belong to leaves, and every leaf has a question in every version: else some node could never be scored.
fn check_leaves(file: &SourceFile, instrument: &Instrument) -> Result<(), Vec<Problem>> {
    let mut problems = Vec::new();
    for (at, node) in instrument.nodes.iter().enumerate() {
        let is_leaf = instrument.children(at).next().is_none();
        if !is_leaf && instrument.questions.iter().any(|question| question.node == at) {
            let message = format!("node `{}` has both children and questions; move the questions to a leaf", node.id);
            problems.push(Problem::in_file(&file.path, message));
        }
        for version in &instrument.versions {
            if is_leaf && !instrument.questions_in(version).any(|question| question.node == at) {
                let message = format!("node `{}` has no question in version `{}`", node.id, version.id);
                problems.push(Problem::in_file(&file.path, message));
            }
        }
    }
    if problems.is_empty() { Ok(()) } else { Err(problems) }
}
