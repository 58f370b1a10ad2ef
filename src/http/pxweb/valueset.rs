//! Sets of a variable's values (`PxWeb`'s code lists of the type Valueset): groups of one kind, measures of one level. They choose
//! among stored figures; nothing is aggregated.

use std::collections::BTreeMap;

use super::table::Variable;
use crate::{
    encode::{Grid, Value},
    figure::Edition,
    model::Text,
};

/// A set of values.
#[derive(Debug, Clone)]
pub(super) struct ValueSet {
    /// Id, which begins as `PxWeb`'s do.
    pub(super) id: String,
    /// Name.
    pub(super) name: Text,
    /// Positions of its values, ascending.
    pub(super) members: Vec<usize>,
}

/// What kinds of groups are called: kind, Swedish, English.
const KINDS: [(&str, &str, &str); 8] = [
    ("sector", "Sektorer", "Sectors"),
    ("skr-main-group", "SKR:s huvudgrupper av kommuner", "SKR's main groups of municipalities"),
    ("skr-group", "SKR:s kommungrupper", "SKR's groups of municipalities"),
    ("size", "Storleksklasser", "Size classes"),
    ("county", "Län", "Counties"),
    ("branch", "Branscher", "Branches"),
    ("block", "Block av liknande organisationer", "Blocks of similar organisations"),
    ("registered", "Registrerade grupper", "Registered groups"),
];

/// The sets of a variable, in the order of their ids.
pub(super) fn of(edition: &Edition, instrument: Option<&str>, table: &str, variable: &Variable) -> Vec<ValueSet> {
    let Some(instrument) = instrument else { return Vec::new() };
    match &*variable.code {
        "group_id" => {
            edition.grid("groups").map_or_else(|_| Vec::new(), |grid| groups(grid, instrument, table, variable))
        }
        "indicator" => {
            let name = |level: &str| {
                let own = edition.names.of(None, "level", level).cloned();
                let own = own.unwrap_or_else(|| Text::new(level, level));
                Text::new(
                    format!("Mått på nivån {}", own.sv.to_lowercase()),
                    format!("Measures of the level {}", own.en.to_lowercase()),
                )
            };
            edition.grid("indicators").map_or_else(
                |_| Vec::new(),
                |grid| {
                    sorted(grid, instrument, "indicator", "level", variable)
                        .into_iter()
                        .map(|(level, members)| ValueSet {
                            id: format!("vs_{table}_{level}"),
                            name: name(&level),
                            members: positions(members),
                        })
                        .collect()
                },
            )
        }
        _ => Vec::new(),
    }
}

/// Groups by kind. A classification that has versions, such as SKR's, has one set for each.
fn groups(grid: &Grid, instrument: &str, table: &str, variable: &Variable) -> Vec<ValueSet> {
    let version_at = grid.position("version");
    let mut found = Vec::new();
    for (kind, members) in sorted(grid, instrument, "group_id", "kind", variable) {
        // one group is no choice
        if kind == "all" {
            continue;
        }
        let name = KINDS.iter().find(|(own, ..)| *own == kind);
        let name = name.map_or_else(|| Text::new(&kind, &kind), |(_, sv, en)| Text::new(*sv, *en));
        let versions: Vec<Option<String>> =
            members.iter().map(|(_, row)| version_at.and_then(|at| text(&grid.rows[*row][at]))).collect();
        if versions.iter().any(Option::is_none) {
            found.push(ValueSet { id: format!("vs_{table}_{kind}"), name, members: positions(members) });
            continue;
        }
        let mut by_version: BTreeMap<String, Vec<(usize, usize)>> = BTreeMap::new();
        for (version, member) in versions.into_iter().flatten().zip(members) {
            by_version.entry(version).or_default().push(member);
        }
        found.extend(by_version.into_iter().map(|(version, members)| ValueSet {
            id: format!("vs_{table}_{kind}-{version}"),
            name: Text::new(format!("{} {version}", name.sv), format!("{} {version}", name.en)),
            members: positions(members),
        }));
    }
    found
}

/// The values of a variable by what a column says of them: position and row.
fn sorted(
    grid: &Grid,
    instrument: &str,
    ids: &str,
    by: &str,
    variable: &Variable,
) -> BTreeMap<String, Vec<(usize, usize)>> {
    let mut found: BTreeMap<String, Vec<(usize, usize)>> = BTreeMap::new();
    let (Some(own), Some(id), Some(by)) = (grid.position("instrument"), grid.position(ids), grid.position(by)) else {
        return found;
    };
    for (number, row) in grid.rows.iter().enumerate() {
        let (Some(id), Some(by)) = (text(&row[id]), text(&row[by])) else { continue };
        if text(&row[own]).as_deref() == Some(instrument)
            && let Some(position) = variable.position(&id)
        {
            found.entry(by).or_default().push((position, number));
        }
    }
    found
}

fn positions(members: Vec<(usize, usize)>) -> Vec<usize> {
    let mut positions: Vec<usize> = members.into_iter().map(|(position, _)| position).collect();
    positions.sort_unstable();
    positions
}

fn text(value: &Value) -> Option<String> {
    if let Value::Text(text) = value { Some(text.to_string()) } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{encode::Role, http::pxweb::table::tests::variable};

    #[test]
    fn kinds_with_versions_are_several_sets() {
        let mut grid = Grid::new(&["instrument", "group_id", "kind", "version"]);
        for (instrument, group, kind, version) in [
            ("a", "all", "all", None),
            ("a", "skr-group:b3", "skr-group", Some("2023")),
            ("a", "skr-group-2017:b3", "skr-group", Some("2017")),
            ("a", "county:14", "county", None),
            ("a", "county:01", "county", Some("2023")),
            ("b", "county:03", "county", None),
            ("a", "county:99", "county", None),
        ] {
            let version = version.map_or(Value::Null, Value::text);
            grid.rows.push(vec![Value::text(instrument), Value::text(group), Value::text(kind), version]);
        }
        let codes = ["all", "county:01", "county:03", "county:14", "skr-group-2017:b3", "skr-group:b3"];
        let own = variable("group_id", Role::Plain, &codes, &[]);
        let sets = groups(&grid, "a", "figures-a", &own);
        let sets: Vec<(&str, &str, &[usize])> =
            sets.iter().map(|set| (set.id.as_str(), set.name.en.as_str(), set.members.as_slice())).collect();
        assert_eq!(
            sets,
            [
                ("vs_figures-a_county", "Counties", &[1, 3][..]),
                ("vs_figures-a_skr-group-2017", "SKR's groups of municipalities 2017", &[4]),
                ("vs_figures-a_skr-group-2023", "SKR's groups of municipalities 2023", &[5]),
            ]
        );
    }
}
