//! `mognad serve`: the current release over HTTP. Its arguments name the public store and nothing private.

use std::{net::SocketAddr, path::PathBuf, time::Duration};

use clap::Args;
use jiff::Timestamp;
use tokio::{
    net::TcpListener,
    signal::{self, unix::SignalKind},
    sync::watch,
    time::sleep,
};

use super::{LogFormat, Outcome, limits::LimitArguments, output, places::Public};
use crate::{
    definition::Publisher,
    http::{self, App, BaseUrl, Certificate, Door, Limits},
    query::Workers,
};

/// Arguments of `serve`.
#[derive(Debug, Args)]
pub(super) struct Serve {
    #[command(flatten)]
    public: Public,
    /// Address to listen on
    #[arg(long, value_name = "ADDR", env = "MOGNAD_LISTEN", default_value = "127.0.0.1:8080")]
    listen: SocketAddr,
    /// Address to give metrics on, at /metrics; reachable for the operator only
    #[arg(long, value_name = "ADDR")]
    metrics: Option<SocketAddr>,
    /// Address to answer the PostgreSQL protocol on, for programs that know no other; without encryption
    #[cfg(feature = "postgres")]
    #[arg(long, value_name = "ADDR")]
    postgres: Option<SocketAddr>,
    /// Certificate chain in PEM, to encrypt connections with; read again on SIGHUP
    #[arg(long, value_name = "FILE", requires = "tls_key")]
    tls_certificate: Option<PathBuf>,
    /// The certificate's key in PEM
    #[arg(long, value_name = "FILE", requires = "tls_certificate")]
    tls_key: Option<PathBuf>,
    /// Log a line for each request, without addresses, queries and keys
    #[arg(long, value_name = "FORM", value_enum)]
    log: Option<LogFormat>,
    /// Address under which the service is reached from outside; links in the catalogue for data portals begin with it
    #[arg(long, value_name = "URL", env = "MOGNAD_BASE_URL")]
    base_url: Option<BaseUrl>,
    /// Who publishes, as a TOML file such as schemas/publisher.toml; without it an example
    #[arg(long, value_name = "FILE")]
    publisher: Option<PathBuf>,
    /// Folder in which the current release is kept once it is verified: where the store does not answer when the service starts, it
    /// serves what it had
    #[arg(long, value_name = "DIR", env = "MOGNAD_CACHE")]
    cache: Option<String>,
    /// Seconds between looks for a new release
    #[arg(long, value_name = "SECONDS", default_value_t = 2, value_parser = clap::value_parser!(u64).range(1..=3600))]
    look_every: u64,
    /// Seconds to go on serving after SIGTERM, while /ready says 503, so that whoever sends clients here can notice
    #[arg(long, value_name = "SECONDS", default_value_t = 2, value_parser = clap::value_parser!(u64).range(..=3600))]
    notice_seconds: u64,
    #[command(flatten)]
    limits: LimitArguments,
}

impl Serve {
    /// What the demo serves.
    pub(super) fn demo(public: Public, listen: SocketAddr) -> Self {
        Self {
            public,
            listen,
            metrics: None,
            #[cfg(feature = "postgres")]
            postgres: None,
            tls_certificate: None,
            tls_key: None,
            log: None,
            base_url: None,
            publisher: None,
            cache: None,
            look_every: 2,
            notice_seconds: 0,
            limits: LimitArguments::default(),
        }
    }

    /// The form of the log.
    pub(super) fn log(&self) -> Option<LogFormat> {
        self.log
    }

