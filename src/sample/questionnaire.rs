//! The questions of a year with the national profile that sample answers follow: which parts are answered higher than others.

use crate::{
    model::{Instrument, Level, Question, Scale, Version, Year},
    sample::{plan::Plan, random::Key},
};

/// A question as a sample survey asks it.
#[derive(Debug)]
pub(super) struct Asked<'a> {
    /// The question.
    pub(super) question: &'a Question,
    /// Its scale.
    pub(super) scale: &'a Scale,
    /// Position of its category in [`Questionnaire::categories`].
    pub(super) category: usize,
    /// How far the nation scores above its mean here, in points.
    pub(super) offset: f64,
}

/// The questions of a year.
#[derive(Debug)]
pub(super) struct Questionnaire<'a> {
    /// The instrument.
    pub(super) instrument: &'a Instrument,
    /// Questions in their order.
    pub(super) questions: Vec<Asked<'a>>,
    /// The share of each category (or area) in the whole; the shares add up to 1.
    pub(super) categories: Vec<f64>,
    /// The national mean, in points.
    pub(super) course: f64,
    /// What spreads around the national mean are multiplied with: below 1 where the mean is near an end of the scale.
    pub(super) spread: f64,
}

impl<'a> Questionnaire<'a> {
    /// Draws the national profile of a year. Offsets are centred among siblings with their weights, so that every node's
    /// offset is the weighted mean of its children's and the whole has none.
    pub(super) fn new(instrument: &'a Instrument, version: &'a Version, plan: &Plan, year: Year, course: f64) -> Self {
        let spread = (course.min(100.0 - course) / 35.0).min(1.0);
        let key = |subject: &str| Key::new(plan.seed, [instrument.id.as_str(), "profile", subject]);
        // strengths and weaknesses of a nation change slowly
        let blend = |steady: f64, yearly: f64| spread * (0.85 * steady + 0.15 * yearly);
        let yearly = |subject: &str| key(subject).stream(u64::from(year.number())).either_way();
        let own: Vec<f64> = (0..instrument.nodes.len())
            .map(|at| {
                let node = &instrument.nodes[at];
                let lot = |at: usize| key(instrument.nodes[at].id.as_str()).stream(0).word();
                let siblings =
                    || (0..instrument.nodes.len()).filter(|&other| instrument.nodes[other].parent == node.parent);
                // siblings share a line evenly, in an order that falls out of the lot
                let (below, all) = (siblings().filter(|&other| lot(other) < lot(at)).count(), siblings().count());
                let steady = if all > 1 { 2.0 * below as f64 / (all - 1) as f64 - 1.0 } else { 0.0 };
                reach(node.level) * blend(steady, yearly(node.id.as_str()))
            })
            .collect();

        let mut offsets = Vec::with_capacity(own.len());
        let mut shares: Vec<f64> = Vec::with_capacity(own.len());
        for (at, node) in instrument.nodes.iter().enumerate() {
            let siblings = || instrument.nodes.iter().zip(&own).filter(|(other, _)| other.parent == node.parent);
            let weight: f64 = siblings().map(|(other, _)| other.weight).sum();
            let centre = siblings().map(|(other, own)| other.weight * own).sum::<f64>() / weight;
            let (above, share) = node.parent.map_or((0.0, 1.0), |parent| (offsets[parent], shares[parent]));
            offsets.push(above + own[at] - centre);
            shares.push(share * node.weight / weight);
        }

        let mut categories: Vec<usize> = Vec::new();
        let asked: Vec<&Question> = instrument.questions_in(version).collect();
        let mut questions = Vec::with_capacity(asked.len());
        for &question in &asked {
            let own = |question: &Question| {
                4.0 * blend(key(question.id.as_str()).stream(0).either_way(), yearly(question.id.as_str()))
            };
            let siblings = || asked.iter().filter(|other| other.node == question.node);
            let weight: f64 = siblings().map(|other| other.weight).sum();
            let centre = siblings().map(|other| other.weight * own(other)).sum::<f64>() / weight;
            let node = category(instrument, question.node);
            let category = categories.iter().position(|known| *known == node).unwrap_or_else(|| {
                categories.push(node);
                categories.len() - 1
            });
            let offset = offsets[question.node] + own(question) - centre;
            questions.push(Asked { question, scale: &instrument.scales[question.scale], category, offset });
        }
        let categories = categories.into_iter().map(|node| shares[node]).collect();
        Self { instrument, questions, categories, course, spread }
    }
}

/// How far a node of the level lies from the middle of its siblings, in points. A category, with its dimension, ends at most 8
/// points from the whole.
fn reach(level: Level) -> f64 {
    match level {
        Level::Index => 0.0,
        Level::Dimension | Level::Factor => 2.0,
        Level::Category => 5.0,
        Level::Area => 6.0,
    }
}

/// The category or area that a node belongs to, or the node itself in an instrument without either.
fn category(instrument: &Instrument, leaf: usize) -> usize {
    let mut at = Some(leaf);
    while let Some(node) = at {
        if matches!(instrument.nodes[node].level, Level::Category | Level::Area) {
            return node;
        }
        at = instrument.nodes[node].parent;
    }
    leaf
}
