//! Parts of a bench that run in a process of their own: this program, called again with a hidden argument.

use std::{
    env,
    ffi::OsStr,
    io::{BufRead as _, BufReader},
    process::{Child, Command, Stdio},
};

use anyhow::{Context as _, bail, ensure};
use serde_json::Value;

use crate::{figures, ingest, measure, report, scale, scores};

/// The hidden argument.
pub(crate) const FLAG: &str = "--child";

/// Runs a part to its end and gives its answer, to which the peak of its memory is added as `peak_bytes`.
pub(crate) fn ask(part: &str, arguments: &[&OsStr]) -> anyhow::Result<Value> {
    let done = Command::new(env::current_exe()?)
        .args([FLAG, part])
        .args(arguments)
        .stderr(Stdio::inherit())
        .output()
        .context("the bench cannot run itself")?;
    ensure!(done.status.success(), "{part} in a process of its own failed");
    Ok(serde_json::from_slice(&done.stdout)?)
}

/// Starts a part that goes on until its input is closed, and gives its first line.
pub(crate) fn start(part: &str, arguments: &[&OsStr]) -> anyhow::Result<(Child, String)> {
    let mut process = Command::new(env::current_exe()?)
        .args([FLAG, part])
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .context("the bench cannot run itself")?;
    let mut line = String::new();
    let output = process.stdout.take().context("the process has no output")?;
    BufReader::new(output).read_line(&mut line)?;
    Ok((process, line.trim().to_owned()))
}

/// What the process does that was called with the hidden argument.
pub(crate) async fn run(arguments: &[String]) -> anyhow::Result<bool> {
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let mut answer = match arguments[..] {
        ["ingest", folder, file, store] => ingest::in_child(folder, file, store).await?,
        ["scale", stage, folder, organisations, years] => scale::in_child(stage, folder, organisations, years).await?,
        ["scores", folder, store] => scores::in_child(folder, store).await?,
        ["serve", handler, data] => {
            figures::in_child(handler, data).await?;
            return Ok(true);
        }
        _ => bail!("{FLAG} is for the bench itself"),
    };
    answer["peak_bytes"] = measure::peak_memory()?.into();
    report::answer(&answer.to_string());
    Ok(true)
}
