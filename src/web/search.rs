//! Finds organisations by what people write: with or without accents and å, ä, ö, by official names, aliases, codes and numbers too.

use unicode_normalization::UnicodeNormalization as _;

use super::page::text;
use crate::figure::Edition;

/// Organisations that are shown at most.
const FOUND_MAX: usize = 20;

/// An organisation of the register.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Organisation {
    pub(super) id: String,
    pub(super) name: String,
    pub(super) sector: String,
    pub(super) county: Option<String>,
}

/// Text without what people leave out: case, accents, and signs between words.
fn folded(text: &str) -> String {
    let plain = text.nfd().filter(|c| !('\u{300}'..='\u{36f}').contains(c)).collect::<String>().to_lowercase();
    plain.split(|c: char| !c.is_alphanumeric()).filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ")
}

/// Organisations whose name, official name, alias, code or number begins with, or holds, what is written; the nearest first.
pub(super) fn organisations(edition: &Edition, written: &str) -> Vec<Organisation> {
    let wanted = folded(written);
    let (Ok(grid), false) = (edition.grid("organisations"), wanted.is_empty()) else { return Vec::new() };
    let mut found: Vec<(usize, Organisation)> = Vec::new();
    for row in &grid.rows {
        let of = |column: &str| text(grid, row, column);
        let Some(name) = of("name") else { continue };
        let names = [Some(name.clone()), of("official_name"), of("code"), of("number"), of("organisation")];
        let aliases = of("aliases");
        let aliases = aliases.iter().flat_map(|all| all.split(';')).map(str::to_owned);
        let nearest =
            names.into_iter().flatten().chain(aliases).filter_map(|name| nearness(&folded(&name), &wanted)).min();
        if let (Some(nearest), Some(id)) = (nearest, of("organisation")) {
            let own = Organisation { id, name, sector: of("sector").unwrap_or_default(), county: of("county_name") };
            found.push((nearest, own));
        }
    }
    found.sort_by(|a, b| (a.0, &a.1.name, &a.1.id).cmp(&(b.0, &b.1.name, &b.1.id)));
    found.into_iter().map(|(_, own)| own).take(FOUND_MAX).collect()
}

/// An organisation by its id.
pub(super) fn organisation(edition: &Edition, id: &str) -> Option<Organisation> {
    let grid = edition.table("organisations")?.rows_having(&[("organisation", &[id])]);
    let row = grid.rows.first()?;
    let of = |column: &str| text(&grid, row, column);
    Some(Organisation {
        id: id.to_owned(),
        name: of("name")?,
        sector: of("sector").unwrap_or_default(),
        county: of("county_name"),
    })
}

/// How near a name is to what is written: the same, its beginning, the beginning of a word, anywhere.
fn nearness(name: &str, wanted: &str) -> Option<usize> {
    if name == wanted {
        return Some(0);
    }
    let at = name.find(wanted)?;
    Some(if at == 0 {
        1
    } else if name.as_bytes().get(at - 1) == Some(&b' ') {
        2
    } else {
        3
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accents_case_and_signs_make_no_difference() {
        for (written, name) in [
            ("Örebro", "orebro"),
            ("ÅRE", "are"),
            ("Upplands-Väsby", "upplands vasby"),
            ("  AB  Bostäder ", "ab bostader"),
        ] {
            assert_eq!(folded(written), name);
        }
    }

    #[test]
    fn the_nearest_come_first() {
        assert!(nearness("mora", "mora") < nearness("mora kommun", "mora"));
        assert!(nearness("mora kommun", "mora") < nearness("gamla mora", "mora"));
        assert!(nearness("gamla mora", "mora") < nearness("tomora", "mora"));
        assert_eq!(nearness("falun", "mora"), None);
    }
}
