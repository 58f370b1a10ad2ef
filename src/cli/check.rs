//! `mognad check`: are the definitions right, and would these survey files be accepted?

use clap::Args;

use super::{Outcome, ingest::Files, output, places::Knowledge};

/// Arguments of `check`.
#[derive(Debug, Args)]
pub(super) struct Check {
    #[command(flatten)]
    knowledge: Knowledge,
    #[command(flatten)]
    files: Option<Files>,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

impl Check {
    pub(super) async fn run(self) -> anyhow::Result<Outcome> {
        let definitions = match self.knowledge.definitions() {
            Ok(definitions) => definitions,
            Err(crate::definition::DefinitionError::Wrong(problems)) => {
                if self.json {
                    let list: Vec<_> = problems
                        .iter()
                        .map(|p| serde_json::json!({ "file": p.file, "line": p.line, "message": p.message }))
                        .collect();
                    output::line(serde_json::to_string_pretty(&list)?);
                } else {
                    for problem in &problems {
                        output::line(problem.to_string());
                    }
                }
                return Ok(Outcome::Findings);
            }
            Err(error) => return Err(error.into()),
        };
        let register = self.knowledge.register()?;
        if !self.json {
            output::line(format!(
                "definitions are right: {} instruments, {} mappings, {} groupings, {} targets; {} organisations in the register",
                definitions.instruments.len(),
                definitions.mappings.len(),
                definitions.groupings.len(),
                definitions.targets.len(),
                register.organisations.len(),
            ));
        }
        if let Some(files) = self.files {
            return files.check(&definitions, &register, self.json).await;
        }
        if self.json {
            output::line("[]");
        }
        Ok(Outcome::Done)
    }
}
