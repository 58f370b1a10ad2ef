//! The queries in `sql/`, with the header comment that each one must carry; running them is `score`'s and `query`'s work.

use std::collections::BTreeMap;

use super::{Problem, SourceFile};

/// What a query's header comment has to say.
const HEADER: [&str; 4] = ["name", "purpose", "grain", "measures"];

/// The queries by path below `sql/`, without the ending: `score/organisation`.
#[derive(Debug, Clone, Default)]
pub struct Sql {
    texts: BTreeMap<String, String>,
}

impl Sql {
    pub(super) fn add(&mut self, file: &SourceFile) -> Result<(), Vec<Problem>> {
        let name = file.path.trim_start_matches("sql/").trim_end_matches(".sql").to_owned();
        let problems: Vec<Problem> = HEADER
            .iter()
            .filter(|key| !file.text.lines().any(|line| line.starts_with(&format!("-- {key}: "))))
            .map(|key| Problem::in_file(&file.path, format!("lacks the header line `-- {key}: ...`")))
            .collect();
        if !problems.is_empty() {
            return Err(problems);
        }
        self.texts.insert(name, file.text.clone());
        Ok(())
    }

    /// The text of a query.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.texts.get(name).map(String::as_str)
    }
}
