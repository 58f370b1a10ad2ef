//! What a synthetic survey shall look like, in numbers that are checked before anything is drawn.

use crate::{
    model::{Sector, Year},
    sample::SampleError,
};

/// A plan for synthetic surveys.
#[derive(Debug, Clone, PartialEq)]
pub struct Plan {
    /// Another seed gives another survey.
    pub seed: u64,
    /// Years, rising.
    pub years: Vec<Year>,
    /// Sectors that take part, where the instrument has them.
    pub sectors: Vec<Sector>,
    /// Expected share of each sector's organisations in the first year, 0 to 1; it rises evenly to the last year's.
    pub participation_first: f64,
    /// Expected share of each sector's organisations in the last year, 0 to 1.
    pub participation: f64,
    /// Expected share of a year's participants that take part in the plan's next year, 0 to 1; more or fewer come back where
    /// the participation could not be reached otherwise.
    pub retention: f64,
    /// Mean number of respondents in an organisation, at least 5; no organisation has fewer than 5.
    pub respondents: u32,
    /// National mean of each year in points: the unweighted mean over its participating organisations.
    pub course: Vec<f64>,
    /// Standard deviation of organisations around the national mean, in points.
    pub organisation_sd: f64,
    /// Standard deviation of an organisation's respondents around its mean, in points.
    pub respondent_sd: f64,
    /// Share of answers without a value, 0 to 0.2.
    pub missing: f64,
    /// Takes part of the organisations only, chosen by the seed.
    pub organisations_max: Option<usize>,
}

/// The fewest respondents of an organisation.
pub(super) const RESPONDENTS_MIN: u32 = 5;

/// A national course over a number of years that ends with 41 and 47 points.
pub fn national_course(years: usize) -> Vec<f64> {
    const END: [f64; 6] = [47.0, 41.0, 39.0, 37.0, 36.0, 35.0];
    let backwards = |at: usize| END.get(at).copied().unwrap_or(if at.is_multiple_of(2) { 35.5 } else { 35.0 });
    (0..years).rev().map(backwards).collect()
}

impl Plan {
    /// The usual plan: participation from a half to four fifths, 30 respondents on average, a course from 41 to 47 points in
    /// the last two years.
    pub fn new(seed: u64, years: impl IntoIterator<Item = Year>, sectors: impl IntoIterator<Item = Sector>) -> Self {
        let years: Vec<Year> = years.into_iter().collect();
        let course = national_course(years.len());
        Self {
            seed,
            years,
            sectors: sectors.into_iter().collect(),
            participation_first: 0.5,
            participation: 0.8,
            retention: 0.95,
            respondents: 30,
            course,
            organisation_sd: 10.0,
            respondent_sd: 18.0,
            missing: 0.03,
            organisations_max: None,
        }
    }

    /// The national mean of a year of the plan.
    pub(super) fn course_in(&self, year: Year) -> Option<f64> {
        let at = self.years.iter().position(|planned| *planned == year)?;
        self.course.get(at).copied()
    }

    /// Expected share of participants in the year at a position.
    pub(super) fn share_at(&self, at: usize) -> f64 {
        let last = self.years.len().saturating_sub(1);
        if at >= last {
            return self.participation;
        }
        self.participation_first + (self.participation - self.participation_first) * at as f64 / last as f64
    }

    pub(super) fn check(&self) -> Result<(), SampleError> {
        let refuse = |field, cause: &str| Err(SampleError::Plan { field, cause: cause.to_owned() });
        if !self.years.windows(2).all(|pair| pair[0] < pair[1]) {
            return refuse("years", "give each year once, in rising order");
        }
        if self.course.len() != self.years.len() {
            return refuse("course", "give one national mean for each year");
        }
        if !self.course.iter().all(|mean| (5.0..=95.0).contains(mean)) {
            return refuse("course", "a national mean lies between 5 and 95 points");
        }
        for (field, share) in [
            ("participation_first", self.participation_first),
            ("participation", self.participation),
            ("retention", self.retention),
        ] {
            if !(0.0..=1.0).contains(&share) {
                return refuse(field, "a share lies between 0 and 1");
            }
        }
        if !(0.0..=0.2).contains(&self.missing) {
            return refuse("missing", "the share of missing answers lies between 0 and 0.2");
        }
        for (field, sd) in [("organisation_sd", self.organisation_sd), ("respondent_sd", self.respondent_sd)] {
            if !(0.0..=25.0).contains(&sd) {
                return refuse(field, "a standard deviation lies between 0 and 25 points");
            }
        }
        if self.respondents < RESPONDENTS_MIN {
            return refuse("respondents", "an organisation has at least 5 respondents");
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn years(range: std::ops::RangeInclusive<u16>) -> Vec<Year> {
        range.map(|year| Year::try_from(year).unwrap()).collect()
    }

    #[test]
    fn the_course_ends_with_a_rise_of_six_points() {
        assert_eq!(national_course(5), [36.0, 37.0, 39.0, 41.0, 47.0]);
        assert_eq!(national_course(1), [47.0]);
        assert!(national_course(12).iter().all(|mean| (30.0..50.0).contains(mean)));
    }

    #[test]
    fn participation_rises_evenly() {
        let plan = Plan::new(1, years(2018..=2020), Sector::ALL);
        let shares: Vec<f64> = (0..3).map(|at| plan.share_at(at)).collect();
        assert!((shares[0] - 0.5).abs() < 1e-12 && (shares[1] - 0.65).abs() < 1e-12, "{shares:?}");
        assert!((shares[2] - 0.8).abs() < 1e-12);
        let single = Plan::new(1, years(2020..=2020), Sector::ALL);
        assert!((single.share_at(0) - 0.8).abs() < 1e-12);
    }

    #[test]
    fn a_plan_that_cannot_be_met_is_refused_by_field() {
        let good = Plan::new(1, years(2018..=2020), Sector::ALL);
        assert!(good.check().is_ok());
        let refused = |change: fn(&mut Plan)| {
            let mut plan = good.clone();
            change(&mut plan);
            match plan.check() {
                Err(SampleError::Plan { field, .. }) => field,
                other => unreachable!("{other:?}"),
            }
        };
        assert_eq!(refused(|plan| plan.years.reverse()), "years");
        assert_eq!(refused(|plan| plan.course.truncate(1)), "course");
        assert_eq!(refused(|plan| plan.course[0] = f64::NAN), "course");
        assert_eq!(refused(|plan| plan.participation = 1.5), "participation");
        assert_eq!(refused(|plan| plan.retention = -0.1), "retention");
        assert_eq!(refused(|plan| plan.respondent_sd = 60.0), "respondent_sd");
        assert_eq!(refused(|plan| plan.respondents = 4), "respondents");
    }
}
