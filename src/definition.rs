//! Everything in `schemas/` and `sql/`, read, cross-checked and fingerprinted; what the definitions mean is used elsewhere.

mod course;
mod cross_table;
mod described;
mod grouping;
mod instrument;
mod json_schema;
mod mapping;
mod method;
mod policy;
mod problem;
mod publisher;
mod source;
mod sql;
mod target;

use std::collections::BTreeMap;

pub use course::Course;
pub use cross_table::{Column, CrossTable};
pub use described::{ColumnText, Kind, TableText, Unit, table, tables};
pub use grouping::{Grouping, GroupingRule, RegisteredMember, SizeBand, Transform, Variable};
pub use json_schema::json_schemas;
pub use mapping::{Mapping, MappingKind};
pub use method::Section;
pub use policy::{MinCells, Policy, PolicyFloor};
pub use problem::Problem;
pub use publisher::{Contact, DataText, Keywords, Publisher, PublisherKind};
pub use source::{Source, SourceFile};
pub use sql::{QueryText, Sql, queries};
pub use target::Target;

use crate::model::{Digest, Instrument, InstrumentId, MappingId};

/// Why definitions could not be used.
#[derive(Debug, thiserror::Error)]
pub enum DefinitionError {
    /// The files were read and are not right.
    #[error("{} in the definitions:\n{}", count(.0.len()), list(.0))]
    Wrong(Vec<Problem>),
    /// The folder could not be read.
    #[error("cannot read definitions in {folder}: {cause}; check the path given with --definitions")]
    Unreadable {
        /// The folder or file.
        folder: String,
        /// What the operating system says.
        cause: std::io::Error,
    },
}

fn count(problems: usize) -> String {
    if problems == 1 { "1 problem".to_owned() } else { format!("{problems} problems") }
}

fn list(problems: &[Problem]) -> String {
    problems.iter().map(|problem| format!("  {problem}")).collect::<Vec<_>>().join("\n")
}

/// All definitions, checked against each other.
#[derive(Debug, Clone)]
pub struct Definitions {
    /// Instruments by id.
    pub instruments: BTreeMap<InstrumentId, Instrument>,
    /// Mappings by id.
    pub mappings: BTreeMap<MappingId, Mapping>,
    /// Groupings, in the order of their file names.
    pub groupings: Vec<Grouping>,
    /// Targets, in the order of their file names.
    pub targets: Vec<Target>,
    /// Courses, in the order of their file names.
    pub courses: Vec<Course>,
    /// The publisher's own two-way tables, in the order of their file names.
    pub cross_tables: Vec<CrossTable>,
    /// Sections of the method text, in the order of their file names.
    pub method: Vec<Section>,
    /// Disclosure policy.
    pub policy: Policy,
    /// Queries.
    pub sql: Sql,
    /// Digest of every definition text, by path.
    pub digests: BTreeMap<String, Digest>,
}

