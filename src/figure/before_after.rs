//! A registered group before and after the years of what it is for, beside all others of the same sectors over the same time. It
//! says what the published figures were, and nothing about why.
//!
//! The others' mean follows from published cells: with `N` organisations in the sectors, mean `M`, and `n` in the group, mean `g`, it
//! is `(N M - n g) / (N - n)`, off by at most `(N + n) / (N - n)` halves of the step to which the means are rounded. Where that is more
//! than two points the sectors themselves stand beside the group. The difference of the two changes is off by at most
//! `N / (N - n)` steps a year through rounding (two halves a year beside the sectors), and by chance as other differences are
//! (`uncertainty`): each year's two sides have the squared error `s² (1/n + 1/(N - n))`, or `s² (1/n - 1/N)` beside the sectors. The
//! years count as unrelated, which is the widest for results that are alike from year to year.

use std::{collections::BTreeSet, sync::Arc};

use super::{
    Difference, Edition, Indicator, Period, REGISTERED, SeriesBreak,
    uncertainty::{Pair, tenths},
};
use crate::model::Status;

/// The others' mean is not derived where it may be further off than this, percentage points.
const ERROR_MAX: f64 = 2.0;

/// Why there is no before and after.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BeforeAfterError {
    /// No such group.
    #[error("{0} is no group of this instrument; choose one of the kind `registered`")]
    UnknownGroup(String),
    /// A group of another kind, which has no before and after.
    #[error("{0} is no registered group; choose one of the kind `registered`")]
    NotRegistered(String),
    /// The publisher gives no years, and neither does the question.
    #[error("{0} has no years of its own; give the year before and the year after")]
    NoPeriod(String),
    /// A year that does not lie before or after the group's own years.
    #[error("{year} does not lie {} the years of {group}, {}", if *.is_before { "before" } else { "after" }, .period.text())]
    WrongSide {
        /// Group.
        group: String,
        /// The year.
        year: i64,
        /// Whether it was given as the year before.
        is_before: bool,
        /// The group's years.
        period: Period,
    },
    /// The year before is not before the year after.
    #[error("{before} does not lie before {after}")]
    WrongOrder {
        /// Year before.
        before: i64,
        /// Year after.
        after: i64,
    },
    /// Figures that it takes are not shown.
    #[error("{} not shown; the group is shown in {shown:?}", .missing.iter().map(|(group, year)| format!("{group} in {year}")).collect::<Vec<_>>().join(", "))]
    NotShown {
        /// What is not shown: group and year.
        missing: Vec<(String, i64)>,
        /// Years in which the group is shown.
        shown: Vec<i64>,
    },
    /// There are no others.
    #[error("{0} is all of its sectors in one of the years, and there are no others")]
    NoOthers(String),
    /// The years belong to different series.
    #[error(transparent)]
    Break(#[from] SeriesBreak),
}

impl Period {
    /// `2021-2022`, `2018` or `2019-`.
    pub fn text(&self) -> String {
        match self.to {
            Some(to) if to == self.from => to.to_string(),
            Some(to) => format!("{}-{to}", self.from),
            None => format!("{}-", self.from),
        }
    }
}

/// What stands beside the group.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Others {
    /// All others of the same sectors.
    Rest,
    /// The sectors, with the group in them.
    Sectors,
}

impl Others {
    /// The word used in tables.
    pub fn word(self) -> &'static str {
        match self {
            Self::Rest => "rest",
            Self::Sectors => "sectors",
        }
    }
}

/// The years and groups of a before and after; made once for all measures.
#[derive(Debug, Clone, PartialEq)]
pub struct BeforeAfter {
    /// Group.
    pub group: String,
    /// The group's years, where the publisher gives them.
    pub period: Option<Period>,
    /// The year before and the year after.
    pub years: [i64; 2],
    /// Sectors that the group has members in, in either year, as groups.
    pub sectors: Vec<String>,
    /// What stands beside the group.
    pub others: Others,
    /// Organisations in the group, by year.
    pub group_organisations: [i64; 2],
    /// Organisations beside it, by year.
    pub others_organisations: [i64; 2],
}

/// A measure before and after. Means are per cent, changes percentage points; pairs are before and after.
#[derive(Debug, Clone, PartialEq)]
pub struct Measured {
    /// Status word: that of the least settled figure it is made of, or why there is none; `not-applicable` where a mean is the end
    /// of the coded range.
    pub status: &'static str,
    /// The group's means.
    pub group: [Option<i64>; 2],
    /// The others' means, in tenths.
    pub others: [Option<f64>; 2],
    /// How far these may be off through rounding.
    pub others_error: [Option<f64>; 2],
    /// The group's change.
    pub group_change: Option<i64>,
    /// The others' change.
    pub others_change: Option<f64>,
    /// The group's change less the others'.
    pub difference: Option<Difference>,
    /// How far that may be off through rounding alone.
    pub difference_error: Option<f64>,
}

