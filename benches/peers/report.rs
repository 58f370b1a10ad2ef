//! The table of ratios, the spread behind it and the notes beside it; nothing is measured here.
#![expect(clippy::print_stdout, reason = "the table is what `cargo bench` is for")]

use crate::measure::Runs;

/// What a number counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Unit {
    Seconds,
    RequestsPerSecond,
    MicrosecondsPerRequest,
    Megabytes,
    Milliseconds,
}

impl Unit {
    fn text(self, value: f64) -> String {
        match self {
            Self::Seconds => format!("{value:.3} s"),
            Self::RequestsPerSecond => format!("{value:.0} /s"),
            Self::MicrosecondsPerRequest => format!("{value:.1} us"),
            Self::Megabytes => format!("{value:.0} MB"),
            Self::Milliseconds => format!("{value:.2} ms"),
        }
    }

    /// How many times as good ours is as the peer's.
    fn ratio(self, ours: f64, peer: f64) -> f64 {
        if self == Self::RequestsPerSecond { ours / peer } else { peer / ours }
    }
}

/// Everything that is printed at the end.
#[derive(Debug, Default)]
pub(crate) struct Report {
    rows: Vec<[String; 5]>,
    spreads: Vec<[String; 4]>,
    notes: Vec<String>,
    /// Whether a stage failed, or any answer differs from the peer's.
    pub(crate) wrong: bool,
}

impl Report {
    /// A work of ours beside a peer's, by their medians; `asked` is the least ratio. A peer that could not run is left open.
    pub(crate) fn compare(
        &mut self,
        work: &str,
        unit: Unit,
        ours: &Runs,
        (name, peer): (&str, Option<&Runs>),
        asked: Option<f64>,
    ) {
        let ratio = peer.map(|peer| unit.ratio(ours.median(), peer.median()));
        let median = |runs: &Runs| unit.text(runs.median());
        self.rows.push([
            work.to_owned(),
            median(ours),
            format!("{name}: {}", peer.map_or_else(|| "not run".to_owned(), median)),
            ratio.map_or_else(|| "-".to_owned(), |ratio| format!("{ratio:.2}")),
            asked.map_or_else(
                || "reported".to_owned(),
                |least| format!("at least {least}{}", verdict(ratio.map(|ratio| ratio >= least))),
            ),
        ]);
    }

    /// A number of ours that is held against a limit, and against another of ours where `peer` is one.
    pub(crate) fn limit(&mut self, work: &str, unit: Unit, ours: f64, peer: Option<(&str, f64)>, most: (&str, bool)) {
        self.rows.push([
            work.to_owned(),
            unit.text(ours),
            peer.map_or_else(|| "-".to_owned(), |(name, value)| format!("{name}: {}", unit.text(value))),
            peer.map_or_else(|| "-".to_owned(), |(_, value)| format!("{:.2}", ours / value)),
            format!("{}{}", most.0, verdict(Some(most.1))),
        ]);
    }

    /// Every run behind a median.
    pub(crate) fn spread(&mut self, work: &str, unit: Unit, runs: &Runs) {
        self.spreads.push([work.to_owned(), unit.text(runs.min()), unit.text(runs.median()), unit.text(runs.max())]);
    }

    pub(crate) fn note(&mut self, note: impl Into<String>) {
        self.notes.push(note.into());
    }

    /// A note on whether answers are equal.
    pub(crate) fn equality(&mut self, what: &str, equal: bool, detail: &str) {
        self.wrong |= !equal;
        let verdict = if equal { "equal" } else { "DIFFERENT" };
        self.notes.push(format!("answers, {what}: {verdict}; {detail}"));
    }

    /// A stage that came to no end; what it measured until then stands.
    pub(crate) fn failed(&mut self, stage: &str, error: &anyhow::Error) {
        self.wrong = true;
        self.notes.push(format!("{stage}: FAILED; {error:#}"));
    }

    pub(crate) fn print(&self) {
        println!();
        table(["work", "ours", "peer", "ratio", "asked"], &self.rows);
        println!();
        table(["runs", "min", "median", "max"], &self.spreads);
        println!();
        for note in &self.notes {
            println!("- {note}");
        }
    }
}

/// A line while work goes on, on standard error, so that standard output is the table alone.
pub(crate) fn tell(line: &str) {
    eprintln!("{line}");
}

/// The one line that a child process answers with.
pub(crate) fn answer(line: &str) {
    println!("{line}");
}

fn verdict(met: Option<bool>) -> &'static str {
    match met {
        Some(true) => " (met)",
        Some(false) => " (MISSED)",
        None => "",
    }
}

/// Prints a Markdown table, padded to be read as it is.
fn table<const N: usize>(header: [&str; N], rows: &[[String; N]]) {
    let widths: [usize; N] = std::array::from_fn(|at| {
        rows.iter().map(|row| row[at].chars().count()).chain([header[at].len(), 3]).max().unwrap_or(3)
    });
    let line = |cells: [&str; N]| {
        let padded: Vec<String> = cells.iter().zip(widths).map(|(cell, width)| format!("{cell:width$}")).collect();
        println!("| {} |", padded.join(" | "));
    };
    line(header);
    let rule: [String; N] = std::array::from_fn(|at| "-".repeat(widths[at]));
    line(std::array::from_fn(|at| rule[at].as_str()));
    for row in rows {
        line(std::array::from_fn(|at| row[at].as_str()));
    }
}
