//! The disclosure policy and the floors that no file can go below; the mechanism it steers is `disclosure`.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Problem, SourceFile};
use crate::model::Digest;

/// Thresholds and steps of disclosure control. The defaults and their reasons are in `schemas/disclosure.toml`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "disclosure")]
pub struct Policy {
    /// Least effective anonymity of an organisation within a year.
    pub k_eff_min: f64,
    /// Least effective anonymity of an organisation over all years and editions together.
    pub k_eff_min_years: f64,
    /// Correlation of an organisation's results in adjacent years that a reader is credited with knowing.
    pub rho: f64,
    /// How many other members' exact values a reader is credited with knowing within a year: 0 to 3.
    pub insiders: u8,
    /// Least number of participating organisations in a block.
    pub min_block: usize,
    /// Least number of participating organisations in a county group or size band.
    pub min_group: usize,
    /// Least number of organisations by which a registered group differs from a catalogue group.
    pub min_difference: usize,
    /// Least number of respondents for an organisation to count.
    pub min_respondents_organisation: u32,
    /// Least number of respondents for a role to be shown to its own organisation.
    pub min_respondents_role: u32,
    /// Least number of respondents for a unit to be shown to its own organisation.
    pub min_respondents_unit: u32,
    /// Least number of organisations behind a question's figure.
    pub min_organisations_answers: usize,
    /// Least number of respondents that is shown; also the least difference between two shown numbers.
    pub min_respondents_cell: u32,
    /// Least number of organisations behind a cell of a publisher's own two-way table.
    #[serde(default = "three")]
    pub min_organisations_cell: u32,
    /// How close, per cent, an organisation may come to the largest contribution to such a cell: the p of the p% rule.
    #[serde(default = "ten")]
    pub dominance_percent: u8,
    /// Step of the shown mean, per cent.
    pub mean_step: u8,
    /// A mean at or beyond these ends is shown as the end.
    pub mean_ends: [u8; 2],
    /// Width of a histogram class, per cent.
    pub histogram_step: u8,
    /// Step of shown quantiles, per cent.
    pub quantile_step: u8,
    /// How far apart two data sets have to put an organisation's result that would be published alike, points.
    pub witness_width: u8,
    /// Greatest share of the likeliest class among such data sets.
    pub bin_probability_max: f64,
    /// Least sizes of blocks that are tried in turn until all such data sets are found; the first is `min_block`.
    pub catalogues: Vec<usize>,
    /// Prior standard deviation of organisations' results that a reader is credited with, per cent.
    pub prior_sd: f64,
}

// manifests of releases that were out before there were two-way tables lack them
fn three() -> u32 {
    3
}

fn ten() -> u8 {
    10
}

/// Least numbers of participating organisations in cells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MinCells {
    /// In a block.
    pub block: usize,
    /// In a county group or size band.
    pub group: usize,
}

/// The least that any policy may ask for, compiled in.
#[derive(Debug, Clone, Copy)]
pub struct PolicyFloor;

impl PolicyFloor {
    /// The smallest cells.
    pub const MIN_CELLS: MinCells = MinCells { block: 10, group: 8 };

    /// The finest step of a mean, per cent.
    pub const MEAN_STEP: f64 = 1.0;

    /// Name, value in the policy, floor.
    fn rows(policy: &Policy) -> [(&'static str, f64, f64); 12] {
        [
            ("k_eff_min", policy.k_eff_min, 3.0),
            ("k_eff_min_years", policy.k_eff_min_years, 2.0),
            ("min_block", policy.min_block as f64, Self::MIN_CELLS.block as f64),
            ("min_group", policy.min_group as f64, Self::MIN_CELLS.group as f64),
            ("min_respondents_organisation", f64::from(policy.min_respondents_organisation), 3.0),
            ("min_respondents_role", f64::from(policy.min_respondents_role), 3.0),
            ("min_respondents_unit", f64::from(policy.min_respondents_unit), 5.0),
            ("min_organisations_answers", policy.min_organisations_answers as f64, 10.0),
            ("min_organisations_cell", f64::from(policy.min_organisations_cell), 3.0),
            ("dominance_percent", f64::from(policy.dominance_percent), 5.0),
            ("witness_width", f64::from(policy.witness_width), 10.0),
            ("mean_step", f64::from(policy.mean_step), Self::MEAN_STEP),
        ]
    }
}

impl Policy {
    /// Digest of the policy's values, shown in every release.
    pub fn digest(&self) -> Digest {
        Digest::of(serde_json::to_string(self).unwrap_or_default().as_bytes())
    }

    /// Least numbers of participating organisations in cells.
    pub fn min_cells(&self) -> MinCells {
        MinCells { block: self.min_block, group: self.min_group }
    }

    /// What is wrong with the policy: values below a floor or outside of what the mechanism supports.
    pub fn faults(&self) -> Vec<String> {
        let mut faults: Vec<String> = PolicyFloor::rows(self)
            .into_iter()
            .filter(|(_, value, floor)| !(value.is_finite() && value >= floor))
            .map(|(name, _, floor)| format!("{name} is below the floor of {floor}, which no file can lower"))
            .collect();
        if !(self.rho >= 0.0 && self.rho < 1.0) {
            faults.push("rho must be at least 0 and below 1".to_owned());
        }
        if !(self.bin_probability_max > 0.0 && self.bin_probability_max <= 0.9) {
            faults.push("bin_probability_max must be above 0 and at most 0.9".to_owned());
        }
        let is_rising = self.catalogues.windows(2).all(|pair| pair[0] < pair[1]);
        if self.catalogues.first() != Some(&self.min_block) || !is_rising {
            faults.push("catalogues must begin with min_block and rise".to_owned());
        }
        if self.dominance_percent > 100 {
            faults.push("dominance_percent must be at most 100".to_owned());
        }
        if self.insiders > 3 {
            faults.push("insiders must be 0 to 3".to_owned());
        }
        if !(self.prior_sd > 0.0 && self.prior_sd <= 50.0) {
            faults.push("prior_sd must be above 0 and at most 50".to_owned());
        }
        if self.mean_step == 0 || 100 % self.mean_step != 0 {
            faults.push("mean_step must divide 100".to_owned());
        }
        if self.mean_ends[0] < 1 || self.mean_ends[1] > 99 || self.mean_ends[0] >= self.mean_ends[1] {
            faults.push("mean_ends must be two numbers between 1 and 99, the lower first".to_owned());
        }
        if self.histogram_step < 10 || 100 % self.histogram_step != 0 {
            faults.push("histogram_step must be at least 10 and divide 100".to_owned());
        }
        if self.quantile_step < 5 || 100 % self.quantile_step != 0 {
            faults.push("quantile_step must be at least 5 and divide 100".to_owned());
        }
        faults
    }
}

pub(super) fn read(file: &SourceFile) -> Result<Policy, Vec<Problem>> {
    let policy: Policy = file.parse()?;
    let faults = policy.faults();
    if faults.is_empty() {
        Ok(policy)
    } else {
        Err(faults
            .into_iter()
            .map(|fault| {
                let key = fault.split(' ').next().unwrap_or_default();
                let offset = file
                    .text
                    .match_indices(key)
                    .map(|(at, _)| at)
                    .find(|&at| at == 0 || file.text.as_bytes()[at - 1] == b'\n');
                match offset {
                    Some(offset) => Problem::at(&file.path, &file.text, offset, fault),
                    None => Problem::in_file(&file.path, fault),
                }
            })
            .collect())
    }
}
