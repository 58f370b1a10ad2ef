//! Registered groups of a release: the years of what they are for, such as a project's.

use std::{collections::BTreeMap, sync::Arc};

use super::{Edition, edition::Row};

/// The kind of registered groups.
pub const REGISTERED: &str = "registered";

/// The years of what a group is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Period {
    /// First year; years before it are before.
    pub from: i64,
    /// Last year; where there is none, the period has not ended.
    pub to: Option<i64>,
}

/// Periods by instrument and group, of those that have one.
#[derive(Debug, Default)]
pub(super) struct Registered(BTreeMap<(Arc<str>, Arc<str>), Period>);

impl Registered {
    /// Reads the table `registered_groups`.
    pub(super) fn read<'a>(rows: impl Iterator<Item = Row<'a>>) -> Self {
        let period = |row: &Row<'_>| Some(Period { from: row.number("from_year")?, to: row.number("to_year") });
        Self(rows.filter_map(|row| Some(((row.text("instrument"), row.text("group_id")), period(&row)?))).collect())
    }
}

impl Edition {
    /// The years of what a registered group is for, where the publisher gives them.
    pub fn period(&self, instrument: &str, group: &str) -> Option<Period> {
        self.registered.0.get(&(Arc::from(instrument), Arc::from(group))).copied()
    }
}
