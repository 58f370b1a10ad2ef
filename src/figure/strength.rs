//! Strengths: the categories of an instrument in which a group, peers or an organisation lie furthest below or above what they are
//! set beside, and only where the difference is larger than its uncertainty; what the uncertainty is made of is `uncertainty`'s.

use std::sync::Arc;

use super::{
    Chosen, Difference, Edition, Indicator, OwnResult, OwnResults, compare,
    uncertainty::{Side, beside_own_mean},
};

/// How many categories are ranked at each end.
const RANKED: usize = 3;

/// Whose strengths.
#[derive(Debug, Clone, Copy)]
pub enum Subject<'a> {
    /// A published group, or peers.
    Peers(&'a Chosen),
    /// The organisation whose results these are.
    Own(&'a OwnResults),
}

/// What a category's value is set beside.
#[derive(Debug, Clone, Copy)]
pub enum Reference<'a> {
    /// The mean of the subject's own categories: which are weak for it.
    OwnMean,
    /// The same category of these: in which it is weaker than they.
    Peers(&'a Chosen),
}

/// What is found of a category.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Finding {
    /// Below the reference by more than the uncertainty.
    Weaker,
    /// Above it by more than the uncertainty.
    Stronger,
    /// Not further from it than the uncertainty.
    WithinUncertainty,
    /// Value, reference or uncertainty is not known.
    NotKnown,
}

impl Finding {
    /// The word used in tables.
    pub fn word(self) -> &'static str {
        match self {
            Self::Weaker => "weaker",
            Self::Stronger => "stronger",
            Self::WithinUncertainty => "within-uncertainty",
            Self::NotKnown => "not-known",
        }
    }
}

/// A category. Values are per cent.
#[derive(Debug, Clone, PartialEq)]
pub struct Strength<'a> {
    /// The category.
    pub indicator: &'a Indicator,
    /// Status word of the subject's value.
    pub status: Arc<str>,
    /// The subject's value.
    pub value: Option<f64>,
    /// What it is set beside.
    pub reference: Option<f64>,
    /// Value less reference.
    pub difference: Option<Difference>,
    /// What is found.
    pub finding: Finding,
    /// Place among the weaker or the stronger, the furthest first; none beyond [`RANKED`], and none for such as are tied.
    pub rank: Option<usize>,
    /// Whether another category lies just as far from its reference, so that it has no rank of its own among the first.
    pub is_tied: bool,
}

/// A category's numbers before it is ranked.
struct Cell {
    status: Arc<str>,
    value: Option<f64>,
    reference: Option<f64>,
    uncertainty: Option<f64>,
}

/// The measures of an instrument that are ranked: its categories, or in an instrument without these the areas of its index. Measures
/// without a common index are never set beside each other.
pub fn categories<'a>(edition: &'a Edition, instrument: &str) -> Vec<&'a Indicator> {
    let of_level = |level: &str| -> Vec<&'a Indicator> {
        let own = edition.indicators.iter().filter(|own| &*own.instrument == instrument && &*own.level == level);
        own.filter(|own| own.parent.is_some()).collect()
    };
    let categories = of_level("category");
    if categories.is_empty() { of_level("area") } else { categories }
}

