//! Reads the register's CSV files, with file and line in every error; the shape of each file is the struct beside its reader.

use std::{borrow::Cow, path::PathBuf};

use rust_embed::Embed;
use serde::{Deserialize, de::DeserializeOwned};

use super::{Class, County, Register, Succession};
use crate::model::{Organisation, OrganisationId, Sector, Text, Year};

#[derive(Embed)]
#[folder = "data-samples/register"]
#[include = "*.csv"]
struct BuiltIn;

/// Why the register could not be read.
#[derive(Debug, thiserror::Error)]
pub enum RegisterError {
    /// A file is missing or cannot be opened.
    #[error("cannot read the register's {file}: {cause}; check the path given with --register")]
    Unreadable {
        /// The file.
        file: String,
        /// The reason.
        cause: String,
    },
    /// A row is not right.
    #[error("{file}:{line}: {cause}")]
    Row {
        /// The file.
        file: &'static str,
        /// The line, from 1.
        line: u64,
        /// What is wrong, and the remedy.
        cause: String,
    },
}

/// Where the register is read from.
#[derive(Debug, Clone)]
pub enum RegisterSource {
    /// The register that the program was built with.
    BuiltIn,
    /// A folder of CSV files.
    Folder(PathBuf),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct OrganisationRow {
    id: OrganisationId,
    kind: Sector,
    code: Option<String>,
    number: Option<String>,
    name: String,
    official_name: Option<String>,
    county: Option<String>,
    branch: Option<String>,
    owner: Option<OrganisationId>,
    employees: Option<u32>,
    valid_from: Option<jiff::civil::Date>,
    valid_to: Option<jiff::civil::Date>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct AliasRow {
    organisation: OrganisationId,
    alias: String,
    #[serde(rename = "source")]
    _source: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CountyRow {
    code: String,
    #[serde(rename = "letter")]
    _letter: String,
    name_sv: String,
    name_en: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct AdjacencyRow {
    county: String,
    neighbour: String,
    border_km: u32,
    #[serde(rename = "basis")]
    _basis: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ClassRow {
    classification: String,
    version: String,
    code: String,
    parent: Option<String>,
    name_sv: String,
    name_en: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct MembershipRow {
    classification: String,
    version: String,
    code: String,
    organisation: OrganisationId,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PopulationRow {
    organisation: OrganisationId,
    year: Year,
    population: f64,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct StructureRow {
    organisation: OrganisationId,
    year: Year,
    population: Option<f64>,
    density_per_km2: Option<f64>,
    share_0_19: Option<f64>,
    share_75plus: Option<f64>,
    share_tertiary: Option<f64>,
    tax_base_sek: Option<f64>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SuccessionRow {
    date: jiff::civil::Date,
    kind: String,
    predecessor: OrganisationId,
    successor: OrganisationId,
    #[serde(rename = "note")]
    _note: String,
    #[serde(rename = "source")]
    _source: String,
}

impl RegisterSource {
    /// The folder given on the command line, or the built-in register.
    pub fn new(folder: Option<PathBuf>) -> Self {
        folder.map_or(Self::BuiltIn, Self::Folder)
    }

    fn text(&self, file: &'static str) -> Result<Cow<'static, [u8]>, RegisterError> {
        let unreadable = |cause: String| RegisterError::Unreadable { file: file.to_owned(), cause };
        match self {
            Self::BuiltIn => {
                BuiltIn::get(file).map(|found| found.data).ok_or_else(|| unreadable("not built in".to_owned()))
            }
            Self::Folder(folder) => {
                std::fs::read(folder.join(file)).map(Cow::Owned).map_err(|e| unreadable(e.to_string()))
            }
        }
    }

    fn rows<T: DeserializeOwned>(&self, file: &'static str) -> Result<Vec<(u64, T)>, RegisterError> {
        let text = self.text(file)?;
        let mut reader = csv::ReaderBuilder::new().comment(Some(b'#')).from_reader(text.as_ref());
        let mut rows = Vec::new();
        let row_error = |line, cause: String| RegisterError::Row { file, line, cause };
        let headers = reader.headers().map_err(|e| row_error(1, e.to_string()))?.clone();
        let mut record = csv::StringRecord::new();
        loop {
            let line = reader.position().line();
            match reader.read_record(&mut record) {
                Ok(false) => return Ok(rows),
                Ok(true) => {
                    let line = record.position().map_or(line, csv::Position::line);
                    rows.push((line, record.deserialize(Some(&headers)).map_err(|e| row_error(line, reason(&e)))?));
                }
                Err(error) => return Err(row_error(line, reason(&error))),
            }
        }
    }

    /// Reads and cross-checks the register.
    pub fn load(&self) -> Result<Register, RegisterError> {
        let mut register = Register::default();
        for (line, row) in self.rows::<OrganisationRow>("organisations.csv")? {
            let organisation = Organisation {
                id: row.id.clone(),
                sector: row.kind,
                code: row.code,
                number: row.number,
                name: row.name,
                official_name: row.official_name,
                county: row.county,
                branch: row.branch,
                owner: row.owner,
                employees: row.employees,
                valid_from: row.valid_from,
                valid_to: row.valid_to,
            };
            if register.organisations.insert(row.id.clone(), organisation).is_some() {
                let cause = format!("`{}` occurs twice; ids are unique", row.id);
                return Err(RegisterError::Row { file: "organisations.csv", line, cause });
            }
        }
        for (line, row) in self.rows::<AliasRow>("aliases.csv")? {
            known(&register, "aliases.csv", line, &row.organisation)?;
            register.aliases.push((row.organisation, row.alias));
        }
        for (_, row) in self.rows::<CountyRow>("counties.csv")? {
            let county =
                County { code: row.code.clone(), name: Text::new(row.name_sv, row.name_en), neighbours: [].into() };
            register.counties.insert(row.code, county);
        }
        for (line, row) in self.rows::<AdjacencyRow>("county_adjacency.csv")? {
            let unknown = |code: &str| RegisterError::Row {
                file: "county_adjacency.csv",
                line,
                cause: format!("`{code}` is no county in counties.csv"),
            };
            if !register.counties.contains_key(&row.neighbour) {
                return Err(unknown(&row.neighbour));
            }
            let county = register.counties.get_mut(&row.county).ok_or_else(|| unknown(&row.county))?;
            county.neighbours.insert(row.neighbour, row.border_km);
        }
        for (_, row) in self.rows::<ClassRow>("classifications.csv")? {
            let class = Class { code: row.code, parent: row.parent, name: Text::new(row.name_sv, row.name_en) };
            register.classifications.entry((row.classification, row.version)).or_default().classes.push(class);
        }
        for (line, row) in self.rows::<MembershipRow>("memberships.csv")? {
            known(&register, "memberships.csv", line, &row.organisation)?;
            let key = (row.classification, row.version);
            let classification = register.classifications.get_mut(&key);
            let Some(classification) = classification.filter(|c| c.classes.iter().any(|k| k.code == row.code)) else {
                let cause = format!("class `{}` of `{}` {} is not in classifications.csv", row.code, key.0, key.1);
                return Err(RegisterError::Row { file: "memberships.csv", line, cause });
            };
            classification.members.insert(row.organisation, row.code);
        }
        for (line, row) in self.rows::<StructureRow>("structure.csv")? {
            known(&register, "structure.csv", line, &row.organisation)?;
            for (name, value) in [
                ("population", row.population),
                ("density_per_km2", row.density_per_km2),
                ("share_0_19", row.share_0_19),
                ("share_75plus", row.share_75plus),
                ("share_tertiary", row.share_tertiary),
                ("tax_base_sek", row.tax_base_sek),
            ] {
                if let Some(value) = value {
                    let values = register.variables.entry(name.to_owned()).or_default();
                    values.insert((row.organisation.clone(), row.year), value);
                }
            }
        }
        // the population table has the official figure of 31 December, so it is read last
        for (line, row) in self.rows::<PopulationRow>("population.csv")? {
            known(&register, "population.csv", line, &row.organisation)?;
            let values = register.variables.entry("population".to_owned()).or_default();
            values.insert((row.organisation, row.year), row.population);
        }
        for (line, row) in self.rows::<SuccessionRow>("successions.csv")? {
            known(&register, "successions.csv", line, &row.predecessor)?;
            known(&register, "successions.csv", line, &row.successor)?;
            if !["split", "merge", "rename", "move"].contains(&row.kind.as_str()) {
                let cause = format!("`{}` is no kind of succession: use split, merge, rename or move", row.kind);
                return Err(RegisterError::Row { file: "successions.csv", line, cause });
            }
            register.successions.push(Succession {
                date: row.date,
                kind: row.kind,
                predecessor: row.predecessor,
                successor: row.successor,
            });
        }
        register.successions.sort_by(|a, b| (a.date, &a.successor).cmp(&(b.date, &b.successor)));
        Ok(register)
    }
}

fn known(register: &Register, file: &'static str, line: u64, id: &OrganisationId) -> Result<(), RegisterError> {
    if register.organisations.contains_key(id) {
        Ok(())
    } else {
        Err(RegisterError::Row { file, line, cause: format!("`{id}` is no organisation in organisations.csv") })
    }
}

/// What is wrong, without the position that the error's own text repeats.
fn reason(error: &csv::Error) -> String {
    match error.kind() {
        csv::ErrorKind::Deserialize { err, .. } => err.kind().to_string(),
        csv::ErrorKind::UnequalLengths { expected_len, len, .. } => {
            format!("has {len} fields where the header has {expected_len}")
        }
        _ => error.to_string(),
    }
}
