//! A target: a value to be reached by a year, from a value in an earlier year; the path between them is `figure`'s.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Deserialize;
use toml::Spanned;

use super::{Problem, SourceFile};
use crate::model::{GroupId, IndicatorId, Instrument, InstrumentId, Text, Year};

/// A target file.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "target")]
pub struct Target {
    /// Identifier, equal to the file's name.
    pub id: String,
    /// Name.
    pub name: Text,
    /// Instrument.
    #[schemars(with = "String")]
    pub instrument: Spanned<InstrumentId>,
    /// Measure.
    #[schemars(with = "String")]
    pub indicator: Spanned<IndicatorId>,
    /// Group that the target is set for.
    pub group: GroupId,
    /// Year that the path starts from.
    pub from_year: Year,
    /// Value in that year, per cent.
    #[schemars(with = "u8")]
    pub from_value: Spanned<u8>,
    /// Year in which the target is to be reached.
    pub to_year: Year,
    /// Target value, per cent.
    #[schemars(with = "u8")]
    pub to_value: Spanned<u8>,
    /// Who set it, and where it is said.
    pub source: Text,
}

pub(super) fn read(file: &SourceFile) -> Result<Target, Vec<Problem>> {
    let target: Target = file.parse()?;
    let mut problems = Vec::new();
    for value in [&target.from_value, &target.to_value] {
        if *value.get_ref() > 100 {
            problems.push(file.at(value, "a value is per cent, 0 to 100"));
        }
    }
    if target.to_year <= target.from_year {
        problems.push(Problem::in_file(&file.path, "to_year must lie after from_year"));
    }
    if problems.is_empty() { Ok(target) } else { Err(problems) }
}

impl Target {
    pub(super) fn check(
        &self,
        file: &SourceFile,
        instruments: &BTreeMap<InstrumentId, Instrument>,
    ) -> Result<(), Vec<Problem>> {
        let Some(instrument) = instruments.get(self.instrument.get_ref()) else {
            return Err(vec![file.at(&self.instrument, format!("`{}` is no instrument", self.instrument.get_ref()))]);
        };
        if instrument.nodes.iter().any(|node| node.id == *self.indicator.get_ref()) {
            Ok(())
        } else {
            let message = format!("`{}` is no node of `{}`", self.indicator.get_ref(), instrument.id);
            Err(vec![file.at(&self.indicator, message)])
        }
    }
}
