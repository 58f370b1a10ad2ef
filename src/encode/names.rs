//! What ids are called: names of instruments, measures, groups and closed words in both languages, found by column.

use std::{collections::HashMap, sync::Arc};

use crate::model::Text;

/// Instrument and id. Names that hold whatever the instrument stand under none.
type Key = (Option<Arc<str>>, Arc<str>);

/// Names by column, instrument and id.
#[derive(Debug, Clone, Default)]
pub struct Names {
    columns: HashMap<&'static str, HashMap<Key, Text>>,
}

impl Names {
    /// Adds the name of an id in a column.
    pub fn add(&mut self, instrument: Option<&Arc<str>>, column: &'static str, id: &Arc<str>, name: Text) {
        self.columns.entry(column).or_default().insert((instrument.cloned(), id.clone()), name);
    }

    /// Whether the ids of a column have names.
    pub fn has(&self, column: &str) -> bool {
        self.columns.contains_key(column)
    }

    /// The name of an id in a column.
    pub fn of(&self, instrument: Option<&str>, column: &str, id: &str) -> Option<&Text> {
        let names = self.columns.get(column)?;
        let found = |instrument: Option<&str>| names.get(&(instrument.map(Arc::from), Arc::from(id)));
        found(instrument).or_else(|| found(None))
    }
}
