//! One measure of chosen peers: their published cell or their block mixture, how far off it may be, and where a value stands in it.

use std::sync::Arc;

use super::{Distribution, Edition, Position, peers::Chosen};
use crate::model::Bound;

/// How a comparison's mean came about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Method {
    /// The peers are a published group or a union of blocks: the figure is theirs, rounded.
    Exact,
    /// What is typical of their blocks.
    BlockMixture,
}

impl Method {
    /// The word used in tables.
    pub fn word(self) -> &'static str {
        match self {
            Self::Exact => "exact",
            Self::BlockMixture => "block-mixture",
        }
    }
}

/// Peers in one measure and year. Values are per cent, differences percentage points.
#[derive(Debug, Clone, PartialEq)]
pub struct Comparison {
    /// Status word.
    pub status: Arc<str>,
    /// How the mean came about.
    pub method: Method,
    /// Mean.
    pub mean: Option<i64>,
    /// Set where the mean is an end of the coded range, or mixed with one.
    pub bound: Option<Bound>,
    /// Expected error of the mean, one standard deviation; none where it is exact, or where no distribution is published.
    pub expected_error: Option<f64>,
    /// How many organisations' results the mean is made of, in effect.
    pub effective_number: f64,
    /// How the distribution came about; none where none is published.
    pub distribution_method: Option<Method>,
    /// The distribution.
    pub distribution: Option<Distribution>,
    /// Lower, middle and upper quartile, to the steps of published ones.
    pub quartiles: Option<[i64; 3]>,
    /// The target that is set for this measure of the whole public sector, and how far the mean is from it.
    pub target: Option<(i64, i64)>,
}

impl Comparison {
    /// Where a value between 0 and 100 per cent stands among the peers.
    pub fn position(&self, value: f64) -> Option<Position> {
        self.distribution.as_ref().map(|distribution| distribution.position(value))
    }
}

/// Compares in one measure and year.
pub fn compare(edition: &Edition, instrument: &str, indicator: &str, year: i64, peers: &Chosen) -> Comparison {
    let membership = &edition.membership;
    let histogram = |group: &str| membership.histogram(instrument, indicator, group, year);
    let mixture = &peers.mixture;
    let is_exact = peers.group.is_some() || mixture.is_union();
    let (status, mean, bound) = match &peers.group {
        Some(group) => match edition.figure(instrument, indicator, group, year) {
            Some(figure) => (figure.status.clone(), figure.mean, figure.bound),
            None => (Arc::from("missing"), None, None),
        },
        None => mixed(edition, instrument, indicator, year, peers),
    };
    let exact_shares = peers.group.as_deref().and_then(histogram).map(|counts| {
        let total = counts.iter().sum::<i64>().max(1) as f64;
        counts.iter().map(|count| *count as f64 / total).collect::<Vec<f64>>()
    });
    let distribution_method = match (&exact_shares, mixture.is_union()) {
        (Some(_), _) | (None, true) => Method::Exact,
        (None, false) => Method::BlockMixture,
    };
    let shares = exact_shares.or_else(|| mixture.shares(histogram));
    let policy = &edition.release.manifest.policy;
    let (width, step) = (i64::from(policy.histogram_step), i64::from(policy.quantile_step));
    let distribution = shares.map(|shares| Distribution::new(shares, width));
    let target = edition
        .target(instrument, indicator, "all", year)
        .map(|target| target.to.1)
        .zip(mean.filter(|_| bound.is_none()))
        .map(|(target, mean)| (target, target - mean));
    let spread = edition.spread(instrument, indicator, year);
    Comparison {
        status,
        method: if is_exact { Method::Exact } else { Method::BlockMixture },
        mean,
        bound,
        expected_error: spread.filter(|_| !is_exact).map(|within| mixture.expected_error(within)),
        effective_number: if is_exact { peers.members.len() as f64 } else { mixture.effective_number() },
        distribution_method: distribution.is_some().then_some(distribution_method),
        quartiles: distribution
            .as_ref()
            .map(|distribution| [0.25, 0.5, 0.75].map(|share| distribution.quantile(share, step))),
        distribution,
        target,
    }
}

/// Status, mean and bound of a mixture of blocks' figures. Where one block's mean is an end of the coded range, the mixture is
/// at most or at least what it says; where both ends are mixed, it says nothing.
fn mixed(
    edition: &Edition,
    instrument: &str,
    indicator: &str,
    year: i64,
    peers: &Chosen,
) -> (Arc<str>, Option<i64>, Option<Bound>) {
    let figures = || {
        let parts = peers.mixture.parts.iter();
        parts.filter_map(|part| edition.figure(instrument, indicator, &part.block, year))
    };
    let mean = peers
        .mixture
        .mean(|block| Some(edition.figure(instrument, indicator, block, year)?.mean? as f64))
        .map(|mean| ((mean * 1e6).round() / 1e6).round_ties_even() as i64);
    let has = |bound: Bound| figures().any(|figure| figure.bound == Some(bound));
    let (mean, bound) = match (has(Bound::Le), has(Bound::Ge)) {
        (false, false) => (mean, None),
        (true, false) => (mean, Some(Bound::Le)),
        (false, true) => (mean, Some(Bound::Ge)),
        (true, true) => (None, None),
    };
    let status = match mean {
        Some(_) => figures().map(|figure| figure.status.clone()).max().unwrap_or_else(|| Arc::from("ok")),
        None => Arc::from("missing"),
    };
    (status, mean, bound)
}
