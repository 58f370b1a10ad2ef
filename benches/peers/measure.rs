//! Runs, their spread, and what the system says about memory and processor time; what is run is decided by the stages.

use std::{fs, path::Path};

use anyhow::Context as _;

/// Results of one work, in the order of its runs.
#[derive(Debug, Clone, Default)]
pub(crate) struct Runs(pub(crate) Vec<f64>);

impl Runs {
    fn sorted(&self) -> Vec<f64> {
        let mut values = self.0.clone();
        values.sort_by(f64::total_cmp);
        values
    }

    pub(crate) fn min(&self) -> f64 {
        self.sorted().first().copied().unwrap_or(f64::NAN)
    }

    pub(crate) fn median(&self) -> f64 {
        let sorted = self.sorted();
        let middle = sorted.len() / 2;
        match sorted.len() {
            0 => f64::NAN,
            odd if odd % 2 == 1 => sorted[middle],
            _ => f64::midpoint(sorted[middle - 1], sorted[middle]),
        }
    }

    pub(crate) fn max(&self) -> f64 {
        self.sorted().last().copied().unwrap_or(f64::NAN)
    }

    /// Adds a run, unless it is the warm-up, which is numbered 0.
    pub(crate) fn add(&mut self, run: usize, value: f64) {
        if run > 0 {
            self.0.push(value);
        }
    }
}

/// The most memory that this process has held, in bytes.
pub(crate) fn peak_memory() -> anyhow::Result<u64> {
    let status = fs::read_to_string("/proc/self/status").context("peak memory is known on Linux only")?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).context("the kernel tells no peak")?;
    let kibibytes: u64 = line.trim().trim_end_matches("kB").trim().parse()?;
    Ok(kibibytes * 1024)
}

/// The memory that a process holds now, in bytes.
pub(crate) fn memory_of(process: u32) -> anyhow::Result<f64> {
    let status = fs::read_to_string(Path::new("/proc").join(process.to_string()).join("status"))?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).context("the kernel tells no memory")?;
    let kibibytes: f64 = line.trim().trim_end_matches("kB").trim().parse()?;
    Ok(kibibytes * 1024.0)
}

/// The processor time that a process has used, in seconds, in steps of a hundredth.
pub(crate) fn processor_time(process: u32) -> anyhow::Result<f64> {
    let text = fs::read_to_string(Path::new("/proc").join(process.to_string()).join("stat"))?;
    // the name in parentheses may hold blanks, so fields are counted after it
    let (_, fields) = text.rsplit_once(')').context("the kernel tells no processor time")?;
    let ticks: Vec<f64> = fields.split_whitespace().skip(11).take(2).map_while(|field| field.parse().ok()).collect();
    anyhow::ensure!(ticks.len() == 2, "the kernel tells no processor time");
    Ok((ticks[0] + ticks[1]) / 100.0)
}
