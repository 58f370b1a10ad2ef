//! What ids are called: names of instruments, measures, groups and closed words in both languages, found by column.

use std::{
    collections::HashMap,
    fmt,
    sync::{Arc, OnceLock},
};

use crate::model::Text;

/// Instrument and id. Names that hold whatever the instrument stand under none.
type Key = (Option<Arc<str>>, Arc<str>);

/// Names by column, instrument and id.
#[derive(Debug, Clone, Default)]
pub struct Names {
    columns: HashMap<&'static str, HashMap<Key, Text>>,
    late: HashMap<&'static str, Arc<Late>>,
}

/// Names that are read when the first of them is asked for.
struct Late {
    read: Box<dyn Fn() -> HashMap<Arc<str>, Text> + Send + Sync>,
    names: OnceLock<HashMap<Arc<str>, Text>>,
}

impl fmt::Debug for Late {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Late").field(&self.names.get().map(HashMap::len)).finish()
    }
}

impl Names {
    /// Adds the name of an id in a column.
    pub fn add(&mut self, instrument: Option<&Arc<str>>, column: &'static str, id: &Arc<str>, name: Text) {
        self.columns.entry(column).or_default().insert((instrument.cloned(), id.clone()), name);
    }

    /// Says how the names of a column's ids are read, once somebody asks for one; they hold whatever the instrument.
    pub fn add_late(
        &mut self,
        column: &'static str,
        read: impl Fn() -> HashMap<Arc<str>, Text> + Send + Sync + 'static,
    ) {
        self.late.insert(column, Arc::new(Late { read: Box::new(read), names: OnceLock::new() }));
    }

    /// Whether the ids of a column have names.
    pub fn has(&self, column: &str) -> bool {
        self.columns.contains_key(column) || self.late.contains_key(column)
    }

    /// The name of an id in a column.
    pub fn of(&self, instrument: Option<&str>, column: &str, id: &str) -> Option<&Text> {
        if let Some(late) = self.late.get(column) {
            return late.names.get_or_init(|| (late.read)()).get(id);
        }
        let names = self.columns.get(column)?;
        let found = |instrument: Option<&str>| names.get(&(instrument.map(Arc::from), Arc::from(id)));
        found(instrument).or_else(|| found(None))
    }
}
