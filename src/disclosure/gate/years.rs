//! Effective anonymity over all years and editions together, where an organisation's results in different years are alike.

use std::collections::{BTreeMap, HashMap};

use super::{
    shares::{in_shares, in_turns},
    sparse::{Factor, minimum_degree},
};

/// What a reader is credited with knowing beforehand, and how published numbers are rounded.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Prior {
    /// Standard deviation of an organisation's result, points.
    pub sd: f64,
    /// Correlation of its results in adjacent years; `rho^d` for years `d` apart.
    pub rho: f64,
    /// Step of rounding, points; a rounded number has the error variance `step^2 / 12`.
    pub rounding_step: f64,
}

/// One published linear statistic: a weighted sum of results, in which all members have the same weights.
#[derive(Debug, Clone, PartialEq)]
pub struct Observation {
    /// Organisations, by position.
    pub members: Vec<usize>,
    /// Years, by position, with the weight that each member's result of the year has.
    pub years: Vec<(usize, f64)>,
}

impl Observation {
    /// The mean of members in a year.
    pub fn mean(members: &[usize], year: usize) -> Self {
        Self { members: members.to_vec(), years: vec![(year, 1.0 / members.len() as f64)] }
    }

    /// The mean change of members from one year to another.
    pub fn change(members: &[usize], from: usize, to: usize) -> Self {
        let weight = 1.0 / members.len() as f64;
        Self { members: members.to_vec(), years: vec![(to, weight), (from, -weight)] }
    }
}

/// The effective anonymity of each result, by organisation then year; `years` are the calendar years of the positions.
///
/// `h = diag(S M' (M S M' + R)^-1 M S) / sd^2` with `S = sd^2 rho^|t-s|` within an organisation and 0 between two.
pub fn over_years(observations: &[Observation], organisations: usize, years: &[u16], prior: Prior) -> Vec<Vec<f64>> {
    let everybody: Vec<usize> = (0..organisations).collect();
    over_years_of(&everybody, observations, organisations, years, prior)
}

/// The same for some organisations only, in their order. Statistics that share no organisation have nothing to do with each
/// other, and most share none, so that `M S M' + R` is sparse.
pub fn over_years_of(
    wanted: &[usize],
    observations: &[Observation],
    organisations: usize,
    years: &[u16],
    prior: Prior,
) -> Vec<Vec<f64>> {
    let alike: Vec<Vec<f64>> =
        years.iter().map(|&a| years.iter().map(|&b| prior.rho.powi(i32::from(a.abs_diff(b)))).collect()).collect();
    let mut statistics: Vec<Vec<usize>> = vec![Vec::new(); organisations];
    for (row, observation) in observations.iter().enumerate() {
        for &member in &observation.members {
            statistics[member].push(row);
        }
    }
    let shared = shared(observations, &statistics);
    let (order, dense) =
        minimum_degree(&shared.iter().map(|own| own.iter().map(|&(row, _)| row).collect()).collect::<Vec<_>>());
    let mut place = vec![0; order.len()];
    for (at, &row) in order.iter().enumerate() {
        place[row] = at;
    }
    let rounding = prior.rounding_step * prior.rounding_step / 12.0 / (prior.sd * prior.sd);
    let factor = Factor::of(&covariance(observations, &shared, &place, &alike, rounding), dense);

    // organisations that are in the same statistics are told apart by none
    let mut kinds: Vec<&[usize]> = Vec::new();
    let mut places: HashMap<&[usize], usize> = HashMap::new();
    let kind_of: Vec<usize> = wanted
        .iter()
        .map(|&organisation| {
            let own: &[usize] = &statistics[organisation];
            *places.entry(own).or_insert_with(|| {
                kinds.push(own);
                kinds.len() - 1
            })
        })
        .collect();
    let solve = |own: &[&[usize]]| -> Vec<Vec<f64>> {
        let mut room = factor.room();
        let loads =
            |rows: &[usize]| rows.iter().map(|&row| (place[row], load(&observations[row], &alike))).collect::<Vec<_>>();
        own.iter().map(|rows| factor.squares(&loads(rows), years.len(), &mut room)).collect()
    };
    let leverages = in_shares(&kinds, solve);
    let k_eff = |h: &f64| 1.0 / h.clamp(1e-9, 1.0);
    kind_of.iter().map(|&kind| leverages[kind].iter().map(k_eff).collect()).collect()
}

/// Organisations up to which sets of bits are quicker.
const FEW: usize = 4096;

/// For each statistic those before it that it shares organisations with, itself among them, and how many it shares. `statistics`
/// says which ones each organisation is in.
fn shared(observations: &[Observation], statistics: &[Vec<usize>]) -> Vec<Vec<(usize, u32)>> {
    if statistics.len() > FEW { by_members(observations, statistics) } else { by_bits(observations, statistics) }
}

/// Members by what else they are in: in a large sector most statistics share nobody.
fn by_members(observations: &[Observation], statistics: &[Vec<usize>]) -> Vec<Vec<(usize, u32)>> {
    in_turns(observations.len(), |row| {
        let mut counts: BTreeMap<usize, u32> = BTreeMap::new();
        for &member in &observations[row].members {
            for &other in statistics[member].iter().take_while(|&&other| other <= row) {
                *counts.entry(other).or_default() += 1;
            }
        }
        counts.into_iter().collect()
    })
}

