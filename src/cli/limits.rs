//! The limits of `serve` as arguments; what each of them is for is said in `http`.

use clap::{Args, value_parser};

use crate::http::Limits;

/// Arguments that set limits.
#[derive(Debug, Args)]
#[command(next_help_heading = "Limits")]
pub(super) struct LimitArguments {
    /// Requests a second that one address or key may send over time; 0 sets no such limit
    #[arg(long, value_name = "N", default_value_t = Limits::default().requests_per_second)]
    rate: u32,
    /// Requests that one address or key may send at once, after a pause
    #[arg(long, value_name = "N", default_value_t = Limits::default().requests_burst, value_parser = value_parser!(u32).range(1..))]
    burst: u32,
    /// Proxies in front: the client is the entry at this place from the right of X-Forwarded-For
    #[arg(long, value_name = "N", default_value_t = 0, value_parser = value_parser!(u8).range(..=16))]
    trusted_proxies: u8,
    /// Requests answered at once at most
    #[arg(long, value_name = "N", default_value_t = Limits::default().requests_at_once_max)]
    requests_at_once: usize,
    /// Open connections at most
    #[arg(long, value_name = "N", default_value_t = Limits::default().connections_max)]
    connections: usize,
    /// Open connections from one address at most [default: 32; behind proxies as many as there may be]
    #[arg(long, value_name = "N")]
    connections_per_address: Option<usize>,
    /// Seconds that requests in flight have to finish when the service stops
    #[arg(long, value_name = "SECONDS", default_value_t = Limits::default().drain_ms / 1_000, value_parser = value_parser!(u64).range(..=3_600))]
    drain_seconds: u64,
}

impl LimitArguments {
    /// The limits, with the usual ones where there is no argument.
    pub(super) fn limits(&self) -> Limits {
        // all connections come from the proxies, which are trusted not to take more than they need
        let per_address =
            if self.trusted_proxies > 0 { self.connections } else { Limits::default().connections_per_address_max };
        Limits {
            requests_per_second: self.rate,
            requests_burst: self.burst,
            trusted_proxies: self.trusted_proxies.into(),
            requests_at_once_max: self.requests_at_once,
            connections_max: self.connections,
            connections_per_address_max: self.connections_per_address.unwrap_or(per_address),
            drain_ms: self.drain_seconds * 1_000,
            ..Limits::default()
        }
    }
}

impl Default for LimitArguments {
    fn default() -> Self {
        let usual = Limits::default();
        Self {
            rate: usual.requests_per_second,
            burst: usual.requests_burst,
            trusted_proxies: 0,
            requests_at_once: usual.requests_at_once_max,
            connections: usual.connections_max,
            connections_per_address: None,
            drain_seconds: usual.drain_ms / 1_000,
        }
    }
}
