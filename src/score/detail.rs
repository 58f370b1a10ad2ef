//! Sums within organisations, by unit and role, of answers to each question; which of them anybody may see, the organisation
//! itself included, is decided in `disclosure`.

use datafusion::{
    functions_aggregate::expr_fn::{count, sum},
    prelude::ident,
};

use super::{Engine, ScoreError, respondent};
use crate::{disclosure::Unprotected, microdata::Receipt, model::Instrument, store::PrivateStore, table::Table};

/// Sums within organisations: `organisation`, `year`, `round`, `unit`, `role` (either null where not told), `respondents`, and
/// for each question by position [`sum_column`] (of points of its scale) and [`answered_column`].
pub type Details = Unprotected<Vec<Table>>;

/// Column of a question's sum.
pub fn sum_column(question: usize) -> String {
    format!("sum-{question}")
}

/// Column of the number of respondents who answered a question.
pub fn answered_column(question: usize) -> String {
    format!("answered-{question}")
}

/// Adds up within organisations, over all rounds that the receipts cover.
pub async fn details(
    engine: &Engine,
    store: &PrivateStore,
    instrument: &Instrument,
    receipts: &[Receipt],
) -> Result<Details, ScoreError> {
    let mut tables = Vec::new();
    for (year, _, parts) in respondent::parts(store, instrument, receipts).await?.answers {
        let mut aggregates = Vec::new();
        for (at, question) in instrument.questions.iter().enumerate() {
            let answer = ident(question.id.as_str());
            aggregates.push(sum(answer.clone()).alias(sum_column(at)));
            aggregates.push(count(answer).alias(answered_column(at)));
        }
        let frame = respondent::answers(engine, instrument, year, &parts)?;
        let keys = ["organisation", "year", "round", "unit", "role"];
        tables.push(respondent::added_up(engine, store, &parts, frame, &keys, aggregates).await?);
    }
    Ok(Unprotected::new(tables))
}
