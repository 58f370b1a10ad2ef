//! The scores that a sample's own answers come to, for the form that has nothing but scores; real answers are scored in `score`.

use crate::{
    model::Direction,
    sample::{answers::Answer, questionnaire::Questionnaire},
};

/// Sums of respondents' scores over one organisation.
#[derive(Debug)]
pub(super) struct Tally<'a> {
    questionnaire: &'a Questionnaire<'a>,
    /// Sum of scores and number of respondents with a score, for each node.
    sums: Vec<(f64, u32)>,
}

/// The answered part of a node for one respondent.
#[derive(Debug, Clone, Copy, Default)]
struct Part {
    /// Weight of all children.
    whole: f64,
    /// Weight of the children with a score.
    answered: f64,
    /// Sum of weight times score over the children with a score.
    sum: f64,
}

impl<'a> Tally<'a> {
    pub(super) fn new(questionnaire: &'a Questionnaire<'a>) -> Self {
        Self { questionnaire, sums: vec![(0.0, 0); questionnaire.instrument.nodes.len()] }
    }

    /// Adds a respondent: questions to leaves, and from the leaves upwards, missing parts left out while enough remains.
    pub(super) fn add(&mut self, answers: &[Answer]) {
        let instrument = self.questionnaire.instrument;
        let mut parts = vec![Part::default(); instrument.nodes.len()];
        for (asked, answer) in self.questionnaire.questions.iter().zip(answers) {
            let part = &mut parts[asked.question.node];
            part.whole += asked.question.weight;
            if let Answer::Label(at) = answer {
                let score = 100.0 * f64::from(*at) / (asked.scale.labels.len() - 1) as f64;
                let reversed = asked.question.direction == Direction::Burdening;
                part.answered += asked.question.weight;
                part.sum += asked.question.weight * if reversed { 100.0 - score } else { score };
            }
        }
        // parents come before their children, so the way back meets every child before its parent
        for (at, node) in instrument.nodes.iter().enumerate().rev() {
            let part = parts[at];
            let enough = part.answered > 0.0 && part.answered >= instrument.coverage_min * part.whole;
            let score = enough.then(|| part.sum / part.answered);
            if let Some(score) = score {
                self.sums[at].0 += score;
                self.sums[at].1 += 1;
            }
            if let Some(parent) = node.parent {
                parts[parent].whole += node.weight;
                if let Some(score) = score {
                    parts[parent].answered += node.weight;
                    parts[parent].sum += node.weight * score;
                }
            }
        }
    }

    /// The mean of each node, 0 to 100, unless one has none.
    pub(super) fn means(&self) -> Option<Vec<f64>> {
        self.sums.iter().map(|(sum, count)| (*count > 0).then(|| sum / f64::from(*count))).collect()
    }
}