/// The others' mean and how far it may be off: from the mean of the whole and that of the group, rounded to steps of `step`.
fn rest(whole: (f64, f64), group: (f64, f64), step: f64) -> (f64, f64) {
    let ((all, mean), (own, of_group)) = (whole, group);
    ((all * mean - own * of_group) / (all - own), step / 2.0 * (all + own) / (all - own))
}

impl BeforeAfter {
    /// Settles years, sectors and what stands beside the group. Years that are not given follow from the group's own: the year
    /// before the first of them, and the year after the last; of a period that has not ended, the latest that is published.
    pub fn settle(
        edition: &Edition,
        instrument: &str,
        group: &str,
        before: Option<i64>,
        after: Option<i64>,
    ) -> Result<Self, BeforeAfterError> {
        let known = edition.group(instrument, group);
        let kind = &*known.ok_or_else(|| BeforeAfterError::UnknownGroup(group.to_owned()))?.kind;
        if kind != REGISTERED {
            return Err(BeforeAfterError::NotRegistered(group.to_owned()));
        }
        let period = edition.period(instrument, group);
        let years = years(edition, instrument, group, period, [before, after])?;
        edition.one_series(instrument, &years)?;
        let membership = &edition.membership;
        let members = |group: &str, year: i64| membership.members(instrument, year, group);
        let not_shown = |missing: Vec<(String, i64)>| {
            let own = membership.years(instrument);
            let shown = own.into_iter().filter(|year| members(group, *year).is_some()).collect();
            BeforeAfterError::NotShown { missing, shown }
        };
        let missing: Vec<_> = years
            .into_iter()
            .filter(|year| members(group, *year).is_none())
            .map(|year| (group.to_owned(), year))
            .collect();
        if !missing.is_empty() {
            return Err(not_shown(missing));
        }
        let everybody = years.into_iter().filter_map(|year| members(group, year)).flatten();
        let sectors: BTreeSet<Arc<str>> = everybody.filter_map(|id| edition.sector_of(id)).collect();
        let sectors: Vec<String> = sectors.iter().map(|sector| format!("sector:{sector}")).collect();
        let both = || sectors.iter().flat_map(|sector| years.map(|year| (sector.clone(), year)));
        let missing: Vec<_> = both().filter(|(sector, year)| members(sector, *year).is_none()).collect();
        if !missing.is_empty() {
            return Err(not_shown(missing));
        }
        let count = |group: &str, year: i64| members(group, year).map_or(0, |own| own.len() as i64);
        let own = years.map(|year| count(group, year));
        let whole = years.map(|year| sectors.iter().map(|sector| count(sector, year)).sum::<i64>());
        if own.iter().zip(whole).any(|(own, whole)| *own >= whole) {
            return Err(BeforeAfterError::NoOthers(group.to_owned()));
        }
        let step = f64::from(edition.release.manifest.policy.mean_step.max(1));
        let error = |at: usize| rest((whole[at] as f64, 0.0), (own[at] as f64, 0.0), step).1;
        let others = if error(0) > ERROR_MAX || error(1) > ERROR_MAX { Others::Sectors } else { Others::Rest };
        Ok(Self {
            group: group.to_owned(),
            period,
            years,
            sectors,
            others,
            group_organisations: own,
            others_organisations: match others {
                Others::Rest => [whole[0] - own[0], whole[1] - own[1]],
                Others::Sectors => whole,
            },
        })
    }

    /// A measure before and after.
    pub fn measure(&self, edition: &Edition, indicator: &Indicator) -> Measured {
        let instrument = &*indicator.instrument;
        let figure = |group: &str, year: i64| edition.figure(instrument, &indicator.key, group, year);
        let group = self.years.map(|year| figure(&self.group, year).and_then(|own| own.number()));
        let whole = self.years.map(|year| {
            let number = |sector: &String| figure(sector, year).and_then(|own| own.number());
            let parts: Option<Vec<(f64, f64)>> = self
                .sectors
                .iter()
                .map(|sector| {
                    let own = edition.membership.members(instrument, year, sector)?.len();
                    Some((own as f64, number(sector)? as f64))
                })
                .collect();
            let parts = parts?;
            let all: f64 = parts.iter().map(|(own, _)| own).sum();
            Some((all, parts.iter().map(|(own, mean)| own * mean).sum::<f64>() / all))
        });
        let mut groups = self.sectors.iter().chain([&self.group]);
        let is_coded = |group: &String| {
            self.years.iter().any(|year| figure(group, *year).is_some_and(|figure| figure.bound.is_some()))
        };
        let used: Vec<super::Figure> = self
            .years
            .iter()
            .flat_map(|year| self.sectors.iter().chain([&self.group]).filter_map(move |group| figure(group, *year)))
            .collect();
        let has = |status: Status| used.iter().any(|figure| &*figure.status == status.word());
        let status = match (group, whole) {
            // the least settled of the figures that it is made of
            ([Some(_), Some(_)], [Some(_), Some(_)]) => {
                let unsettled = [Status::Provisional, Status::Frozen].into_iter().find(|status| has(*status));
                unsettled.unwrap_or(Status::Ok).word()
            }
            _ if groups.any(is_coded) => Status::NotApplicable.word(),
            _ if has(Status::Withheld) => Status::Withheld.word(),
            _ => Status::Missing.word(),
        };
        let step = f64::from(edition.release.manifest.policy.mean_step.max(1));
        let own = self.group_organisations.map(|own| own as f64);
        // exact means with their errors, by year
        let others: [Option<(f64, f64)>; 2] = [0, 1].map(|at| {
            let (whole, group) = (whole[at]?, group[at]? as f64);
            Some(match self.others {
                Others::Rest => rest(whole, (own[at], group), step),
                Others::Sectors => (whole.1, step / 2.0),
            })
        });
        let group_change = group[1].zip(group[0]).map(|(after, before)| after - before);
        let others_change = others[1].zip(others[0]).map(|(after, before)| after.0 - before.0);
        let difference = group_change.zip(others_change).map(|(group, others)| group as f64 - others);
        let errors = others[0].zip(others[1]).map(|(before, after)| step + before.1 + after.1);
        let spread = self.years.map(|year| edition.spread(instrument, &indicator.key, year));
        let uncertainty = errors.and_then(|errors| self.uncertainty(spread, errors));
        Measured {
            status,
            group,
            others: others.map(|own| own.map(|(mean, _)| tenths(mean))),
            others_error: others.map(|own| own.map(|(_, error)| tenths(error))),
            group_change,
            others_change: others_change.map(tenths),
            difference: difference.map(|points| Difference::new(points, uncertainty)),
            difference_error: errors.map(tenths),
        }
    }

