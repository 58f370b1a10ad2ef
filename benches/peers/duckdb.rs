//! `DuckDB` as a peer: a Python process that `benches/peers.py` answers from; which SQL it runs is written there and in `benches/sql`.

use std::{
    env, fs,
    io::{BufRead as _, BufReader, Write as _},
    path::{Path, PathBuf},
    process::{Child, ChildStdin, ChildStdout, Command, Stdio},
};

use anyhow::{Context as _, bail, ensure};
use serde_json::{Value, json};

/// A process with one open connection.
pub(crate) struct DuckDb {
    pub(crate) version: String,
    process: Child,
    /// None once it is closed, which ends the process.
    requests: Option<ChildStdin>,
    answers: BufReader<ChildStdout>,
}

impl DuckDb {
    /// Starts the peer with so many threads; it keeps its data in `folder`.
    pub(crate) fn start(folder: &Path, threads: usize) -> anyhow::Result<Self> {
        let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("benches");
        let asked = fs::read_to_string(source.join("requirements.txt"))?;
        let asked = asked
            .lines()
            .find_map(|line| line.trim().strip_prefix("duckdb=="))
            .context("benches/requirements.txt names no duckdb")?;
        let own = folder.join("duckdb");
        fs::create_dir_all(&own)?;
        let mut process = Command::new(python(&source, &own, asked)?)
            .arg(source.join("peers.py"))
            .arg(threads.to_string())
            .arg(&own)
            .current_dir(&own)
            .env("PYTHONDONTWRITEBYTECODE", "1")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()?;
        let (Some(requests), Some(answers)) = (process.stdin.take(), process.stdout.take()) else {
            bail!("the peer has no pipes");
        };
        let mut peer =
            Self { version: String::new(), process, requests: Some(requests), answers: BufReader::new(answers) };
        let hello = peer.ask(json!({ "do": "hello" }))?;
        let stale = hello["stale"].as_array().map_or(0, Vec::len);
        ensure!(stale == 0, "{} are not as generated: run `python benches/peers.py generate`", hello["stale"]);
        hello["version"].as_str().unwrap_or_default().clone_into(&mut peer.version);
        Ok(peer)
    }

    /// Asks, and waits for the answer.
    #[expect(clippy::needless_pass_by_value, reason = "requests are written where they are asked")]
    pub(crate) fn ask(&mut self, request: Value) -> anyhow::Result<Value> {
        let requests = self.requests.as_mut().context("the peer has been stopped")?;
        writeln!(requests, "{request}")?;
        let mut line = String::new();
        self.answers.read_line(&mut line)?;
        let answer: Value = serde_json::from_str(&line).with_context(|| format!("the peer gave up at {request}"))?;
        if let Some(error) = answer["error"].as_str() {
            bail!("the peer failed at {}: {error}", request["do"]);
        }
        Ok(answer)
    }

    /// How long a request's SQL took, in seconds.
    pub(crate) fn seconds(&mut self, request: Value) -> anyhow::Result<f64> {
        self.ask(request)?["seconds"].as_f64().context("the peer told no time")
    }
}

impl Drop for DuckDb {
    fn drop(&mut self) {
        drop(self.requests.take());
        // it ends with its input; there is nobody to tell if it does not
        let _ = self.process.wait();
    }
}

/// A Python that has the version of `DuckDB` asked for: the one named, the one of the tests, or one that is made here.
fn python(source: &Path, folder: &Path, asked: &str) -> anyhow::Result<PathBuf> {
    if let Some(named) = env::var_os("MOGNAD_BENCH_PYTHON") {
        let named = PathBuf::from(named);
        ensure!(has(&named, asked), "{} has no duckdb {asked}; install benches/requirements.txt", named.display());
        return Ok(named);
    }
    let tests = source.with_file_name("tests").join(".venv/bin/python");
    let made = folder.join("venv/bin/python");
    if let Some(found) = [&tests, &made].into_iter().find(|python| has(python, asked)) {
        return Ok(found.clone());
    }
    let run = |command: &mut Command| -> anyhow::Result<()> {
        let done = command.stdout(Stdio::null()).status()?;
        ensure!(done.success(), "{command:?} failed; name a Python that has duckdb {asked} in MOGNAD_BENCH_PYTHON");
        Ok(())
    };
    run(Command::new("python3").args(["-m", "venv"]).arg(folder.join("venv")))?;
    let install = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-r"];
    run(Command::new(&made).args(install).arg(source.join("requirements.txt")))?;
    Ok(made)
}

fn has(python: &Path, asked: &str) -> bool {
    let told = Command::new(python).args(["-c", "import duckdb; print(duckdb.__version__)"]).output();
    told.is_ok_and(|told| told.status.success() && String::from_utf8_lossy(&told.stdout).trim() == asked)
}
