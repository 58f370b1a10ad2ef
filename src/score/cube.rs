//! Sums of organisations' scores over groups, classes and matched panels; rounding and refusal are `disclosure`'s.

use super::{Engine, OrganisationScores, ScoreError};
use crate::{
    definition::{Policy, Sql},
    disclosure::Unprotected,
    table::Table,
};

/// The sums that cells are made of, over memberships decided before any value was read.
#[derive(Debug)]
pub struct Cells {
    /// `group_id`, `year`, `measure`, `organisations`, `sum` (millionths of a point), `respondents` (null where unknown).
    pub sums: Unprotected<Table>,
    /// `group_id`, `year`, `measure`, `class` (from 0), `organisations`.
    pub classes: Unprotected<Table>,
    /// `group_id`, `year`, `measure`, `organisations`, `sum_change` (millionths): organisations in both years.
    pub matched: Unprotected<Table>,
}

/// Computes the sums of all cells. `memberships` has `group_id`, `organisation`, `year`; `panels` the same for groups whose
/// matched panel may be published.
pub async fn cells(
    engine: &Engine,
    sql: &Sql,
    policy: &Policy,
    scores: OrganisationScores,
    memberships: &Table,
    panels: &Table,
) -> Result<Cells, ScoreError> {
    scores.map_async(|scores| async move { engine.stage("organisation_scores", &scores).await }).await?;
    engine.stage("memberships", memberships).await?;
    engine.stage("panels", panels).await?;
    let width = i64::from(policy.histogram_step) * super::MILLIONTHS_PER_POINT;
    let last = 100 / i64::from(policy.histogram_step) - 1;
    let classes = [("class_width", width), ("class_last", last)];
    let (sums, classes, matched) = futures::try_join!(
        engine.run(sql, "cube/cell", &[]),
        engine.run(sql, "cube/histogram", &classes),
        engine.run(sql, "cube/matched", &[]),
    )?;
    Ok(Cells { sums: Unprotected::new(sums), classes: Unprotected::new(classes), matched: Unprotected::new(matched) })
}

/// What organisations contribute to a publisher's own two-way table: `organisation`, `year`, `category`, `respondents`. The query
/// has `attendance` and nothing else, whatever it asks for.
pub async fn contributions(
    engine: &Engine,
    sql: &Sql,
    query: &str,
    attendance: Unprotected<Table>,
) -> Result<Unprotected<Table>, ScoreError> {
    attendance.map_async(|attendance| async move { engine.stage("attendance", &attendance).await }).await?;
    Ok(Unprotected::new(engine.run(sql, query, &[]).await?))
}
