//! Problems of the `PxWeb` face: statuses and titles as `PxWeb`'s clients know them, misspelt ones too; they are written and explained
//! like all other problems.

use axum::http::StatusCode;

use crate::http::{Problem, ProblemKind, problem::ProblemEntry};

/// A kind of problem of the `PxWeb` face.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PxProblem {
    /// No table of this id.
    NonExistentTable,
    /// No code list of this id.
    NonExistentCodelist,
    /// No page of this number.
    NonExistentPage,
    /// No saved queries are kept here.
    NonExistentSavedQuery,
    /// A variable that the table does not have.
    NonExistentVariable,
    /// A value or pattern that fits none of the variable's values.
    NonExistentValue,
    /// A code list that the variable does not have.
    NonExistentVariableCodelist,
    /// A variable of which something has to be chosen.
    MissingSelection,
    /// A selection expression of a wrong form.
    IllegalExpression,
    /// Variables that stand nowhere, twice, or without being chosen.
    IllegalPlacement,
    /// The body is no selection.
    IllegalBody,
    /// More cells than are given at once.
    TooManyCells,
    /// A language that there is not.
    UnsupportedLanguage,
    /// A format that there is not, or parameters that it does not have.
    UnsupportedFormat,
    /// A parameter that the resource does not have.
    UnknownParameter,
    /// A parameter's value that cannot be read.
    IllegalParameter,
}

impl From<PxProblem> for Problem {
    /// A problem whose remedy is that of its kind.
    fn from(kind: PxProblem) -> Self {
        Self::new(ProblemKind::PxWeb(kind))
    }
}

impl PxProblem {
    /// A problem with a remedy of its own.
    pub(super) fn because(self, sv: impl Into<String>, en: impl Into<String>) -> Problem {
        Problem::with(ProblemKind::PxWeb(self), sv, en)
    }
}

/// A word of a request as it can be repeated in an answer.
pub(super) fn word(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).take(80).collect()
}

