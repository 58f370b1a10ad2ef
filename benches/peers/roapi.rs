//! `roapi` as a peer that serves the same Parquet file over HTTP, from the Python package of that name; what is asked of it is `load`'s.

use std::{
    env, fs,
    net::{SocketAddr, TcpListener, TcpStream},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use anyhow::{Context as _, ensure};

/// The program, from an environment of its own in `folder` unless `MOGNAD_BENCH_ROAPI` names one.
pub(crate) fn program(folder: &Path) -> anyhow::Result<PathBuf> {
    if let Some(named) = env::var_os("MOGNAD_BENCH_ROAPI") {
        return Ok(PathBuf::from(named));
    }
    let listed = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("benches/requirements.txt"))?;
    let package = listed.lines().find(|line| line.starts_with("roapi==")).context("no roapi is listed")?;
    let made = folder.join("venv");
    let run = |command: &mut Command| -> anyhow::Result<()> {
        let done = command.stdout(Stdio::null()).status()?;
        ensure!(done.success(), "{command:?} failed; name a roapi in MOGNAD_BENCH_ROAPI");
        Ok(())
    };
    run(Command::new("python3").args(["-m", "venv"]).arg(&made))?;
    run(Command::new(made.join("bin/python"))
        .args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check"])
        .arg(package))?;
    Ok(made.join("bin/roapi"))
}

/// A server of tables.
pub(crate) struct Roapi {
    process: Child,
    pub(crate) address: SocketAddr,
    pub(crate) version: String,
}

impl Roapi {
    /// Serves Parquet files as tables of these names.
    pub(crate) fn start(program: &Path, folder: &Path, files: &[(String, PathBuf)]) -> anyhow::Result<Self> {
        fs::create_dir_all(folder)?;
        let mut tables = Vec::new();
        for (name, file) in files {
            // it tells the kind of a file by its name
            let table = folder.join(format!("{name}.parquet"));
            fs::copy(file, &table)?;
            tables.extend(["--table".to_owned(), format!("{name}={}", table.display())]);
        }
        let told = Command::new(program).arg("--version").output().context("roapi cannot be run")?;
        // it cannot be asked for any free port, so some are found for it; two of them it would take by itself
        let free = || -> anyhow::Result<SocketAddr> { Ok(TcpListener::bind("127.0.0.1:0")?.local_addr()?) };
        let (address, postgres, flight) = (free()?, free()?, free()?);
        let process = Command::new(program)
            .args(["--addr-http", &address.to_string(), "--addr-postgres", &postgres.to_string()])
            .args(["--addr-flight-sql", &flight.to_string()])
            .args(tables)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()?;
        let own = Self { process, address, version: String::from_utf8(told.stdout)?.trim().to_owned() };
        let started = Instant::now();
        while TcpStream::connect(address).is_err() {
            ensure!(started.elapsed() < Duration::from_secs(30), "roapi does not listen");
            std::thread::sleep(Duration::from_millis(50));
        }
        Ok(own)
    }
}

impl Drop for Roapi {
    fn drop(&mut self) {
        // there is nobody to tell if it has gone already
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
