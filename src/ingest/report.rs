//! What is told about a file: counts and findings, never the content of a cell.

use std::{collections::BTreeMap, fmt};

use serde::Serialize;

use super::check::{Effect, Rule};

/// One thing that is wrong or remarkable.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct Finding {
    /// Row as a spreadsheet shows it: the header is row 1. None for the file as a whole.
    pub row: Option<u64>,
    /// Header of the column.
    pub column: Option<String>,
    /// Id of a rule in [`super::RULES`].
    pub rule: &'static str,
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.row, &self.column) {
            (Some(row), Some(column)) => write!(f, "row {row}, column {column}: {}", self.rule),
            (Some(row), None) => write!(f, "row {row}: {}", self.rule),
            (None, Some(column)) => write!(f, "column {column}: {}", self.rule),
            (None, None) => f.write_str(self.rule),
        }
    }
}

/// What came of reading a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Report {
    /// Name of the file, without its folder.
    pub file: String,
    /// Whether the whole file is refused, by a rule or because nothing may be found in strict mode.
    pub refused: bool,
    /// Rows of the file, header and blank rows not counted. Of a file that is refused: those read until then.
    pub rows_read: u64,
    /// Rows that were accepted, or in a check would be.
    pub rows_accepted: u64,
    /// Number of findings by rule; all are counted, whether or not they are listed.
    pub counts: BTreeMap<&'static str, u64>,
    /// Findings sorted by row, column and rule: the first ones, up to the limit.
    pub findings: Vec<Finding>,
}

impl Report {
    /// Number of all findings.
    pub fn findings_total(&self) -> u64 {
        self.counts.values().sum()
    }
}

/// Counts findings and keeps the first of them, in the order of row, column and rule.
#[derive(Debug, Default)]
pub(super) struct Tally {
    pub(super) counts: BTreeMap<&'static str, u64>,
    findings: Vec<Finding>,
    keep: usize,
    pub(super) refuses_file: bool,
}

impl Tally {
    pub(super) fn new(keep: usize) -> Self {
        Self { keep, ..Self::default() }
    }

    pub(super) fn add(&mut self, row: Option<u64>, column: Option<&str>, rule: &'static Rule) {
        *self.counts.entry(rule.id).or_default() += 1;
        self.refuses_file |= rule.effect == Effect::RefuseFile;
        self.findings.push(Finding { row, column: column.map(str::to_owned), rule: rule.id });
        // sorting only once the list has doubled keeps both memory and time in bounds
        if self.findings.len() >= self.keep.saturating_mul(2).saturating_add(1024) {
            self.shrink();
        }
    }

    fn shrink(&mut self) {
        self.findings.sort_unstable();
        self.findings.truncate(self.keep);
    }

    pub(super) fn total(&self) -> u64 {
        self.counts.values().sum()
    }

    pub(super) fn is_empty(&self) -> bool {
        self.counts.is_empty()
    }

    pub(super) fn merge(&mut self, other: Self) {
        for (rule, count) in other.counts {
            *self.counts.entry(rule).or_default() += count;
        }
        self.findings.extend(other.findings);
        self.refuses_file |= other.refuses_file;
        self.shrink();
    }

    pub(super) fn into_findings(mut self) -> (BTreeMap<&'static str, u64>, Vec<Finding>) {
        self.shrink();
        (self.counts, self.findings)
    }
}
