//! What must not be compared, as problems: years on either side of a series break, and figures of different instruments.

use std::sync::Arc;

use super::{Problem, ProblemKind};
use crate::figure::{Edition, Run, SeriesBreak};

/// Refuses years of an instrument that lie on either side of a series break.
pub(super) fn one_series(edition: &Edition, instrument: &str, years: &[i64]) -> Result<(), Problem> {
    edition.one_series(instrument, years).map_err(|broken| series_break(&broken))
}

/// Says between which years a series is broken, and how to ask within one.
pub(super) fn series_break(broken: &SeriesBreak) -> Problem {
    let runs: Vec<String> = broken.runs.iter().map(Run::to_string).collect();
    let instrument = &broken.instrument;
    Problem::with(
        ProblemKind::SeriesBreak,
        format!(
            "Mätningen {instrument} ändrades mellan åren, så att de inte kan jämföras. Välj år inom en serie: {}.",
            runs.join(" eller ")
        ),
        format!(
            "The measurement {instrument} was changed between the years, so that they cannot be compared. Choose years of one series: {}.",
            runs.join(" or ")
        ),
    )
}

/// The one instrument of a comparison; refuses several, naming them.
pub(super) fn one_instrument(instruments: &[Arc<str>]) -> Result<Option<Arc<str>>, Problem> {
    match instruments {
        [] => Ok(None),
        [only] => Ok(Some(only.clone())),
        several => {
            let ids = several.join(", ");
            Err(Problem::with(
                ProblemKind::MixedInstruments,
                format!("Olika instrument mäter olika saker och jämförs inte. Ange instrument= med ett av: {ids}."),
                format!(
                    "Different instruments measure different things and are not compared. Give instrument= with one of: {ids}."
                ),
            ))
        }
    }
}
