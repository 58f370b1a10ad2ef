//! The PostgreSQL wire protocol, for programs that know no other: sessions, whose own statements are answered here, and queries,
//! which go through the same gate to the same workers as `/v1/sql`. There is nothing to log in to and nothing to write.

mod bound;
mod catalogue;
mod rows;
mod session;
mod told;

use std::{fmt, io, sync::Arc, time::Duration};

use async_trait::async_trait;
use futures::Sink;
use pgwire::{
    api::{
        ClientInfo, ClientPortalStore, PgWireServerHandlers, Type,
        auth::{StartupHandler, noop::NoopStartupHandler},
        portal::Portal,
        query::{ExtendedQueryHandler, SimpleQueryHandler},
        results::{DescribePortalResponse, DescribeStatementResponse, FieldFormat, Response},
        stmt::{NoopQueryParser, StoredStatement},
        store::PortalStore,
    },
    error::{PgWireError, PgWireResult},
    messages::PgWireBackendMessage,
    tokio::process_socket,
};
use tokio::{
    net::TcpListener,
    sync::{Mutex, Semaphore},
    time::timeout,
};

use crate::{http::Queries, query::Parameters, table::Table};

/// Connections at once.
const CONNECTIONS_MAX: usize = 32;

/// How long a connection may last.
const CONNECTION_MAX: Duration = Duration::from_hours(1);

/// Serves until the future ends.
pub async fn serve(listener: TcpListener, queries: Queries, until: impl Future<Output = ()>) -> io::Result<()> {
    let places = Arc::new(Semaphore::new(CONNECTIONS_MAX));
    tokio::pin!(until);
    loop {
        let (socket, _) = tokio::select! {
            () = &mut until => return Ok(()),
            accepted = listener.accept() => match accepted {
                Ok(accepted) => accepted,
                // of the connection, or for want of files: the next one may do
                Err(error) => {
                    tracing::warn!(%error, "a connection could not be taken");
                    tokio::time::sleep(Duration::from_millis(50)).await;
                    continue;
                }
            },
        };
        let Ok(place) = Arc::clone(&places).try_acquire_owned() else { continue };
        let session = Session(Arc::new(Handler::new(queries.clone())));
        tokio::spawn(async move {
            // one that breaks off is nobody's fault
            let _ = timeout(CONNECTION_MAX, process_socket(socket, None, session)).await;
            drop(place);
        });
    }
}

/// What one connection is answered by.
struct Session(Arc<Handler>);

impl PgWireServerHandlers for Session {
    fn simple_query_handler(&self) -> Arc<impl SimpleQueryHandler> {
        Arc::clone(&self.0)
    }

    fn extended_query_handler(&self) -> Arc<impl ExtendedQueryHandler> {
        Arc::clone(&self.0)
    }

    fn startup_handler(&self) -> Arc<impl StartupHandler> {
        Arc::clone(&self.0)
    }
}

/// A query with the values of its parameters, and its rows.
type Ready = (String, Parameters, Table);

struct Handler {
    queries: Queries,
    parser: Arc<NoopQueryParser>,
    /// What was asked to be described is asked for next.
    ready: Mutex<Option<Ready>>,
}

impl fmt::Debug for Handler {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Handler")
    }
}

impl Handler {
    fn new(queries: Queries) -> Self {
        Self { queries, parser: Arc::new(NoopQueryParser::new()), ready: Mutex::default() }
    }

    /// The rows of a query: of the service's tables, or of the catalogue that drivers look into.
    async fn rows(&self, sql: &str, parameters: &Parameters) -> PgWireResult<Table> {
        if let Some(answer) = catalogue::answer(sql, &self.queries) {
            return answer;
        }
        let bytes = self.queries.answer(sql, parameters, "arrow").await.map_err(|told| told::error(&told, sql))?;
        rows::read(&bytes)
    }

    /// What one statement is answered with.
    async fn answered(&self, sql: &str) -> PgWireResult<Response> {
        if let Some(own) = session::answer(sql) {
            return own;
        }
        let table = self.rows(sql, &Parameters::new()).await?;
        rows::response(&table, &|_| FieldFormat::Text)
    }
}

