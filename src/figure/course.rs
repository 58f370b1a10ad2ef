//! The courses of a release: which are for a measure, a role and a day; which measures are weak is `strength`'s.

use std::{collections::BTreeSet, sync::Arc};

use super::{
    Edition,
    edition::{Row, rows},
};
use crate::model::Text;

/// A published course.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Course {
    /// Identifier.
    pub id: Arc<str>,
    /// Instrument.
    pub instrument: Arc<str>,
    /// Measures that it is for.
    pub indicators: Vec<Arc<str>>,
    /// Roles that it is for; empty for all.
    pub roles: Vec<Arc<str>>,
    /// Name.
    pub name: Text,
    /// Who gives it.
    pub provider: Arc<str>,
    /// Where it is described.
    pub url: Arc<str>,
    /// First day on which it is offered, `2020-09-01`.
    pub valid_from: Option<Arc<str>>,
    /// Last day on which it is offered.
    pub valid_to: Option<Arc<str>>,
}

impl Course {
    pub(super) fn read(row: &Row<'_>) -> Self {
        let list = |column: &str| row.text(column).split_whitespace().map(Arc::from).collect();
        Self {
            id: row.text("course"),
            instrument: row.text("instrument"),
            indicators: list("indicators"),
            roles: list("roles"),
            name: row.both("name"),
            provider: row.text("provider"),
            url: row.text("url"),
            valid_from: row.maybe("valid_from"),
            valid_to: row.maybe("valid_to"),
        }
    }

    /// Whether it is for a role: one that names none is for all.
    pub fn is_for_role(&self, role: &str) -> bool {
        self.roles.is_empty() || self.roles.iter().any(|own| &**own == role)
    }

    /// Whether it is offered on a day, `2020-09-01`.
    pub fn is_offered_on(&self, day: &str) -> bool {
        !self.has_ended(day) && self.valid_from.as_deref().is_none_or(|first| first <= day)
    }

    /// Whether its last day lies before a day, `2020-09-01`.
    pub fn has_ended(&self, day: &str) -> bool {
        self.valid_to.as_deref().is_some_and(|last| last < day)
    }
}

impl Edition {
    /// Courses for a measure or for a part of it, for a role where one is given, that had not ended when the release was published.
    pub fn courses_for<'a>(
        &'a self,
        instrument: &'a str,
        indicator: &'a str,
        role: Option<&'a str>,
    ) -> impl Iterator<Item = &'a Course> {
        let published: &str = self.meta.published_at.get(..10).unwrap_or_default();
        self.courses.iter().filter(move |course| {
            &*course.instrument == instrument
                && self.is_for(course, indicator)
                && role.is_none_or(|role| course.is_for_role(role))
                && !course.has_ended(published)
        })
    }

    /// Whether a course is for a measure of its instrument, or for a part of it.
    pub fn is_for(&self, course: &Course, indicator: &str) -> bool {
        course.indicators.iter().any(|own| self.is_within(&course.instrument, own, indicator))
    }

    /// The roles that answers are told apart by, or that courses name, in the instruments that are wanted.
    pub fn roles(&self, wanted: impl Fn(&str) -> bool) -> BTreeSet<Arc<str>> {
        let answers = self.table("answers_by_group");
        let answers =
            answers.and_then(|table| table.checked(table.distinct(&["instrument", "role"]))).unwrap_or_default();
        let told = rows(&answers).filter(|row| wanted(&row.text("instrument"))).map(|row| row.text("role"));
        let named = self.courses.iter().filter(|course| wanted(&course.instrument)).flat_map(|own| own.roles.clone());
        // all respondents together are no role
        told.filter(|role| &**role != "all").chain(named).collect()
    }

    /// Whether a measure is another one or lies below it in the instrument's tree.
    fn is_within(&self, instrument: &str, indicator: &str, whole: &str) -> bool {
        let mut at = Some(indicator);
        while let Some(key) = at {
            if key == whole {
                return true;
            }
            at = self.indicator(instrument, key).and_then(|own| own.parent.as_deref());
        }
        false
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn courses_end_on_their_last_day_and_are_for_their_roles() {
        let none = Arc::<str>::from("");
        let course = |roles: &[&str], valid_to: Option<&str>| Course {
            id: none.clone(),
            instrument: none.clone(),
            indicators: Vec::new(),
            roles: roles.iter().map(|role| Arc::from(*role)).collect(),
            name: Text::new("", ""),
            provider: none.clone(),
            url: none.clone(),
            valid_from: None,
            valid_to: valid_to.map(Arc::from),
        };
        let until = course(&["leader"], Some("2021-05-14"));
        assert_eq!(["2021-05-13", "2021-05-14", "2021-05-15"].map(|day| until.has_ended(day)), [false, false, true]);
        assert!(!course(&[], None).has_ended("2099-01-01"));
        let from = Course { valid_from: Some(Arc::from("2021-01-01")), ..until.clone() };
        assert_eq!(["2020-12-31", "2021-01-01", "2021-05-15"].map(|day| from.is_offered_on(day)), [false, true, false]);
        assert!(until.is_for_role("leader") && !until.is_for_role("staff") && course(&[], None).is_for_role("staff"));
    }
}