const fn entry(
    kind: PxProblem,
    code: &'static str,
    status: StatusCode,
    title: &'static str,
    remedy: [&'static str; 2],
) -> ProblemEntry {
    ProblemEntry { kind: ProblemKind::PxWeb(kind), code, status, title: [title; 2], remedy }
}

/// Every kind of problem of the `PxWeb` face.
pub static PROBLEMS: &[ProblemEntry] = &[
    entry(
        PxProblem::NonExistentTable,
        "non-existent-table",
        StatusCode::NOT_FOUND,
        "Non-existent table",
        [
            "Tabellernas identiteter finns i /pxweb/api/v2/tables.",
            "The ids of tables are listed at /pxweb/api/v2/tables.",
        ],
    ),
    entry(
        PxProblem::NonExistentCodelist,
        "non-existent-codelist",
        StatusCode::NOT_FOUND,
        "Non-existent codelist",
        [
            "Kodlistorna för en tabells variabler finns i dess metadata.",
            "The code lists of a table's variables are listed in its metadata.",
        ],
    ),
    entry(
        PxProblem::NonExistentPage,
        "non-existent-page",
        StatusCode::NOT_FOUND,
        "Non-existent page",
        [
            "Sidorna numreras från 1; page.totalPages säger hur många de är.",
            "Pages are numbered from 1; page.totalPages tells how many there are.",
        ],
    ),
    entry(
        PxProblem::NonExistentSavedQuery,
        "non-existent-saved-query",
        StatusCode::NOT_FOUND,
        "Saved query not found",
        [
            "Tjänsten kan bara läsas och sparar inga frågor: ställ frågan till tabellens data i stället.",
            "The service can only be read and saves no queries: put the query to the table's data instead.",
        ],
    ),
    entry(
        PxProblem::NonExistentVariable,
        "non-existent-variable",
        StatusCode::BAD_REQUEST,
        "Non-existent variable",
        ["Tabellens variabler finns i dess metadata.", "The table's variables are listed in its metadata."],
    ),
    entry(
        PxProblem::NonExistentValue,
        "non-existent-value",
        StatusCode::BAD_REQUEST,
        "Non-existent value",
        ["Variabelns värden finns i tabellens metadata.", "The variable's values are listed in the table's metadata."],
    ),
    entry(
        PxProblem::NonExistentVariableCodelist,
        "non-existent-variable-codelist",
        StatusCode::BAD_REQUEST,
        "Non-existent codelist",
        [
            "Variabelns kodlistor finns i tabellens metadata.",
            "The variable's code lists are listed in the table's metadata.",
        ],
    ),
    entry(
        PxProblem::MissingSelection,
        "missing-selection",
        StatusCode::BAD_REQUEST,
        // as PxWeb spells it, since clients compare it
        "Missing selection for mandantory variable",
        [
            "Välj minst ett värde för varje variabel vars elimination är false, eller välj ingenting alls.",
            "Choose at least one value of every variable whose elimination is false, or choose nothing at all.",
        ],
    ),
    entry(
        PxProblem::IllegalExpression,
        "illegal-selection-expression",
        StatusCode::BAD_REQUEST,
        "Illegal selection expression",
        [
            "Skriv koder eller uttryck, till exempel *, county:* eller TOP(3).",
            "Write codes or expressions, such as *, county:* or TOP(3).",
        ],
    ),
    entry(
        PxProblem::IllegalPlacement,
        "illegal-placement",
        StatusCode::BAD_REQUEST,
        "Illegal placment",
        [
            "Ange de valda variablerna en gång var i heading eller stub, eller bara det ena; de som inte nämns hamnar då i det andra.",
            "Name each chosen variable once in heading or stub, or give only one of the two; variables that are not named go to the other.",
        ],
    ),
    entry(
        PxProblem::IllegalBody,
        "illegal-selection",
        StatusCode::BAD_REQUEST,
        "Illegal selection",
        [
            "Skicka ett urval i JSON: {\"selection\": [{\"variableCode\": \"Tid\", \"valueCodes\": [\"TOP(1)\"]}]}.",
            "Send a selection in JSON: {\"selection\": [{\"variableCode\": \"Tid\", \"valueCodes\": [\"TOP(1)\"]}]}.",
        ],
    ),
    entry(
        PxProblem::TooManyCells,
        "too-many-cells",
        StatusCode::FORBIDDEN,
        "Too many cells selected",
        [
            "Välj färre värden, eller hämta i flera delar; maxDataCells i /pxweb/api/v2/config är gränsen.",
            "Choose fewer values, or fetch in several parts; maxDataCells at /pxweb/api/v2/config is the limit.",
        ],
    ),
    entry(
        PxProblem::UnsupportedLanguage,
        "unsupported-language",
        StatusCode::BAD_REQUEST,
        "Unsupported language",
        ["Språken är sv och en: lang=sv eller lang=en.", "The languages are sv and en: lang=sv or lang=en."],
    ),
    entry(
        PxProblem::UnsupportedFormat,
        "unsupported-output-format",
        StatusCode::BAD_REQUEST,
        "Unsupported output format",
        [
            "Formaten finns i dataFormats i /pxweb/api/v2/config.",
            "The formats are listed in dataFormats at /pxweb/api/v2/config.",
        ],
    ),
    entry(
        PxProblem::UnknownParameter,
        "unknown-pxweb-parameter",
        StatusCode::BAD_REQUEST,
        "Unknown parameter",
        ["Använd resursens egna parametrar.", "Use the resource's own parameters."],
    ),
    entry(
        PxProblem::IllegalParameter,
        "illegal-pxweb-parameter",
        StatusCode::BAD_REQUEST,
        "Illegal parameter value",
        ["Rätta parameterns värde.", "Correct the parameter's value."],
    ),
];

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use crate::http::problem;

    #[test]
    fn codes_lead_to_one_problem_each() {
        let codes: Vec<&str> = problem::every().map(|entry| entry.code).collect();
        assert_eq!(codes.iter().collect::<BTreeSet<_>>().len(), codes.len());
        for entry in super::PROBLEMS {
            assert!(entry.remedy.iter().all(|text| text.ends_with('.')), "{}", entry.code);
        }
    }
}