/// The categories of an instrument in a year, those furthest below their reference first.
pub fn strengths<'a>(
    edition: &'a Edition,
    instrument: &str,
    year: i64,
    subject: Subject<'_>,
    reference: Reference<'_>,
) -> Vec<Strength<'a>> {
    let categories = categories(edition, instrument);
    let figure_of = |indicator: &Indicator, peers: &Chosen| -> (Arc<str>, Option<f64>) {
        let found = compare(edition, instrument, &indicator.key, year, peers);
        // a coded end is no number to subtract from
        (found.status, found.mean.filter(|_| found.bound.is_none()).map(|mean| mean as f64))
    };
    let own = |indicator: &Indicator| match subject {
        Subject::Own(own) => own.get(instrument, &indicator.key, year),
        Subject::Peers(_) => None,
    };
    let value = |indicator: &Indicator| match subject {
        Subject::Own(_) => match own(indicator) {
            Some(own) => (Arc::from("ok"), Some(own.value)),
            None => (Arc::from("missing"), None),
        },
        Subject::Peers(peers) => figure_of(indicator, peers),
    };
    let values: Vec<(Arc<str>, Option<f64>)> = categories.iter().map(|indicator| value(indicator)).collect();
    let spread = |indicator: &Indicator| edition.spread(instrument, &indicator.key, year);
    let side = match subject {
        Subject::Peers(peers) => Side::of(edition, instrument, year, peers),
        Subject::Own(_) => Side::fixed(OwnResult::ROUNDING),
    };
    let references: Vec<(Option<f64>, Option<f64>)> = match reference {
        Reference::Peers(others) => {
            let pair = side.beside(&Side::of(edition, instrument, year, others));
            let reference = |indicator: &&Indicator| {
                let error = own(indicator).and_then(|own| own.error).unwrap_or(0.0);
                (figure_of(indicator, others).1, pair.uncertainty(spread(indicator), error))
            };
            categories.iter().map(reference).collect()
        }
        Reference::OwnMean => {
            // categories that are not shown have no part in the mean, and one alone has nothing beside it
            let shown: Vec<usize> = (0..categories.len()).filter(|&at| values[at].1.is_some()).collect();
            let mean = shown.iter().filter_map(|&at| values[at].1).sum::<f64>() / shown.len().max(1) as f64;
            let spreads: Vec<Option<f64>> = shown.iter().map(|&at| spread(categories[at])).collect();
            let errors: Option<Vec<f64>> = shown.iter().map(|&at| own(categories[at])?.error).collect();
            let reference = |at: usize| {
                let place = shown.iter().position(|&own| own == at).filter(|_| shown.len() > 1);
                let uncertainty = place.and_then(|place| match subject {
                    Subject::Peers(_) => side.beside_own_mean(place, &spreads),
                    Subject::Own(_) => Some(beside_own_mean(OwnResult::ROUNDING, place, errors.as_ref()?)),
                });
                (place.map(|_| mean), uncertainty)
            };
            (0..categories.len()).map(reference).collect()
        }
    };
    let cell = |((status, value), (reference, uncertainty))| Cell { status, value, reference, uncertainty };
    let cells = values.into_iter().zip(references).map(cell).collect();
    ranked(categories, cells)
}

fn ranked<'a>(categories: Vec<&'a Indicator>, cells: Vec<Cell>) -> Vec<Strength<'a>> {
    let found = |(indicator, cell): (&'a Indicator, Cell)| {
        let points = cell.value.zip(cell.reference).map(|(value, reference)| value - reference);
        let difference = points.map(|points| Difference::new(points, cell.uncertainty));
        let finding = match difference.map(|own| (own.exceeds(), own.points < 0.0)) {
            Some((Some(true), true)) => Finding::Weaker,
            Some((Some(true), false)) => Finding::Stronger,
            Some((Some(false), _)) => Finding::WithinUncertainty,
            Some((None, _)) | None => Finding::NotKnown,
        };
        let (value, reference) = (cell.value, cell.reference.map(super::uncertainty::tenths));
        Strength { indicator, status: cell.status, value, reference, difference, finding, rank: None, is_tied: false }
    };
    let mut all: Vec<Strength<'a>> = categories.into_iter().zip(cells).map(found).collect();
    let points = |own: &Strength<'_>| own.difference.map_or(f64::INFINITY, |difference| difference.points);
    // equal ones stay in the order of the instrument's tree
    all.sort_by(|a, b| points(a).total_cmp(&points(b)));
    for finding in [Finding::Weaker, Finding::Stronger] {
        let places: Vec<(usize, f64)> = all
            .iter()
            .enumerate()
            .filter(|(_, own)| own.finding == finding)
            .map(|(place, own)| (place, points(own).abs()))
            .collect();
        for &(place, own) in &places {
            let further = places.iter().filter(|(_, other)| *other > own).count();
            let alike = places.iter().filter(|(_, other)| (other - own).abs() < 1e-9).count();
            if further < RANKED {
                all[place].is_tied = alike > 1;
                all[place].rank = (alike == 1).then_some(further + 1);
            }
        }
    }
    all
}

