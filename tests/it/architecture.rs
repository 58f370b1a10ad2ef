//! The rules of the house as tests over the source text: who may name whom, and what every file has to say.

use std::{
    fs,
    path::{Path, PathBuf},
};

/// Every Rust file below a folder.
fn rust_files(folder: &str) -> Vec<(PathBuf, String)> {
    let mut found = Vec::new();
    let mut open = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join(folder)];
    while let Some(folder) = open.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                open.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let text = fs::read_to_string(&path).unwrap();
                found.push((path.strip_prefix(env!("CARGO_MANIFEST_DIR")).unwrap().to_owned(), text));
            }
        }
    }
    found.sort();
    found
}

/// The top-level module that a file of `src` belongs to.
fn module(path: &Path) -> String {
    let second = path.components().nth(1).unwrap().as_os_str().to_string_lossy().into_owned();
    second.trim_end_matches(".rs").to_owned()
}

/// Lines of code, without comments.
fn code(text: &str) -> impl Iterator<Item = (usize, &str)> {
    text.lines().enumerate().map(|(at, line)| (at + 1, line)).filter(|(_, line)| !line.trim_start().starts_with("//"))
}

/// Whether a line names a word, as a whole word.
fn names(line: &str, word: &str) -> bool {
    line.match_indices(word).any(|(at, _)| {
        let before = line[..at].chars().next_back();
        let after = line[at + word.len()..].chars().next();
        let part = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() || c == '_');
        !part(before) && !part(after)
    })
}

/// The top-level modules of ours that a text takes from `crate::`, also through a list in braces.
fn taken(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    let code: String = code(text).flat_map(|(_, line)| [line, "\n"]).collect();
    for (at, _) in code.match_indices("crate::") {
        let rest = &code[at + "crate::".len()..];
        if let Some(list) = rest.strip_prefix('{') {
            let (mut depth, mut word, mut fresh) = (1, String::new(), true);
            for c in list.chars() {
                match c {
                    '{' => depth += 1,
                    '}' => depth -= 1,
                    ',' if depth == 1 => fresh = true,
                    c if depth == 1 && fresh && (c.is_alphanumeric() || c == '_') => word.push(c),
                    _ if !word.is_empty() => fresh = false,
                    _ => {}
                }
                if (depth == 0 || (c == ',' && depth == 1) || !fresh) && !word.is_empty() {
                    found.push(std::mem::take(&mut word));
                }
                if depth == 0 {
                    break;
                }
            }
        } else {
            found.push(rest.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect());
        }
    }
    found
}

const PRIVATE: [&str; 6] = ["ingest", "key", "microdata", "score", "register", "sample"];
const PUBLIC: [&str; 7] = ["release", "figure", "query", "encode", "http", "web", "postgres"];

#[test]
fn the_reader_of_imports_reads_them() {
    let text = "use crate::{\n    model::{Year, Id},\n    store,\n    http::App as A,\n};\nuse crate::score::Engine;\n// use crate::query;\n";
    assert_eq!(taken(text), ["model", "store", "http", "score"]);
}

#[test]
fn the_public_side_names_nothing_private() {
    for (path, text) in rust_files("src").iter().filter(|(path, _)| PUBLIC.contains(&module(path).as_str())) {
        for module in taken(text) {
            assert!(
                !["ingest", "key", "microdata", "score", "sample", "publish"].contains(&module.as_str()),
                "{}: {module}",
                path.display()
            );
        }
        for (line, code) in code(text) {
            for word in ["PrivateStore", "Unprotected"] {
                assert!(!names(code, word), "{}:{line} names {word}", path.display());
            }
        }
    }
}

#[test]
fn the_private_side_names_nothing_public() {
    for (path, text) in rust_files("src").iter().filter(|(path, _)| PRIVATE.contains(&module(path).as_str())) {
        for module in taken(text) {
            assert!(!PUBLIC.contains(&module.as_str()) && module != "publish", "{}: {module}", path.display());
        }
        for (line, code) in code(text) {
            for word in ["PublicStore", "Safe"] {
                assert!(!names(code, word), "{}:{line} names {word}", path.display());
            }
        }
    }
}

