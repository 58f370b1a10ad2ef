//! Sums within organisations, by unit and role, of scores and of answers to each question; which of them anybody may see, the
//! organisation itself included, is decided in `disclosure`.

use datafusion::{
    functions_aggregate::expr_fn::{count, sum},
    prelude::{ident, lit},
};

use super::{Engine, ScoreError, engine, expression, respondent};
use crate::{disclosure::Unprotected, microdata::Receipt, model::Instrument, store::PrivateStore, table::Table};

/// Sums within organisations: `organisation`, `year`, `round`, `unit`, `role` (either null where not told), `respondents`, and
/// for each measure [`sum_column`] and [`scored_column`]. Measures are the nodes of the tree by position (sums in millionths
/// of a point), then the questions by position (sums of points of the scale).
pub type Details = Unprotected<Vec<Table>>;

/// Column of a measure's sum.
pub fn sum_column(measure: usize) -> String {
    format!("sum-{measure}")
}

/// Column of the number of respondents behind a measure's sum.
pub fn scored_column(measure: usize) -> String {
    format!("scored-{measure}")
}

/// Adds up within organisations, over all rounds that the receipts cover.
pub async fn details(
    engine: &Engine,
    store: &PrivateStore,
    instrument: &Instrument,
    receipts: &[Receipt],
) -> Result<Details, ScoreError> {
    let mut tables = Vec::new();
    for (version, parts) in respondent::parts(store, instrument, receipts).await?.answers {
        let keys = ["organisation", "year", "round", "unit", "role"];
        let mut kept = keys.to_vec();
        kept.extend(instrument.questions.iter().map(|question| question.id.as_str()));
        let frame = respondent::frame(engine, instrument, version, &parts, &kept)?;
        let mut aggregates = vec![count(lit(1_i64)).alias("respondents")];
        let nodes = instrument.nodes.len();
        for node in 0..nodes {
            let score = ident(expression::millionths(node));
            aggregates.push(sum(score.clone()).alias(sum_column(node)));
            aggregates.push(count(score).alias(scored_column(node)));
        }
        for (at, question) in instrument.questions.iter().enumerate() {
            let answer = ident(question.id.as_str());
            aggregates.push(sum(answer.clone()).alias(sum_column(nodes + at)));
            aggregates.push(count(answer).alias(scored_column(nodes + at)));
        }
        let frame = frame.aggregate(keys.map(ident).to_vec(), aggregates).map_err(engine::failed(respondent::QUERY))?;
        tables.push(engine::collect(frame, respondent::QUERY).await?);
    }
    Ok(Unprotected::new(tables))
}