/// Sets of bits, each with those before it: in a small sector with many years most statistics share somebody.
fn by_bits(observations: &[Observation], statistics: &[Vec<usize>]) -> Vec<Vec<(usize, u32)>> {
    let words = statistics.len().div_ceil(u64::BITS as usize);
    // organisations of one block stand together, so that a block's set fills few words
    let mut order: Vec<usize> = (0..statistics.len()).collect();
    order.sort_by(|&one, &other| statistics[one].cmp(&statistics[other]).then(one.cmp(&other)));
    let mut bits = vec![0; order.len()];
    for (bit, &organisation) in order.iter().enumerate() {
        bits[organisation] = bit;
    }
    let set = |observation: &Observation| {
        let mut set = vec![0_u64; words];
        for &member in &observation.members {
            set[bits[member] / u64::BITS as usize] |= 1 << (bits[member] % u64::BITS as usize);
        }
        set
    };
    let sets: Vec<Vec<u64>> = observations.iter().map(set).collect();
    in_turns(sets.len(), |row| {
        let mut own = Vec::new();
        // most words of most statistics are empty
        let filled: Vec<(usize, u64)> = sets[row].iter().copied().enumerate().filter(|(_, word)| *word != 0).collect();
        for (other, others) in sets[..=row].iter().enumerate() {
            let mut count = 0;
            for &(at, word) in &filled {
                let both = word & others[at];
                if both != 0 {
                    count += both.count_ones();
                }
            }
            if count > 0 {
                own.push((other, count));
            }
        }
        own
    })
}

/// The rows of the lower triangle of `M S M' + R`, in units of the prior variance and in the order of `place`.
fn covariance(
    observations: &[Observation],
    shared: &[Vec<(usize, u32)>],
    place: &[usize],
    alike: &[Vec<f64>],
    rounding: f64,
) -> Vec<Vec<(usize, f64)>> {
    let mut rows: Vec<Vec<(usize, f64)>> = vec![Vec::new(); observations.len()];
    for (row, others) in shared.iter().enumerate() {
        for &(other, count) in others {
            let mut likeness = 0.0;
            for &(year, weight) in &observations[row].years {
                for &(its_year, its_weight) in &observations[other].years {
                    likeness += weight * its_weight * alike[year][its_year];
                }
            }
            let (later, earlier) = (place[row].max(place[other]), place[row].min(place[other]));
            let own = if row == other { rounding } else { 0.0 };
            rows[later].push((earlier, f64::from(count) * likeness + own));
        }
    }
    for row in &mut rows {
        row.sort_unstable_by_key(|&(column, _)| column);
    }
    rows
}

/// A statistic's covariance with a member's results in each year, in units of the prior variance.
fn load(observation: &Observation, alike: &[Vec<f64>]) -> Vec<f64> {
    let mut load = vec![0.0; alike.len()];
    for &(year, weight) in &observation.years {
        for (at, likeness) in alike[year].iter().enumerate() {
            load[at] += weight * likeness;
        }
    }
    load
}

#[cfg(test)]
mod tests {
    use super::*;

    proptest::proptest! {
        #[test]
        fn both_ways_find_the_same_shared_organisations(groups in groups()) {
            let observations: Vec<Observation> =
                groups.iter().map(|members| Observation::mean(members, 0)).collect();
            let mut statistics = vec![Vec::new(); 40];
            for (row, members) in groups.iter().enumerate() {
                for &member in members {
                    statistics[member].push(row);
                }
            }
            proptest::prop_assert_eq!(by_members(&observations, &statistics), by_bits(&observations, &statistics));
        }
    }

    /// Groups of forty organisations.
    fn groups() -> impl proptest::strategy::Strategy<Value = Vec<Vec<usize>>> {
        use proptest::{collection, strategy::Strategy as _};
        collection::vec(collection::btree_set(0..40_usize, 1..20).prop_map(|group| group.into_iter().collect()), 1..12)
    }

    const PRIOR: Prior = Prior { sd: 10.0, rho: 0.8, rounding_step: 1.0 };

    #[test]
    fn a_rounded_mean_of_n_gives_a_little_more_than_n() {
        let members: Vec<usize> = (0..8).collect();
        let found = over_years(&[Observation::mean(&members, 0)], 8, &[2020], PRIOR);
        // 1/h = n (1 + n R / (sd^2)) for one mean: h = (1/n)^2 / (1/n + R)
        let expected = 8.0 * (1.0 + 8.0 / 1200.0);
        assert!((found[0][0] - expected).abs() < 1e-9, "{} {expected}", found[0][0]);
    }

    #[test]
    fn one_that_joins_is_given_away_by_the_matched_change() {
        let (before, after): (Vec<usize>, Vec<usize>) = ((0..9).collect(), (0..10).collect());
        let rows = [Observation::mean(&before, 0), Observation::mean(&after, 1), Observation::change(&before, 0, 1)];
        let found = over_years(&rows, 10, &[2019, 2020], PRIOR);
        assert!(found[9][1] < 1.5, "the newcomer's value follows: {}", found[9][1]);
        assert!(found[0][1] > 5.0);
    }
}
