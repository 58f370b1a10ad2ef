//! Peers beside other figures: the whole public sector, their sector, the target, and a value of one's own; how the peers' own figure
//! comes about is `comparison`'s, and how far off a difference may be `uncertainty`'s.

use std::sync::Arc;

use super::{
    Chosen, Comparison, Difference, Edition, OwnResult, Peers,
    uncertainty::{Pair, Side},
};

/// A published figure beside which peers stand.
#[derive(Debug, Clone, PartialEq)]
pub struct BesideGroup {
    /// The group.
    pub group: Arc<str>,
    /// Its mean, whole per cent; none where it is not shown or coded.
    pub mean: Option<i64>,
    /// The peers' mean less this one.
    pub difference: Option<Difference>,
}

/// What stands beside the peers in one measure.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Beside {
    /// Target less the peers' mean.
    pub target: Option<Difference>,
    /// All of the public sector.
    pub all: Option<BesideGroup>,
    /// The sector of the organisation, or of all peers.
    pub sector: Option<BesideGroup>,
    /// The value less the peers' mean.
    pub value: Option<Difference>,
    /// Target less the value.
    pub value_target: Option<Difference>,
}

/// Peers of one year with the groups that they stand beside; made once for all measures.
#[derive(Debug, Clone)]
pub struct Standing {
    side: Side,
    all: Option<(Arc<str>, Pair)>,
    sector: Option<(Arc<str>, Pair)>,
}

impl Standing {
    /// Of peers, chosen for an organisation or not.
    pub fn of(edition: &Edition, instrument: &str, year: i64, organisation: Option<&str>, peers: &Chosen) -> Self {
        let side = Side::of(edition, instrument, year, peers);
        let beside = |group: String| {
            let whole = Side::of_group(edition, instrument, year, &group)?;
            Some((Arc::from(group), side.beside(&whole)))
        };
        let sector = match organisation {
            Some(id) => edition.sector_of(id),
            None => edition.common_sector(instrument, peers),
        };
        Self {
            all: beside("all".to_owned()),
            sector: sector.and_then(|sector| beside(format!("sector:{sector}"))),
            side,
        }
    }

    /// Beside what the peers stand in a measure. `value` is one's own result, or one that is tried and then has no error.
    pub fn in_measure(
        &self,
        edition: &Edition,
        [instrument, indicator]: [&str; 2],
        year: i64,
        found: &Comparison,
        value: Option<OwnResult>,
    ) -> Beside {
        let within = edition.spread(instrument, indicator, year);
        // a coded end is no number to subtract from
        let mean = found.mean.filter(|_| found.bound.is_none()).map(|mean| mean as f64);
        let reference = |(group, pair): &(Arc<str>, Pair)| {
            let own = edition.figure(instrument, indicator, group, year).and_then(|own| own.number());
            let points = mean.zip(own).map(|(mean, own)| mean - own as f64);
            let difference = points.map(|points| Difference::new(points, pair.uncertainty(within, 0.0)));
            BesideGroup { group: group.clone(), mean: own, difference }
        };
        let goal = edition.target(instrument, indicator, "all", year).map(|target| target.to.1 as f64);
        let fixed = Side::fixed(0.0);
        let of_value = |value: &OwnResult, side: &Side, from: f64, to: f64| {
            let pair = Side::fixed(value.rounding).beside(side);
            Difference::new(to - from, pair.uncertainty(within, value.error.unwrap_or(0.0)))
        };
        Beside {
            target: goal
                .zip(mean)
                .map(|(goal, mean)| Difference::new(goal - mean, self.side.beside(&fixed).uncertainty(within, 0.0))),
            all: self.all.as_ref().map(reference),
            sector: self.sector.as_ref().map(reference),
            value: value.zip(mean).map(|(value, mean)| of_value(&value, &self.side, mean, value.value)),
            value_target: value.zip(goal).map(|(value, goal)| of_value(&value, &fixed, value.value, goal)),
        }
    }
}

impl Side {
    /// A published group in a year in which it is shown itself.
    pub(super) fn of_group(edition: &Edition, instrument: &str, year: i64, group: &str) -> Option<Self> {
        let chosen = Peers::Group(group.to_owned()).choose(edition, instrument, year, None).ok()?;
        chosen.answers_for.is_none().then(|| Self::of(edition, instrument, year, &chosen))
    }
}

impl Edition {
    /// The sector that all blocks of some peers belong to.
    pub fn common_sector(&self, instrument: &str, peers: &Chosen) -> Option<Arc<str>> {
        let mut sectors = peers
            .mixture
            .parts
            .iter()
            .map(|part| self.group(instrument, &part.block).and_then(|own| own.sector.clone()));
        let first = sectors.next()??;
        sectors.all(|sector| sector.as_ref() == Some(&first)).then_some(first)
    }
}
