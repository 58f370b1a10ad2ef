//! Looks at all answers of a respondent together; single answers are checked in `answer`.

use super::{Effect, Rule, answer::MISSING};
use crate::model::Direction;

pub(in crate::ingest) const NO_ANSWERS: Rule = Rule {
    id: "no-answers",
    effect: Effect::RefuseRow,
    sv: "raden har inget svar på någon fråga; ta bort den, eller kontrollera att svaren har exporterats",
    en: "the row has no answer to any question; remove it, or check that the answers were exported",
};

pub(in crate::ingest) const STRAIGHT_LINING: Rule = Rule {
    id: "straight-lining",
    effect: Effect::Flag,
    sv: "alla svar är samma tal, både på frågor om styrkor och på frågor om belastningar; se om respondenten har läst frågorna",
    en: "all answers are the same number, to questions about strengths and to questions about burdens alike; see whether the respondent read the questions",
};

/// Fewest answers that make a pattern.
const ANSWERS_MIN: u16 = 10;

/// What is remembered of each row while its columns pass by, so that a block is read column by column.
pub(in crate::ingest) struct Patterns {
    lowest: Vec<u8>,
    highest: Vec<i8>,
    enabling: Vec<u16>,
    burdening: Vec<u16>,
    reasons: Vec<bool>,
}

impl Patterns {
    pub(in crate::ingest) fn new(rows: usize) -> Self {
        Self {
            lowest: vec![u8::MAX; rows],
            highest: vec![MISSING; rows],
            enabling: vec![0; rows],
            burdening: vec![0; rows],
            reasons: vec![false; rows],
        }
    }

    /// Takes in one question's answers, [`MISSING`] among them.
    pub(in crate::ingest) fn column(&mut self, direction: Direction, values: &[i8]) {
        let counts = match direction {
            Direction::Enabling => &mut self.enabling,
            Direction::Burdening => &mut self.burdening,
        };
        // plain loops over bytes, so that they become vector instructions; a missing answer is 128 as an unsigned number
        for (low, value) in self.lowest.iter_mut().zip(values) {
            *low = (*low).min(value.cast_unsigned());
        }
        for (high, value) in self.highest.iter_mut().zip(values) {
            *high = (*high).max(*value);
        }
        for (count, value) in counts.iter_mut().zip(values) {
            *count += u16::from(*value >= 0);
        }
    }

    /// Takes in that a row gives a reason for a missing answer.
    pub(in crate::ingest) fn reason(&mut self, row: usize) {
        self.reasons[row] = true;
    }

    /// The rule that a row breaks, if any.
    pub(in crate::ingest) fn check(&self, row: usize) -> Option<&'static Rule> {
        let (enabling, burdening) = (self.enabling[row], self.burdening[row]);
        if enabling + burdening == 0 {
            return (!self.reasons[row]).then_some(&NO_ANSWERS);
        }
        let same = self.lowest[row] == self.highest[row].cast_unsigned();
        (same && enabling > 0 && burdening > 0 && enabling + burdening >= ANSWERS_MIN).then_some(&STRAIGHT_LINING)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(enabling: &[i8], burdening: &[i8]) -> Option<&'static str> {
        let mut patterns = Patterns::new(1);
        for value in enabling {
            patterns.column(Direction::Enabling, &[*value]);
        }
        for value in burdening {
            patterns.column(Direction::Burdening, &[*value]);
        }
        patterns.check(0).map(|rule| rule.id)
    }

    #[test]
    fn the_same_answer_to_everything_is_remarkable_where_questions_point_both_ways() {
        assert_eq!(check(&[4; 6], &[4; 4]), Some("straight-lining"));
        assert_eq!(check(&[0; 6], &[0; 4]), Some("straight-lining"));
        assert_eq!(check(&[4, 4, 4, 4, 4, 4, MISSING], &[4; 4]), Some("straight-lining"));
        assert_eq!(check(&[4; 6], &[4; 3]), None);
        assert_eq!(check(&[4; 20], &[]), None);
        assert_eq!(check(&[4, 4, 4, 4, 4, 5], &[4; 4]), None);
        assert_eq!(check(&[MISSING; 6], &[MISSING; 4]), Some("no-answers"));
    }
}
