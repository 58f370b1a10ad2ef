//! The selection grammar of list parameters: `*`, `a,b`, and on years also `last(n)`, `from(y)`, `to(y)` and `a-b`.

use super::{Problem, ProblemKind, parameter::Parameters};
use crate::encode::Grid;

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

/// Reads a selection of years out of those that there are, ascending.
pub(super) fn years(text: Option<&str>, all: &[i64], default: &str) -> Result<Vec<i64>, Problem> {
    let text = text.unwrap_or(default);
    let mut chosen: Vec<i64> = Vec::new();
    for part in text.split(',').map(str::trim).filter(|part| !part.is_empty()) {
        chosen.extend(expression(part, all).ok_or_else(|| {
            let part: String = part.chars().filter(|c| !c.is_control()).take(40).collect();
            Problem::with(
                ProblemKind::InvalidParameter,
                format!("{part} är inget urval av år: skriv 2020, 2018-2020, last(5), from(2018), to(2020) eller *."),
                format!("{part} selects no years: write 2020, 2018-2020, last(5), from(2018), to(2020) or *."),
            )
        })?);
    }
    chosen.sort_unstable();
    chosen.dedup();
    Ok(chosen)
}

fn expression(part: &str, all: &[i64]) -> Option<Vec<i64>> {
    let argument =
        |name: &str| part.strip_prefix(name)?.strip_prefix('(')?.strip_suffix(')')?.trim().parse::<i64>().ok();
    let among = |wanted: &dyn Fn(i64) -> bool| Some(all.iter().copied().filter(|&year| wanted(year)).collect());
    if part == "*" {
        return among(&|_| true);
    }
    if let Some(count) = argument("last") {
        let count = usize::try_from(count).ok().filter(|&count| count > 0)?;
        return Some(all[all.len().saturating_sub(count)..].to_vec());
    }
    if let Some(year) = argument("from") {
        return among(&|known| known >= year);
    }
    if let Some(year) = argument("to") {
        return among(&|known| known <= year);
    }
    if let Some((first, last)) = part.split_once('-') {
        let (first, last) = (first.trim().parse::<i64>().ok()?, last.trim().parse::<i64>().ok()?);
        return among(&|known| (first..=last).contains(&known));
    }
    part.parse().ok().map(|year| vec![year])
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
