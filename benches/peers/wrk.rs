//! `wrk` as the client: one thread, many connections, one address as fast as it is answered; what is asked is decided by the stages.

use std::{net::SocketAddr, process::Command, time::Duration};

use anyhow::{Context as _, ensure};

/// What a run of `wrk` says.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Load {
    pub(crate) per_second: f64,
    pub(crate) requests: f64,
    pub(crate) median_ms: f64,
    pub(crate) last_percent_ms: f64,
}

/// Asks one address for a while. An answer that is no success ends the bench.
pub(crate) fn run(address: SocketAddr, target: &str, connections: usize, time: Duration) -> anyhow::Result<Load> {
    let done = Command::new("wrk")
        .args(["-t1", &format!("-c{connections}"), &format!("-d{}s", time.as_secs().max(1)), "--latency"])
        .arg(format!("http://{address}{target}"))
        .output()
        .context("wrk cannot be run: install the package of that name")?;
    ensure!(done.status.success(), "wrk failed: {}", String::from_utf8_lossy(&done.stderr));
    let text = String::from_utf8(done.stdout)?;
    for bad in ["Non-2xx", "Socket errors"] {
        ensure!(!text.contains(bad), "{target}: {text}");
    }
    let value = |label: &str| {
        let line = text.lines().find_map(|line| line.trim().strip_prefix(label));
        line.map(|rest| rest.trim().to_owned()).with_context(|| format!("wrk says nothing of {label}: {text}"))
    };
    let total = text.lines().find_map(|line| line.trim().split_once(" requests in ")).context("wrk counts nothing")?;
    Ok(Load {
        per_second: value("Requests/sec:")?.parse()?,
        requests: total.0.parse()?,
        median_ms: milliseconds(&value("50%")?)?,
        last_percent_ms: milliseconds(&value("99%")?)?,
    })
}

fn milliseconds(text: &str) -> anyhow::Result<f64> {
    for (unit, factor) in [("us", 1e-3), ("ms", 1.0), ("s", 1e3), ("m", 6e4)] {
        if let Some(number) = text.strip_suffix(unit).and_then(|number| number.parse::<f64>().ok()) {
            return Ok(number * factor);
        }
    }
    anyhow::bail!("{text} is no time")
}
