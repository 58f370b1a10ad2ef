//! `mognad serve`: the current release over HTTP. Its arguments name the public store and nothing private.

use std::{net::SocketAddr, time::Duration};

use clap::Args;
use jiff::Timestamp;
use tokio::{net::TcpListener, signal, sync::watch};

use super::{Outcome, output, places::Public};
use crate::http::{self, App, Limits};

/// Arguments of `serve`.
#[derive(Debug, Args)]
pub(super) struct Serve {
    #[command(flatten)]
    public: Public,
    /// Address to listen on
    #[arg(long, value_name = "ADDR", env = "MOGNAD_LISTEN", default_value = "127.0.0.1:8080")]
    listen: SocketAddr,
    /// Open connections at most
    #[arg(long, value_name = "N", default_value_t = 512)]
    connections: usize,
    /// Open connections from one address at most; raise it behind a proxy
    #[arg(long, value_name = "N", default_value_t = 32)]
    connections_per_address: usize,
    /// Seconds between looks for a new release
    #[arg(long, value_name = "SECONDS", default_value_t = 2, value_parser = clap::value_parser!(u64).range(1..=3600))]
    look_every: u64,
}

impl Serve {
    /// What the demo serves.
    pub(super) fn demo(public: Public, listen: SocketAddr) -> Self {
        Self { public, listen, connections: 512, connections_per_address: 32, look_every: 2 }
    }

    pub(super) async fn run(self) -> anyhow::Result<Outcome> {
        let store = self.public.existing()?;
        let listener = TcpListener::bind(self.listen).await.map_err(|error| {
            anyhow::anyhow!("cannot listen on {}: {error}; choose another with --listen", self.listen)
        })?;
        let current = http::open(&store, Timestamp::now()).await?;
        let base = format!("http://{}", listener.local_addr()?);
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
        let follower = tokio::spawn(http::follow(store, sender, Duration::from_secs(self.look_every)));
        let limits = Limits {
            connections_max: self.connections,
            connections_per_address_max: self.connections_per_address,
            ..Limits::default()
        };
        http::serve(listener, http::router(App::new(editions)), limits, stopped()).await?;
        follower.abort();
        Ok(Outcome::Done)
    }
}

/// Waits for SIGINT or SIGTERM.
async fn stopped() {
    let interrupt = async {
        // where no handler can be installed, only a kill stops the process
        if signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    };
    let terminate = async {
        match signal::unix::signal(signal::unix::SignalKind::terminate()) {
            Ok(mut stream) => {
                stream.recv().await;
            }
            Err(_) => std::future::pending::<()>().await,
        }
    };
    tokio::select! {
        () = interrupt => {}
        () = terminate => {}
    }
}
