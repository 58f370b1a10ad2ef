//! Places of this face: the country, the register's municipalities and regions, and the published groups with who counts in them.

use std::{collections::HashMap, sync::Arc};

use super::id;
use crate::{
    encode::{Grid, Value},
    figure::Edition,
    model::Text,
};

/// The code of the country.
pub(super) const COUNTRY: &str = "0000";

/// The group of everybody who took part, of all sectors together. It is what an instrument can honestly say of the country.
pub(super) const EVERYBODY: &str = "all";

/// What a place is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Kind {
    /// Everybody together.
    Country,
    /// A municipality of the register.
    Municipality,
    /// A region of the register.
    Region,
    /// A published group.
    Group {
        /// The instrument that it is a group of.
        instrument: Arc<str>,
        /// Our id.
        group: Arc<str>,
    },
}

/// An organisation in a group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Member {
    /// The code of a municipality or region; of all others our own id.
    pub(super) id: Arc<str>,
    pub(super) title: Arc<str>,
}

/// A place.
#[derive(Debug)]
pub(super) struct Place {
    pub(super) id: Arc<str>,
    pub(super) title: Text,
    pub(super) kind: Kind,
}

impl Place {
    /// The type as Kolada writes it, where there is one: the country is listed with the regions there.
    pub(super) fn letter(&self) -> Option<&'static str> {
        match self.kind {
            Kind::Municipality => Some("K"),
            Kind::Region | Kind::Country => Some("L"),
            Kind::Group { .. } => None,
        }
    }

    /// The word of `region_type`.
    pub(super) fn region_type(&self) -> &'static str {
        match self.kind {
            Kind::Country => "country",
            Kind::Municipality => "municipality",
            Kind::Region => "region",
            Kind::Group { .. } => "group",
        }
    }
}

/// What organisations are called here, by our ids.
pub(super) type Members = HashMap<Arc<str>, Member>;

/// Every place: the country, municipalities and regions by code, groups by instrument and id; and the register's organisations as
/// members of groups.
pub(super) fn places(edition: &Edition) -> (Vec<Place>, Members) {
    let organisations = edition.grid("organisations").map(organisations).unwrap_or_default();
    let mut singles: Vec<Place> = Vec::new();
    let mut members = Members::new();
    for Organisation { id, name, code, kind, is_current } in organisations {
        let listed = code.zip(kind).filter(|_| is_current);
        let own = listed.as_ref().map_or_else(|| id.clone(), |(code, _)| code.clone());
        members.insert(id, Member { id: own, title: name.clone() });
        if let Some((code, kind)) = listed {
            singles.push(Place { id: code, title: Text::new(&*name, &*name), kind });
        }
    }
    singles.sort_by(|a, b| a.id.cmp(&b.id));
    singles.dedup_by(|a, b| a.id == b.id);
    let country = Place { id: Arc::from(COUNTRY), title: Text::new("Riket", "Sweden"), kind: Kind::Country };
    (std::iter::once(country).chain(singles).chain(groups(edition)).collect(), members)
}

/// Who counted in a group in the last year in which it is shown.
pub(super) fn members<'a>(
    edition: &Edition,
    known: &'a Members,
    instrument: &str,
    group: &str,
) -> impl Iterator<Item = &'a Member> {
    let mut years = edition.membership.years(instrument).into_iter().rev();
    let last = years.find_map(|year| edition.membership.members(instrument, year, group));
    let ids: Vec<Arc<str>> = last.into_iter().flatten().cloned().collect();
    ids.into_iter().filter_map(|id| known.get(&id))
}

fn groups(edition: &Edition) -> Vec<Place> {
    let mut found = Vec::new();
    for instrument in edition.instruments() {
        let of = edition.names.of(None, "instrument", &instrument);
        for (group, own) in edition.groups(&instrument).filter(|(group, _)| &***group != EVERYBODY) {
            let title = of.map_or_else(
                || own.name.clone(),
                |of| Text::new(format!("{} ({})", own.name.sv, of.sv), format!("{} ({})", own.name.en, of.en)),
            );
            let kind = Kind::Group { instrument: instrument.clone(), group: group.clone() };
            found.push(Place { id: Arc::from(id::group(&instrument, group)), title, kind });
        }
    }
    found
}

/// A row of the register, as far as it is needed here.
struct Organisation {
    id: Arc<str>,
    name: Arc<str>,
    /// Four digits, for municipalities and regions.
    code: Option<Arc<str>>,
    /// What kind of place it is, if any.
    kind: Option<Kind>,
    is_current: bool,
}

fn organisations(grid: &Grid) -> Vec<Organisation> {
    let at = ["organisation", "name", "code", "sector", "valid_to"].map(|column| grid.position(column));
    let read = |row: &[Value]| {
        let [id, name, code, sector, until] = at.map(|at| match at.and_then(|at| row.get(at)) {
            Some(Value::Text(text)) => Some(text.clone()),
            _ => None,
        });
        let kind = match sector.as_deref() {
            Some("municipality") => Some(Kind::Municipality),
            Some("region") => Some(Kind::Region),
            _ => None,
        };
        let code = code.map(|code| match kind {
            // a region's own code is that of its county; Kolada writes it with four digits
            Some(Kind::Region) => Arc::from(format!("{code:0>4}")),
            _ => code,
        });
        Some(Organisation { id: id?, name: name?, code, kind, is_current: until.is_none() })
    };
    grid.rows.iter().filter_map(|row| read(row)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_register_is_read_with_four_digits_and_without_what_has_gone() {
        let mut grid = Grid::new(&["organisation", "sector", "code", "name", "valid_to"]);
        for (id, sector, code, name, until) in [
            ("municipality-0114", "municipality", Some("0114"), "Upplands Väsby", None),
            ("region-01", "region", Some("01"), "Region Stockholm", None),
            ("region-13", "region", Some("0013"), "Region Halland", None),
            ("municipality-1917", "municipality", Some("1917"), "Heby", Some("2006-12-31")),
            ("company-x", "company", None, "Bolaget", None),
        ] {
            let maybe = |text: Option<&str>| text.map_or(Value::Null, Value::text);
            grid.rows.push(vec![Value::text(id), Value::text(sector), maybe(code), Value::text(name), maybe(until)]);
        }
        let found = organisations(&grid);
        let codes: Vec<Option<&str>> = found.iter().map(|own| own.code.as_deref()).collect();
        assert_eq!(codes, [Some("0114"), Some("0001"), Some("0013"), Some("1917"), None]);
        assert_eq!(found.iter().filter(|own| own.is_current && own.kind.is_some()).count(), 3);
    }
}