#[test]
fn http_and_web_know_no_arrays_and_no_engine() {
    for (path, text) in rust_files("src").iter().filter(|(path, _)| ["http", "web"].contains(&module(path).as_str())) {
        for (line, code) in code(text) {
            for word in ["RecordBatch", "arrow", "datafusion"] {
                assert!(!names(code, word), "{}:{line} names {word}", path.display());
            }
        }
    }
}

#[test]
fn wrapped_values_are_computed_on_in_three_modules_only() {
    let wrapper = Path::new("src/disclosure/wrapper.rs");
    for (path, text) in rust_files("src").iter().filter(|(path, _)| path != wrapper) {
        if names(text, "Unprotected") || names(text, "OrganisationScores") {
            let allowed = ["ingest", "microdata", "score"].contains(&module(path).as_str());
            for (line, code) in code(text) {
                let opens = code.contains(".map_async(") || code.contains("scores.map(") || code.contains(".expose()");
                let disclosure = module(path) == "disclosure" && code.contains(".expose()");
                assert!(!opens || allowed || disclosure, "{}:{line} opens a wrapped value", path.display());
            }
        }
    }
}

#[test]
fn only_disclosure_seals() {
    for (path, text) in rust_files("src").iter().filter(|(path, _)| module(path) != "disclosure") {
        for (line, code) in code(text) {
            assert!(!code.contains("Safe::seal"), "{}:{line}", path.display());
        }
    }
}

#[test]
fn serving_has_no_field_for_the_private_store() {
    let serve = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("src/cli/serve.rs")).unwrap();
    for (line, code) in code(&serve) {
        assert!(
            !names(code, "Private") && !names(code, "PrivateStore") && !names(code, "pseudonym_key"),
            "serve.rs:{line}"
        );
    }
}

#[test]
fn every_file_opens_with_what_lives_there() {
    for folder in ["src", "tests/it", "benches"] {
        for (path, text) in rust_files(folder) {
            assert!(text.starts_with("//! "), "{} lacks its opening sentence", path.display());
        }
    }
}

#[test]
fn no_file_is_named_mod_and_none_is_a_drawer() {
    for (path, _) in rust_files("src") {
        let name = path.file_stem().unwrap().to_string_lossy().into_owned();
        for drawer in ["mod", "util", "utils", "common", "helpers", "types", "prelude"] {
            assert_ne!(name, drawer, "{}", path.display());
        }
    }
}

#[test]
fn there_is_one_copy_of_what_tables_are_made_of() {
    let lock = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("Cargo.lock")).unwrap();
    for package in ["arrow", "arrow-array", "arrow-schema", "parquet", "datafusion", "object_store"] {
        let copies = lock.lines().filter(|line| *line == format!("name = \"{package}\"")).count();
        assert_eq!(copies, 1, "{package}");
    }
}

#[test]
fn sql_is_never_put_together_from_strings() {
    for (path, text) in rust_files("src") {
        for (line, code) in code(&text) {
            let lower = code.to_lowercase();
            assert!(
                !(lower.contains("format!(\"select") || lower.contains("format!(\"with ")),
                "{}:{line}",
                path.display()
            );
        }
    }
}

#[test]
fn the_json_schemas_are_as_generated() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("schemas/json-schema");
    for (name, text) in mognad::definition::json_schemas() {
        let path = folder.join(name);
        if std::env::var_os("MOGNAD_WRITE_GENERATED").is_some() {
            fs::create_dir_all(&folder).unwrap();
            fs::write(&path, &text).unwrap();
        }
        let committed = fs::read_to_string(&path).unwrap_or_default();
        assert_eq!(committed, text, "{name} is stale; run this test with MOGNAD_WRITE_GENERATED=1");
    }
}

#[test]
fn the_single_places_in_the_readme_exist() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let readme = fs::read_to_string(root.join("README.md")).unwrap();
    let table = readme.split("I want to add").nth(1).expect("the README has the table of single places");
    let rows: Vec<&str> = table.lines().skip(2).take_while(|line| line.starts_with('|')).collect();
    assert!(rows.len() >= 8, "{rows:?}");
    for row in rows {
        for path in row.split('`').skip(1).step_by(2).filter(|text| text.contains('/')) {
            let folder = path.rsplit_once('/').map_or(path, |(folder, _)| folder);
            assert!(root.join(folder).is_dir(), "{path} in the README: there is no {folder}");
        }
    }
}