impl Definitions {
    /// Reads and checks all definitions of a source.
    pub fn load(source: &Source) -> Result<Self, DefinitionError> {
        let files = source.files()?;
        let mut problems = Vec::new();
        let mut keep = |result: Result<(), Vec<Problem>>| {
            if let Err(found) = result {
                problems.extend(found);
            }
        };

        let mut instruments = BTreeMap::new();
        let mut mappings = BTreeMap::new();
        let mut groupings: Vec<(&SourceFile, Grouping)> = Vec::new();
        let mut targets: Vec<(&SourceFile, Target)> = Vec::new();
        let mut courses: Vec<(&SourceFile, Course)> = Vec::new();
        let mut cross_tables: Vec<(&SourceFile, CrossTable)> = Vec::new();
        let mut method: Vec<Section> = Vec::new();
        let mut policy = None;
        let mut sql = Sql::default();
        for file in &files {
            let folder = file.path.rsplit_once('/').map_or("", |(folder, _)| folder);
            keep(match folder {
                "schemas/instrument" => instrument::read(file).and_then(|read| unique(file, &mut instruments, read)),
                "schemas/mapping" => mapping::read(file).and_then(|read| unique(file, &mut mappings, read)),
                "schemas/course" => course::read(file).map(|read| courses.push((file, read))),
                "schemas/cross-table" => cross_table::read(file).map(|read| cross_tables.push((file, read))),
                "schemas/grouping" => grouping::read(file).map(|read| groupings.push((file, read))),
                "schemas/method" => method::read(file).map(|read| method.push(read)),
                "schemas/target" => target::read(file).map(|read| targets.push((file, read))),
                "schemas" if file.path == "schemas/disclosure.toml" => {
                    policy::read(file).map(|read| policy = Some(read))
                }
                _ if file.path.starts_with("sql/") => sql.add(file),
                _ => Ok(()),
            });
        }
        for (at, (file, grouping)) in groupings.iter().enumerate() {
            keep(grouping.check(file, groupings[..at].iter().map(|(_, other)| other)));
        }
        for (file, target) in &targets {
            keep(target.check(file, &instruments));
        }
        for (file, course) in &courses {
            keep(course.check(file, &instruments));
        }
        for (at, (file, table)) in cross_tables.iter().enumerate() {
            let others = cross_tables[..at].iter().map(|(_, other)| other);
            keep(table.check(file, &instruments, &sql, others));
        }
        if policy.is_none() && problems.is_empty() {
            problems.push(Problem::in_file("schemas/disclosure.toml", "is missing; every release needs a policy"));
        }
        match policy {
            Some(policy) if problems.is_empty() => Ok(Self {
                instruments,
                mappings,
                groupings: groupings.into_iter().map(|(_, grouping)| grouping).collect(),
                targets: targets.into_iter().map(|(_, target)| target).collect(),
                courses: courses.into_iter().map(|(_, course)| course).collect(),
                cross_tables: cross_tables.into_iter().map(|(_, table)| table).collect(),
                method,
                policy,
                sql,
                digests: files.iter().map(|file| (file.path.clone(), Digest::of(file.text.as_bytes()))).collect(),
            }),
            _ => Err(DefinitionError::Wrong(problems)),
        }
    }

    /// One digest over every text that decides what a figure of the instrument means: the instrument, the groupings, the
    /// targets, the courses, the publisher's own tables, the method text and the SQL that computes it.
    pub fn method_digest(&self, instrument: &InstrumentId) -> Digest {
        let own = format!("schemas/instrument/{instrument}.toml");
        let texts: BTreeMap<&String, &Digest> = self
            .digests
            .iter()
            .filter(|(path, _)| {
                **path == own
                    || path.starts_with("schemas/course/")
                    || path.starts_with("schemas/cross-table/")
                    || path.starts_with("schemas/grouping/")
                    || path.starts_with("schemas/target/")
                    || path.starts_with("schemas/method/")
                    || sql::is_method(path)
            })
            .collect();
        Digest::of(serde_json::to_string(&texts).unwrap_or_default().as_bytes())
    }
}

/// A definition that has an id of its own, equal to its file's name.
trait Identified {
    type Id: Ord + std::fmt::Display + Clone;
    fn id(&self) -> &Self::Id;
}

impl Identified for Instrument {
    type Id = InstrumentId;
    fn id(&self) -> &InstrumentId {
        &self.id
    }
}

impl Identified for Mapping {
    type Id = MappingId;
    fn id(&self) -> &MappingId {
        &self.id
    }
}

fn unique<T: Identified>(file: &SourceFile, all: &mut BTreeMap<T::Id, T>, read: T) -> Result<(), Vec<Problem>> {
    let id = read.id().clone();
    if !file.path.ends_with(&format!("/{id}.toml")) {
        let message = format!("has the id `{id}`; name the file {id}.toml, so that it can be found by its id");
        return Err(vec![Problem::in_file(&file.path, message)]);
    }
    all.insert(id, read);
    Ok(())
}