    pub(super) async fn run(self) -> anyhow::Result<Outcome> {
        let store = self.public.served(self.cache.as_deref())?;
        let certificate = self.tls_certificate.zip(self.tls_key).map(|(chain, key)| Certificate::read(chain, key));
        let certificate = certificate.transpose()?;
        let publisher = self.publisher.as_deref().map(Publisher::read).transpose()?;
        let listener = bound(self.listen, "--listen").await?;
        let current = http::open(&store, Timestamp::now()).await?;
        let scheme = if certificate.is_some() { "https" } else { "http" };
        let base = format!("{scheme}://{}", listener.local_addr()?);
        match &current {
            Some(served) => {
                output::line(format!("serving release {} on {base}", served.edition.meta.release.short()));
                if let Some(notice) = &served.edition.meta.notice {
                    output::line(format!("{} / {}", notice.sv, notice.en));
                }
            }
            None => output::line(format!("listening on {base}; nothing has been published yet")),
        }
        let (sender, editions) = watch::channel(current);
        let limits = self.limits.limits();
        let workers = Workers::new(program()?, limits.query.clone());
        let mut app = App::new(editions).with_limits(limits.clone()).with_workers(workers);
        if let Some(base) = self.base_url {
            app = app.with_base_url(base);
        }
        if let Some(publisher) = publisher {
            app = app.with_publisher(publisher);
        }
        if certificate.is_some() {
            app = app.behind_tls();
        }
        // what runs beside, and ends with the listener
        let mut beside = tokio::task::JoinSet::new();
        let counting = app.clone();
        let pause = Duration::from_secs(self.look_every);
        beside.spawn(http::follow_telling(store, sender, pause, move |is_good| counting.looked(is_good)));
        if let Some(address) = self.metrics {
            let listener = bound(address, "--metrics").await?;
            output::line(format!("metrics on http://{}/metrics", listener.local_addr()?));
            let router = http::metrics(&app);
            beside.spawn(async move {
                if let Err(error) = http::serve(listener, router, Limits::default(), std::future::pending()).await {
                    tracing::error!(%error, "metrics are not served");
                }
            });
        }
        #[cfg(feature = "postgres")]
        if let Some(address) = self.postgres {
            let listener = bound(address, "--postgres").await?;
            output::line(format!("PostgreSQL protocol on {}", listener.local_addr()?));
            let queries = http::Queries::of(&app);
            beside.spawn(async move {
                if let Err(error) = crate::postgres::serve(listener, queries, std::future::pending()).await {
                    tracing::error!(%error, "the PostgreSQL protocol is not served");
                }
            });
        }
        let door = Door { tls: certificate.as_ref().map(Certificate::tls), counts: app.connection_counts() };
        if let Some(certificate) = certificate {
            beside.spawn(renewed(certificate));
        }
        let stop = stopped(app.clone(), Duration::from_secs(self.notice_seconds));
        http::serve_through(door, listener, http::router(app), limits, stop).await?;
        Ok(Outcome::Done)
    }
}

/// This very program, also when another version has been put in its place.
fn program() -> std::io::Result<PathBuf> {
    let own = PathBuf::from("/proc/self/exe");
    if own.exists() { Ok(own) } else { std::env::current_exe() }
}

async fn bound(address: SocketAddr, argument: &str) -> anyhow::Result<TcpListener> {
    TcpListener::bind(address)
        .await
        .map_err(|error| anyhow::anyhow!("cannot listen on {address}: {error}; choose another with {argument}"))
}

/// Waits until the service has to stop taking connections, and says beforehand that it will: after SIGTERM it goes on for as
/// long as the notice lasts, unless it is told again.
async fn stopped(app: App, notice: Duration) {
    let interrupt = async {
        // where no handler can be installed, only a kill stops the process
        if signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    };
    let terminate = async {
        let Ok(mut terminations) = signal::unix::signal(SignalKind::terminate()) else {
            return std::future::pending().await;
        };
        terminations.recv().await;
        app.close();
        tokio::select! {
            _ = terminations.recv() => {}
            () = sleep(notice) => {}
        }
    };
    tokio::select! {
        () = interrupt => {}
        () = terminate => {}
    }
    app.close();
}

/// Reads the certificate again on SIGHUP.
async fn renewed(certificate: Certificate) {
    let Ok(mut hangups) = signal::unix::signal(SignalKind::hangup()) else { return };
    while hangups.recv().await.is_some() {
        match certificate.read_again() {
            Ok(()) => tracing::info!("the certificate has been read again"),
            Err(error) => tracing::error!(%error, "the certificate cannot be read again; the one before stays"),
        }
    }
}