impl Strength<'_> {
    /// Whether it is one of the weakest: ranked, or tied with such.
    pub fn is_weakest(&self) -> bool {
        self.finding == Finding::Weaker && (self.rank.is_some() || self.is_tied)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::model::Text;

    fn indicators(count: usize) -> Vec<Indicator> {
        let indicator = |at: usize| Indicator {
            instrument: Arc::from("i"),
            key: Arc::from(format!("c{at}")),
            name: Text::new("", ""),
            parent: Some(Arc::from("index")),
            level: Arc::from("category"),
            subject: Text::new("", ""),
            headline: false,
        };
        (0..count).map(indicator).collect()
    }

    fn rank(indicators: &[Indicator], cells: &[(i64, i64)]) -> Vec<(String, &'static str, Option<usize>, bool)> {
        let cell = |&(difference, uncertainty): &(i64, i64)| Cell {
            status: Arc::from("ok"),
            value: Some(50.0 + difference as f64),
            reference: Some(50.0),
            uncertainty: (uncertainty >= 0).then_some(uncertainty as f64),
        };
        ranked(indicators.iter().collect(), cells.iter().map(cell).collect())
            .into_iter()
            .map(|own| (own.indicator.key.to_string(), own.finding.word(), own.rank, own.is_tied))
            .collect()
    }

    #[test]
    fn what_does_not_exceed_or_is_tied_has_no_rank() {
        let all = indicators(7);
        let found = rank(&all, &[(-2, 2), (-3, 2), (-5, 2), (-3, 2), (-4, -1), (6, 2), (9, 2)]);
        let expected = [
            ("c2", "weaker", Some(1), false),
            ("c4", "not-known", None, false),
            ("c1", "weaker", None, true),
            ("c3", "weaker", None, true),
            ("c0", "within-uncertainty", None, false),
            ("c5", "stronger", Some(2), false),
            ("c6", "stronger", Some(1), false),
        ];
        assert_eq!(found, expected.map(|(key, word, rank, tied)| (key.to_owned(), word, rank, tied)));
        // a tie across the last place takes nobody in, and what lies nearer has no place
        let found = rank(&all[..5], &[(-9, 2), (-8, 2), (-5, 2), (-5, 2), (-4, 2)]);
        let places: Vec<(Option<usize>, bool)> = found.iter().map(|own| (own.2, own.3)).collect();
        assert_eq!(places, [(Some(1), false), (Some(2), false), (None, true), (None, true), (None, false)]);
    }

    proptest! {
        #[test]
        fn ranks_are_those_of_counting(cells in prop::collection::vec((-9_i64..10, 0_i64..6), 1..9)) {
            let all = indicators(cells.len());
            for (key, word, place, tied) in rank(&all, &cells) {
                let at: usize = key[1..].parse().unwrap();
                let (own, uncertainty) = cells[at];
                let exceeds = |(difference, uncertainty): (i64, i64)| difference.abs() > uncertainty;
                let expected = match (exceeds(cells[at]), own < 0) {
                    (false, _) => "within-uncertainty",
                    (true, true) => "weaker",
                    (true, false) => "stronger",
                };
                prop_assert_eq!(word, expected, "{} {}", own, uncertainty);
                let same = cells.iter().filter(|other| exceeds(**other) && (other.0 < 0) == (own < 0));
                let further = same.clone().filter(|other| other.0.abs() > own.abs()).count();
                let alike = same.filter(|other| other.0 == own).count();
                let counts = exceeds(cells[at]) && further < 3;
                prop_assert_eq!(place, (counts && alike == 1).then_some(further + 1));
                prop_assert_eq!(tied, counts && alike > 1);
            }
        }
    }
}
