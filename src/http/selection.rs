//! The selection grammar of list parameters: `*` and lists of ids, and on years expressions, of which each has a file.

mod all;
mod from;
mod last;
mod one;
mod range;
mod to;

use super::{Problem, ProblemKind, parameter::Parameters, rows_of, unknown};
use crate::{encode::Grid, figure::Edition};

/// Which ids are wanted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Ids {
    /// All of them.
    Every,
    /// These, in this order.
    These(Vec<String>),
}

impl Ids {
    /// Reads a list of ids; without one, all are wanted.
    pub(super) fn read(text: Option<&str>) -> Self {
        match text {
            None | Some("*") => Self::Every,
            Some(list) => {
                let mut ids: Vec<String> = Vec::new();
                for id in list.split(',').map(str::trim).filter(|id| !id.is_empty()) {
                    // in a query string a plus sign is a space, and ids have the one and never the other
                    let id = id.replace(' ', "+");
                    if !ids.contains(&id) {
                        ids.push(id);
                    }
                }
                Self::These(ids)
            }
        }
    }

    pub(super) fn wants(&self, id: &str) -> bool {
        match self {
            Self::Every => true,
            Self::These(ids) => ids.iter().any(|wanted| wanted == id),
        }
    }

    /// The first id that is not among those that exist.
    pub(super) fn unknown(&self, mut exists: impl FnMut(&str) -> bool) -> Option<&str> {
        match self {
            Self::Every => None,
            Self::These(ids) => ids.iter().map(String::as_str).find(|id| !exists(id)),
        }
    }
}

/// The column that a list parameter selects in, where it has another name.
const COLUMNS: [(&str, &str); 2] = [("group", "group_id"), ("table", "table_id")];

/// The rows of a published table that list parameters select, each in the column of its name; `year` has expressions of its own.
pub(super) fn of_table(
    edition: &Edition,
    table: &'static str,
    parameters: &Parameters,
    own: &[&str],
) -> Result<Grid, Problem> {
    let all = rows_of(edition, table)?;
    let mut chosen: Vec<(&str, Vec<String>)> = Vec::new();
    for &name in own.iter().filter(|name| **name != "year") {
        let Ids::These(ids) = Ids::read(parameters.get(name)) else { continue };
        let column = COLUMNS.iter().find(|(known, _)| *known == name).map_or(name, |(_, column)| column);
        if let Some(id) = ids.iter().find(|id| !all.has(column, id)) {
            return Err(unknown(name, id));
        }
        chosen.push((column, ids));
    }
    let texts: Vec<(&str, Vec<&str>)> =
        chosen.iter().map(|(column, ids)| (*column, ids.iter().map(String::as_str).collect())).collect();
    let wanted: Vec<(&str, &[&str])> = texts.iter().map(|(column, ids)| (*column, ids.as_slice())).collect();
    let grid = all.rows_having(&wanted);
    if !own.contains(&"year") {
        return found(grid, parameters, own);
    }
    let years = years(parameters.get("year"), &grid.years(), "*")?;
    found(grid.in_years(&years), parameters, own)
}

/// The rows of a selection: one that is asked for and selects nothing is told, since an empty answer looks like a finding.
pub(super) fn found(grid: Grid, parameters: &Parameters, own: &[&str]) -> Result<Grid, Problem> {
    let asked: Vec<&str> = own.iter().copied().filter(|name| parameters.get(name).is_some()).collect();
    if asked.is_empty() || !grid.rows.is_empty() {
        return Ok(grid);
    }
    let asked = asked.join(", ");
    Err(Problem::with(
        ProblemKind::UnknownId,
        format!("Urvalet ({asked}) ger inga rader i den aktuella utgåvan."),
        format!("The selection ({asked}) has no rows in the current release."),
    ))
}

/// An expression that selects years.
struct Expression {
    /// How it is written.
    form: &'static str,
    /// The years that it selects out of all that there are, ascending; none where the text is another expression.
    select: fn(&str, &[i64]) -> Option<Vec<i64>>,
}

/// Every expression.
static EXPRESSIONS: [Expression; 6] =
    [one::EXPRESSION, range::EXPRESSION, last::EXPRESSION, from::EXPRESSION, to::EXPRESSION, all::EXPRESSION];

/// The number in `name(number)`.
fn argument(text: &str, name: &str) -> Option<i64> {
    text.strip_prefix(name)?.strip_prefix('(')?.strip_suffix(')')?.trim().parse().ok()
}

/// Reads a selection of years out of those that there are, ascending: expressions separated by commas.
pub(super) fn years(text: Option<&str>, all: &[i64], default: &str) -> Result<Vec<i64>, Problem> {
    let text = text.unwrap_or(default);
    let mut chosen: Vec<i64> = Vec::new();
    for part in text.split(',').map(str::trim).filter(|part| !part.is_empty()) {
        let found = EXPRESSIONS.iter().find_map(|expression| (expression.select)(part, all));
        chosen.extend(found.ok_or_else(|| {
            let part: String = part.chars().filter(|c| !c.is_control()).take(40).collect();
            let forms = EXPRESSIONS.iter().map(|expression| expression.form).collect::<Vec<_>>().join(", ");
            Problem::with(
                ProblemKind::InvalidParameter,
                format!("{part} är inget urval av år; så skrivs urval: {forms}."),
                format!("{part} selects no years; selections are written like this: {forms}."),
            )
        })?);
    }
    chosen.sort_unstable();
    chosen.dedup();
    Ok(chosen)
}

/// Whether a selection names this very year, rather than those that there are of some.
pub(super) fn is_named(text: Option<&str>, year: i64) -> bool {
    text.unwrap_or_default().split(',').any(|part| part.trim().parse() == Ok(year))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn years_are_selected() {
        let all = [2016, 2017, 2018, 2019, 2020];
        let check = |text: &str, expected: Option<&[i64]>| {
            assert_eq!(years(Some(text), &all, "*").ok().as_deref(), expected, "{text}");
        };
        check("*", Some(&all));
        check("2019", Some(&[2019]));
        check("2019,2017", Some(&[2017, 2019]));
        check("last(2)", Some(&[2019, 2020]));
        check("last(99)", Some(&all));
        check("from(2019)", Some(&[2019, 2020]));
        check("to(2016)", Some(&[2016]));
        check("2017-2018", Some(&[2017, 2018]));
        check("last(0)", None);
        check("last(-1)", None);
        check("yes", None);
        check("last(99999999999999999999)", None);
    }
}