    /// Both years' chance beside the rounding.
    fn uncertainty(&self, spread: [Option<f64>; 2], errors: f64) -> Option<f64> {
        let factor = |at: usize| {
            let (own, others) = (self.group_organisations[at] as f64, self.others_organisations[at] as f64);
            match self.others {
                Others::Rest => 1.0 / own + 1.0 / others,
                Others::Sectors => 1.0 / own - 1.0 / others,
            }
        };
        let variance = spread[0]?.powi(2) * factor(0) + spread[1]?.powi(2) * factor(1);
        Pair::new(1.0, errors).uncertainty(Some(variance.sqrt()), 0.0)
    }
}

/// The years asked for, or those that follow from the group's own.
fn years(
    edition: &Edition,
    instrument: &str,
    group: &str,
    period: Option<Period>,
    [before, after]: [Option<i64>; 2],
) -> Result<[i64; 2], BeforeAfterError> {
    let none = || BeforeAfterError::NoPeriod(group.to_owned());
    let wrong_side = |year: i64, is_before: bool, period: Period| BeforeAfterError::WrongSide {
        group: group.to_owned(),
        year,
        is_before,
        period,
    };
    let latest = edition.membership.years(instrument).last().copied();
    let first_after = |period: Period| period.to.map_or(period.from, |to| to + 1);
    let before = match (before, period) {
        (Some(year), Some(period)) if year >= period.from => return Err(wrong_side(year, true, period)),
        (Some(year), _) => year,
        (None, Some(period)) => period.from - 1,
        (None, None) => return Err(none()),
    };
    let after = match (after, period) {
        (Some(year), Some(period)) if year < first_after(period) => return Err(wrong_side(year, false, period)),
        (Some(year), _) => year,
        (None, Some(period @ Period { to: None, .. })) => first_after(period).max(latest.unwrap_or_default()),
        (None, Some(period)) => first_after(period),
        (None, None) => return Err(none()),
    };
    if before < after { Ok([before, after]) } else { Err(BeforeAfterError::WrongOrder { before, after }) }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_period_is_written_as_years_are_selected() {
        let period = |from, to| Period { from, to }.text();
        assert_eq!(
            [period(2021, Some(2022)), period(2018, Some(2018)), period(2019, None)],
            ["2021-2022", "2018", "2019-"]
        );
    }

    proptest! {
        /// The mean of those who are not in the group, from rounded means, beside that from everybody's results.
        #[test]
        fn the_rest_lies_within_its_error(results in prop::collection::vec((0.0_f64..100.0, any::<bool>()), 2..60)) {
            let mean = |own: &[f64]| own.iter().sum::<f64>() / own.len() as f64;
            let all: Vec<f64> = results.iter().map(|own| own.0).collect();
            let group: Vec<f64> = results.iter().filter(|own| own.1).map(|own| own.0).collect();
            let others: Vec<f64> = results.iter().filter(|own| !own.1).map(|own| own.0).collect();
            prop_assume!(!group.is_empty() && !others.is_empty());
            let rounded = |own: &[f64]| (own.len() as f64, mean(own).round_ties_even());
            let (found, error) = rest(rounded(&all), rounded(&group), 1.0);
            prop_assert!((found - mean(&others)).abs() <= error + 1e-9, "{} {} {}", found, mean(&others), error);
            let bound = (0.5 * all.len() as f64 + 0.5 * group.len() as f64) / others.len() as f64;
            prop_assert!((error - bound).abs() < 1e-9);
        }
    }
}
