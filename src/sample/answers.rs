//! One respondent's answers, drawn from where the organisation and the person stand; how they are written is decided beside.

use crate::{
    model::Direction,
    sample::{
        participant::{Participant, Respondent},
        plan::Plan,
        questionnaire::{Asked, Questionnaire},
        random::Draws,
    },
};

/// An answer to a question.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Answer {
    /// The scale's label at a position.
    Label(u8),
    /// The scale's reason at a position.
    Reason(u8),
    /// Nothing, because the question was skipped or the role is not asked.
    Blank,
}

/// How far answers of one respondent to questions of the same leaf differ, in points, before they are rounded to the scale.
const ITEM_SD: f64 = 9.0;

/// The same for an organisation that answers as one: there each answer is a fact of its own.
const ITEM_SD_AS_ONE: f64 = 22.0;

/// Draws the answers of a respondent into `answers`, one for each question.
pub(super) fn draw(
    questionnaire: &Questionnaire<'_>,
    plan: &Plan,
    participant: &Participant<'_>,
    respondent: &mut Respondent,
    answers: &mut Vec<Answer>,
) {
    let draws = &mut respondent.draws;
    // a tenth of the respondents leave most of the gaps
    let missing = plan.missing * if draws.share() < 0.1 { 5.0 } else { 5.0 / 9.0 };
    let role = respondent.role.map(|role| questionnaire.instrument.roles[role].key.as_str());
    let mut leanings = vec![0.0; questionnaire.categories.len()];
    let mut items = vec![0.0; questionnaire.questions.len()];
    if participant.respondents > 1 {
        leanings.fill_with(|| draws.normal() * plan.respondent_sd / 3.0);
        items.fill_with(|| draws.normal() * ITEM_SD);
    } else {
        // centred, since there are no other respondents whose answers even them out
        items.fill_with(|| draws.normal() * ITEM_SD_AS_ONE);
        let centre = items.iter().sum::<f64>() / items.len() as f64;
        for item in &mut items {
            *item -= centre;
        }
    }
    answers.clear();
    for (asked, item) in questionnaire.questions.iter().zip(items) {
        let roles = &asked.question.roles;
        let is_asked = roles.is_empty() || role.is_some_and(|role| roles.iter().any(|known| known == role));
        answers.push(if !is_asked {
            Answer::Blank
        } else if draws.share() < missing {
            gap(asked, draws)
        } else {
            let organisation = questionnaire.course + participant.standing + participant.categories[asked.category];
            let person = respondent.leaning - participant.centre + leanings[asked.category];
            let score = within(organisation + asked.offset, person + item);
            Answer::Label(rounded(asked, score, draws))
        });
    }
}

/// A place on the scale from 0 to 100. What a person adds is cut equally on both sides: cutting only where the scale ends would
/// push means away from its nearer end.
fn within(organisation: f64, person: f64) -> f64 {
    let organisation = organisation.clamp(1.0, 99.0);
    let room = organisation.min(100.0 - organisation);
    organisation + person.clamp(-room, room)
}

fn gap(asked: &Asked<'_>, draws: &mut Draws) -> Answer {
    let reasons = &asked.scale.reasons;
    // half of the gaps are skipped questions, where the scale offers a reason at all
    let lot = (draws.share() * 2.0 * reasons.len() as f64) as usize;
    if lot < reasons.len() { Answer::Reason(lot as u8) } else { Answer::Blank }
}

/// Rounds up or down by lot, so that the mean of the answers is the score.
fn rounded(asked: &Asked<'_>, score: f64, draws: &mut Draws) -> u8 {
    let score = match asked.question.direction {
        Direction::Enabling => score,
        Direction::Burdening => 100.0 - score,
    };
    let highest = asked.scale.labels.len() - 1;
    let exact = score / 100.0 * highest as f64;
    let below = exact.floor();
    let up = draws.share() < exact - below;
    (below as usize + usize::from(up)).min(highest) as u8
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cutting_at_the_ends_leaves_means_alone() {
        for (organisation, person, expect) in
            [(50.0, 10.0, 60.0), (20.0, -35.0, 0.0), (20.0, 35.0, 40.0), (90.0, 30.0, 100.0), (-5.0, 3.0, 2.0)]
        {
            assert!((within(organisation, person) - expect).abs() < 1e-12, "{organisation} {person}");
        }
    }
}
