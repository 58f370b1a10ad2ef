//! Machines that add up over respondents: a cluster of Apache `DataFusion` Ballista, whose executors read the private store themselves.
//! What it answers is believed when it is about every respondent.

use std::{sync::Arc, time::Duration};

use datafusion::{
    arrow::{
        array::Int32Array,
        datatypes::{DataType, Field, Schema},
    },
    dataframe::DataFrame,
    execution::context::SessionContext,
};
use object_store::path::Path;
use url::Url;

use super::{
    engine::{self, EngineError},
    respondent,
};
use crate::{
    microdata::Attendance,
    store::{PrivateStore, path},
    table::Table,
};

/// A cluster.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cluster {
    /// Address of its scheduler, such as `df://host:50050`.
    pub scheduler: Url,
    /// How long it may take to add up one year. A scheduler of 55.0.0 that has lost an executor may wait for ever for a stage that it has
    /// taken back; asked again it answers.
    pub patience: Duration,
}

/// How long it may take to say that it is there.
const FIRST_ANSWER: Duration = Duration::from_mins(1);

/// How often it is asked: an executor that dies can take a whole answer with it.
const TRIES: usize = 3;

impl Cluster {
    fn failed(&self, error: EngineError) -> EngineError {
        match error {
            EngineError::Query { cause, .. } => EngineError::Cluster { scheduler: self.scheduler.clone(), cause },
            other => other,
        }
    }

    async fn answer(&self, frame: DataFrame, patience: Duration) -> Result<Table, EngineError> {
        let late = || EngineError::NoAnswer { scheduler: self.scheduler.clone(), waited: patience };
        let answered = tokio::time::timeout(patience, engine::collect(frame, respondent::QUERY)).await;
        answered.map_err(|_| late())?.map_err(|error| self.failed(error))
    }

    /// What a data frame adds up to. It has to have the columns `organisation`, `round` and `respondents`, and is compared with how many
    /// respondents there are: Ballista 55.0.0, one of whose executors is killed, has given answers in which some were missing.
    pub(super) async fn added_up(&self, frame: &DataFrame, expected: &Attendance) -> Result<Table, EngineError> {
        let mut last = None;
        for attempt in 1..=TRIES {
            let error = match self.answer(frame.clone(), self.patience).await {
                Ok(table) if respondent::attendance_of(&table)? == *expected => return Ok(table),
                Ok(_) => EngineError::Incomplete { scheduler: self.scheduler.clone() },
                Err(error) => error,
            };
            tracing::warn!(attempt, %error, "the cluster is asked again");
            last = Some(error);
        }
        Err(last.unwrap_or_else(|| EngineError::Incomplete { scheduler: self.scheduler.clone() }))
    }
}

/// Fails unless a cluster is there, has an executor and can read the private store: it is asked for the one row of a table that is
/// written for it.
pub async fn ready(store: &PrivateStore, nonce: &str, cluster: &Cluster) -> Result<(), EngineError> {
    let path = path::work_probe(nonce);
    let row = Schema::new(vec![Field::new("row", DataType::Int32, false)]);
    let table = Table::from_columns(row, vec![Arc::new(Int32Array::from(vec![1]))])?;
    store.0.put_passing(&path, table.to_parquet()?).await?;
    let context = session(cluster).await?;
    let frame =
        engine::parquet(&context, &[url(store, &path)?], table.batch().schema()).map_err(engine::failed("ready"));
    let answered = cluster.answer(frame.map_err(|error| cluster.failed(error))?, FIRST_ANSWER).await?;
    if answered.rows() == 1 { Ok(()) } else { Err(EngineError::Incomplete { scheduler: cluster.scheduler.clone() }) }
}

/// Where executors find an object of the private store.
pub(super) fn url(store: &PrivateStore, path: &Path) -> Result<String, EngineError> {
    store.0.shared_url(path).ok_or_else(|| EngineError::NotShared(store.0.address().to_owned()))
}

/// A session whose queries the cluster runs. Connecting puts the cluster's own functions in the place of a session's, silently, so that
/// only built-in ones are known.
#[cfg(feature = "cluster")]
pub(super) async fn session(cluster: &Cluster) -> Result<SessionContext, EngineError> {
    use ballista::prelude::{SessionConfigExt as _, SessionContextExt as _};
    use datafusion::execution::{SessionStateBuilder, context::SessionConfig};

    /// Parts into which a stage of a query is divided: as many tasks can run at the same time.
    const PARTS: usize = 16;
    // plans that change while they run lose tasks: the scheduler of 55.0.0 drops what a task reports when its operators are not those
    // of the first of its stage, and waits for it for ever
    let config = SessionConfig::new()
        .with_collect_statistics(false)
        .upgrade_for_ballista()
        .with_ballista_adaptive_query_planner(false)
        .with_target_partitions(PARTS);
    let state = SessionStateBuilder::new().with_config(config).with_default_features().build();
    let connected = SessionContext::remote_with_state(cluster.scheduler.as_str(), state).await;
    connected.map_err(|cause| EngineError::Cluster { scheduler: cluster.scheduler.clone(), cause: Box::new(cause) })
}

/// This build of the program has no such sessions.
#[cfg(not(feature = "cluster"))]
#[expect(clippy::unused_async, reason = "as the session of a build with clusters")]
pub(super) async fn session(_: &Cluster) -> Result<SessionContext, EngineError> {
    Err(EngineError::NoCluster)
}

#[cfg(test)]
mod tests {
    use datafusion::arrow::array::{Array, ArrayRef, Int8Array, Int64Array, StringArray};

    use super::*;

    /// What an engine answers, without a cluster: sums of two organisations, of which one has two rows.
    fn answer() -> DataFrame {
        let columns: [(&str, ArrayRef); 3] = [
            ("organisation", Arc::new(StringArray::from(vec!["a", "b", "a"]))),
            ("round", Arc::new(Int8Array::from(vec![1, 1, 1]))),
            ("respondents", Arc::new(Int64Array::from(vec![5, 7, 2]))),
        ];
        let fields: Vec<Field> =
            columns.iter().map(|(name, column)| Field::new(*name, column.data_type().clone(), false)).collect();
        let columns = columns.map(|(_, column)| column).to_vec();
        let table = Table::from_columns(Schema::new(fields), columns).unwrap();
        SessionContext::new().read_batch(table.batch().clone()).unwrap()
    }

    #[tokio::test]
    async fn sums_of_other_respondents_than_there_are_are_refused() {
        let scheduler = Url::parse("df://127.0.0.1:50050").unwrap();
        let cluster = Cluster { scheduler, patience: FIRST_ANSWER };
        let attendance = |own: &[(&str, i64)]| -> Attendance {
            own.iter().map(|(organisation, number)| (((*organisation).to_owned(), 1), *number)).collect()
        };
        let whole = attendance(&[("a", 7), ("b", 7)]);
        assert_eq!(cluster.added_up(&answer(), &whole).await.unwrap().rows(), 3);
        // one missing, one too many, an organisation missing, and two that would make up for each other in a total
        for other in [
            attendance(&[("a", 8), ("b", 7)]),
            attendance(&[("a", 6), ("b", 7)]),
            attendance(&[("a", 7), ("b", 7), ("c", 1)]),
            attendance(&[("a", 8), ("b", 6)]),
        ] {
            let refused = cluster.added_up(&answer(), &other).await;
            assert!(matches!(refused, Err(EngineError::Incomplete { .. })), "{other:?}: {refused:?}");
        }
    }
}
