//! Sums within organisations, opened: parts of an organisation's respondents by unit and role; what is told of them is decided by
//! `own` (to the organisation itself) and `plan` (to everybody).

use std::collections::{BTreeMap, BTreeSet};

use datafusion::arrow::{
    array::{Array as _, BooleanArray, Int8Array, Int16Array, Int64Array, StringArray},
    datatypes::DataType,
};

use super::{DisclosureError, Unprotected};
use crate::{
    model::{Instrument, OrganisationId, Year},
    table::Table,
};

/// Sums within organisations of one instrument, as `score::details` makes them.
#[derive(Debug)]
pub struct Detailed<'a> {
    /// The instrument.
    pub instrument: &'a Instrument,
    /// Sums by organisation, year, round, unit and role.
    pub details: &'a Unprotected<Vec<Table>>,
    /// From which round an organisation counts.
    pub counted: &'a Unprotected<Table>,
    /// Names of the columns of a question: the sum of its answers, and the number of respondents who answered it.
    pub columns: fn(usize) -> [String; 2],
}

/// A part of an organisation's respondents, with sums of every question's answers.
#[derive(Debug, Clone, Default)]
pub(in crate::disclosure) struct Part {
    /// Everybody, whatever is answered.
    pub(in crate::disclosure) respondents: i64,
    /// Sum of answers and number of answers by question.
    pub(in crate::disclosure) questions: Vec<(i64, i64)>,
}

impl Part {
    pub(in crate::disclosure) fn add(&mut self, other: &Self) {
        self.respondents += other.respondents;
        self.questions.resize(self.questions.len().max(other.questions.len()), (0, 0));
        for (own, other) in self.questions.iter_mut().zip(&other.questions) {
            own.0 += other.0;
            own.1 += other.1;
        }
    }
}

/// Parts by unit and role.
pub(in crate::disclosure) type Parts = BTreeMap<(Option<String>, Option<String>), Part>;

/// Parts by organisation and year, of the round from which it counts.
pub(in crate::disclosure) type ByYear = BTreeMap<Year, (i8, Parts)>;

impl Detailed<'_> {
    /// Reads the parts of every organisation that counts.
    pub(in crate::disclosure) fn read(&self) -> Result<BTreeMap<OrganisationId, ByYear>, DisclosureError> {
        let counted = self.counted.expose();
        let (organisations, reported): (_, BooleanArray) =
            (counted.text("organisation")?, counted.column("reported", &DataType::Boolean)?);
        let years: Int16Array = counted.column("year", &DataType::Int16)?;
        let numbers: Int8Array = counted.column("round", &DataType::Int8)?;
        let counts: BTreeSet<(&str, i16, i8)> = (0..counted.rows())
            .filter(|&row| !reported.value(row))
            .map(|row| (organisations.value(row), years.value(row), numbers.value(row)))
            .collect();
        let mut found: BTreeMap<OrganisationId, ByYear> = BTreeMap::new();
        let questions = self.instrument.questions.len();
        for table in self.details.expose() {
            let (organisations, units, roles) = (table.text("organisation")?, table.text("unit")?, table.text("role")?);
            let years: Int16Array = table.column("year", &DataType::Int16)?;
            let numbers: Int8Array = table.column("round", &DataType::Int8)?;
            let respondents: Int64Array = table.column("respondents", &DataType::Int64)?;
            let columns = (0..questions)
                .map(|question| {
                    let [sum, scored] = (self.columns)(question);
                    Ok((table.column(&sum, &DataType::Int64)?, table.column(&scored, &DataType::Int64)?))
                })
                .collect::<Result<Vec<(Int64Array, Int64Array)>, DisclosureError>>()?;
            for row in 0..table.rows() {
                if !counts.contains(&(organisations.value(row), years.value(row), numbers.value(row))) {
                    continue;
                }
                let id = OrganisationId::parse(organisations.value(row)).map_err(|_| DisclosureError::Unregistered)?;
                let year = Year::try_from(years.value(row) as u16).map_err(|_| DisclosureError::Unregistered)?;
                let text = |column: &StringArray| (!column.is_null(row)).then(|| column.value(row).to_owned());
                let part = Part {
                    respondents: respondents.value(row),
                    questions: columns
                        .iter()
                        .map(|(sum, scored)| (if sum.is_null(row) { 0 } else { sum.value(row) }, scored.value(row)))
                        .collect(),
                };
                let own =
                    found.entry(id).or_default().entry(year).or_insert_with(|| (numbers.value(row), Parts::new()));
                own.1.entry((text(&units), text(&roles))).or_default().add(&part);
            }
        }
        Ok(found)
    }
}
