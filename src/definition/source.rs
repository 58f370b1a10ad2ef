//! Where definition files come from: compiled in, or a publisher's own folder; parsing is done elsewhere.

use std::{fs, path::Path, path::PathBuf};

use rust_embed::Embed;
use serde::de::DeserializeOwned;

use super::{DefinitionError, Problem};

#[derive(Embed)]
#[folder = "schemas"]
#[prefix = "schemas/"]
#[include = "*.toml"]
struct Schemas;

#[derive(Embed)]
#[folder = "sql"]
#[prefix = "sql/"]
#[include = "*.sql"]
struct Queries;

/// One definition file.
#[derive(Debug, Clone)]
pub struct SourceFile {
    /// Path relative to the folder of definitions, such as `schemas/instrument/digital-maturity.toml`.
    pub path: String,
    /// Its text.
    pub text: String,
}

impl SourceFile {
    /// Parses the file as TOML; an error names the line.
    pub(super) fn parse<T: DeserializeOwned>(&self) -> Result<T, Vec<Problem>> {
        toml::from_str(&self.text).map_err(|error| {
            let message = error.message().replace('\n', "; ");
            vec![match error.span() {
                Some(span) => Problem::at(&self.path, &self.text, span.start, message),
                None => Problem::in_file(&self.path, message),
            }]
        })
    }

    /// A problem at the place of a value that was read with its span.
    pub(super) fn at<T>(&self, place: &toml::Spanned<T>, message: impl Into<String>) -> Problem {
        Problem::at(&self.path, &self.text, place.span().start, message)
    }
}

/// Where definitions are read from.
#[derive(Debug, Clone)]
pub enum Source {
    /// The definitions that the program was built with.
    BuiltIn,
    /// A folder with `schemas/` and, if the publisher has own methods, `sql/`; without `sql/` the built-in queries are used.
    Folder(PathBuf),
}

impl Source {
    /// The folder given on the command line, or the built-in definitions.
    pub fn new(folder: Option<PathBuf>) -> Self {
        folder.map_or(Self::BuiltIn, Self::Folder)
    }

    /// All files, in the order of their paths.
    pub fn files(&self) -> Result<Vec<SourceFile>, DefinitionError> {
        let mut files = Vec::new();
        match self {
            Self::BuiltIn => {
                files.extend(embedded::<Schemas>());
                files.extend(embedded::<Queries>());
            }
            Self::Folder(root) => {
                walk(root, &root.join("schemas"), "toml", &mut files)?;
                if root.join("sql").is_dir() {
                    walk(root, &root.join("sql"), "sql", &mut files)?;
                } else {
                    files.extend(embedded::<Queries>());
                }
            }
        }
        files.sort_by(|a, b| a.path.cmp(&b.path));
        Ok(files)
    }
}

fn embedded<E: Embed>() -> Vec<SourceFile> {
    E::iter()
        .filter_map(|path| {
            let file = E::get(&path)?;
            Some(SourceFile { path: path.into_owned(), text: String::from_utf8_lossy(&file.data).into_owned() })
        })
        .collect()
}

fn walk(root: &Path, folder: &Path, extension: &str, files: &mut Vec<SourceFile>) -> Result<(), DefinitionError> {
    let unreadable = |path: &Path, cause| DefinitionError::Unreadable { folder: path.display().to_string(), cause };
    for entry in fs::read_dir(folder).map_err(|e| unreadable(folder, e))? {
        let path = entry.map_err(|e| unreadable(folder, e))?.path();
        if path.is_dir() {
            walk(root, &path, extension, files)?;
        } else if path.extension().is_some_and(|e| e == extension) {
            let text = fs::read_to_string(&path).map_err(|e| unreadable(&path, e))?;
            let relative = path.strip_prefix(root).unwrap_or(&path).to_string_lossy().replace('\\', "/");
            files.push(SourceFile { path: relative, text });
        }
    }
    Ok(())
}