impl NoopStartupHandler for Handler {}

#[async_trait]
impl SimpleQueryHandler for Handler {
    async fn do_query<C>(&self, _client: &mut C, query: &str) -> PgWireResult<Vec<Response>>
    where
        C: ClientInfo + ClientPortalStore + Sink<PgWireBackendMessage> + Unpin + Send + Sync,
        C::PortalStore: PortalStore,
        C::Error: fmt::Debug,
        PgWireError: From<<C as Sink<PgWireBackendMessage>>::Error>,
    {
        let mut responses = Vec::new();
        // a query that the gate would refuse for being several is several here: drivers send their settings together
        for statement in session::statements(query) {
            match self.answered(&statement).await {
                Ok(response) => responses.push(response),
                Err(PgWireError::UserError(error)) => {
                    responses.push(Response::Error(error));
                    break;
                }
                Err(error) => return Err(error),
            }
        }
        Ok(responses)
    }
}

#[async_trait]
impl ExtendedQueryHandler for Handler {
    type Statement = String;
    type QueryParser = NoopQueryParser;

    fn query_parser(&self) -> Arc<NoopQueryParser> {
        Arc::clone(&self.parser)
    }

    async fn do_describe_statement<C>(
        &self,
        _client: &mut C,
        target: &StoredStatement<String>,
    ) -> PgWireResult<DescribeStatementResponse>
    where
        C: ClientInfo + ClientPortalStore + Sink<PgWireBackendMessage> + Unpin + Send + Sync,
        C::PortalStore: PortalStore<Statement = String>,
        C::Error: fmt::Debug,
        PgWireError: From<<C as Sink<PgWireBackendMessage>>::Error>,
    {
        let number = bound::number(&target.statement).max(target.parameter_types.len());
        let kind = |at: usize| target.parameter_types.get(at).cloned().flatten().unwrap_or(Type::TEXT);
        let kinds = (0..number).map(kind).collect();
        if session::answer(&target.statement).is_some() {
            return Ok(DescribeStatementResponse::new(kinds, Vec::new()));
        }
        let table = self.rows(&target.statement, &bound::unknown(number)).await?;
        Ok(DescribeStatementResponse::new(kinds, rows::fields(&table, &|_| FieldFormat::Text)))
    }

    async fn do_describe_portal<C>(
        &self,
        _client: &mut C,
        target: &Portal<String>,
    ) -> PgWireResult<DescribePortalResponse>
    where
        C: ClientInfo + ClientPortalStore + Sink<PgWireBackendMessage> + Unpin + Send + Sync,
        C::PortalStore: PortalStore<Statement = String>,
        C::Error: fmt::Debug,
        PgWireError: From<<C as Sink<PgWireBackendMessage>>::Error>,
    {
        let sql = &target.statement.statement;
        if session::answer(sql).is_some() {
            return Ok(DescribePortalResponse::new(Vec::new()));
        }
        let parameters = bound::values(target)?;
        let table = self.rows(sql, &parameters).await?;
        let fields = rows::fields(&table, &|at| target.result_column_format.format_for(at));
        *self.ready.lock().await = Some((sql.clone(), parameters, table));
        Ok(DescribePortalResponse::new(fields))
    }

    async fn do_query<C>(&self, _client: &mut C, portal: &Portal<String>, _max_rows: usize) -> PgWireResult<Response>
    where
        C: ClientInfo + ClientPortalStore + Sink<PgWireBackendMessage> + Unpin + Send + Sync,
        C::PortalStore: PortalStore<Statement = String>,
        C::Error: fmt::Debug,
        PgWireError: From<<C as Sink<PgWireBackendMessage>>::Error>,
    {
        let sql = &portal.statement.statement;
        if let Some(own) = session::answer(sql) {
            return own;
        }
        let parameters = bound::values(portal)?;
        let ready = self.ready.lock().await.take();
        let table = match ready {
            Some((known, values, table)) if known == *sql && values == parameters => table,
            _ => self.rows(sql, &parameters).await?,
        };
        rows::response(&table, &|at| portal.result_column_format.format_for(at))
    }
}
