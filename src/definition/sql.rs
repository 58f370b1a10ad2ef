//! The queries in `sql/`, with the header comment that each one must carry; running them is `score`'s and `query`'s work.

use std::collections::BTreeMap;

use super::{Problem, Source, SourceFile};

/// What a query's header comment has to say.
const HEADER: [&str; 4] = ["name", "purpose", "grain", "measures"];

/// What an example's header comment has to say, which people read in both languages.
const HEADER_OF_EXAMPLE: [&str; 5] = ["name", "title_sv", "title_en", "text_sv", "text_en"];

/// Folders of queries that decide what figures mean. Those of the other folders read what has been published.
const METHOD: [&str; 2] = ["score", "cube"];

/// The queries by path below `sql/`, without the ending: `score/organisation`.
#[derive(Debug, Clone, Default)]
pub struct Sql {
    texts: BTreeMap<String, String>,
}

impl Sql {
    pub(super) fn add(&mut self, file: &SourceFile) -> Result<(), Vec<Problem>> {
        let path = file.path.trim_start_matches("sql/").trim_end_matches(".sql");
        let header = header(&file.text);
        let wanted: &[&str] = if path.starts_with("example/") { &HEADER_OF_EXAMPLE } else { &HEADER };
        let mut problems: Vec<Problem> = wanted
            .iter()
            .filter(|key| !header.contains_key(**key))
            .map(|key| Problem::in_file(&file.path, format!("lacks the header line `-- {key}: ...`")))
            .collect();
        if header.get("name").is_some_and(|name| name != path) {
            problems
                .push(Problem::in_file(&file.path, format!("has another name than its file: write `-- name: {path}`")));
        }
        if !problems.is_empty() {
            return Err(problems);
        }
        self.texts.insert(path.to_owned(), file.text.clone());
        Ok(())
    }

    /// The text of a query.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.texts.get(name).map(String::as_str)
    }
}

/// Whether a file of `sql/` decides what a figure means.
pub(super) fn is_method(path: &str) -> bool {
    path.strip_prefix("sql/").and_then(|path| path.split('/').next()).is_some_and(|folder| METHOD.contains(&folder))
}

/// A query for readers, with what its header says.
#[derive(Debug, Clone)]
pub struct QueryText {
    /// The name of its file.
    pub name: String,
    /// What its header says, by key.
    pub header: BTreeMap<String, String>,
    /// The query, without its header.
    pub sql: String,
}

/// The queries for readers in a folder of `sql/`, in the order of their names.
pub fn queries(folder: &str) -> Vec<QueryText> {
    // a test reads the same files and shows what is wrong with them
    let files = Source::BuiltIn.files().unwrap_or_default();
    let below = format!("sql/{folder}/");
    let own = files.iter().filter_map(|file| Some((file, file.path.strip_prefix(&below)?.strip_suffix(".sql")?)));
    let mut queries: Vec<QueryText> = own
        .map(|(file, name)| {
            let lines = file.text.lines().skip_while(|line| line.starts_with("--"));
            let sql = lines.collect::<Vec<_>>().join("\n").trim().to_owned();
            QueryText { name: name.to_owned(), header: header(&file.text), sql }
        })
        .collect();
    queries.sort_by(|a, b| a.name.cmp(&b.name));
    queries
}

/// The lines `-- key: text` at the beginning.
fn header(text: &str) -> BTreeMap<String, String> {
    let lines = text.lines().map_while(|line| line.strip_prefix("--"));
    let pairs = lines.filter_map(|line| line.trim().split_once(": "));
    pairs.map(|(key, value)| (key.to_owned(), value.trim().to_owned())).collect()
}
