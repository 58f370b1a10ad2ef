//! What ids of this face stand for in an edition, and the published cells by KPI and place, found once for an edition.

use std::{
    collections::{BTreeSet, HashMap},
    sync::Arc,
};

use super::{
    id,
    place::{EVERYBODY, Kind, Members, Place, places},
};
use crate::{
    encode::{Grid, Value},
    figure::{Edition, Figure},
    model::{Bound, Status, Text},
};

/// A measure under its id here.
#[derive(Debug)]
pub(super) struct Kpi {
    pub(super) id: Arc<str>,
    pub(super) instrument: Arc<str>,
    pub(super) title: Text,
    pub(super) description: Text,
    /// The instrument's name.
    pub(super) operating_area: Text,
    /// How far up the instrument's tree it stands.
    pub(super) perspective: Option<Text>,
    /// `K` where only municipalities answer the instrument, `L` where only regions do, `A` otherwise.
    pub(super) municipality_type: &'static str,
    /// Years with figures, ascending.
    pub(super) years: Vec<i64>,
}

/// An instrument under its id here.
#[derive(Debug)]
pub(super) struct KpiGroup {
    pub(super) id: Arc<str>,
    pub(super) title: Text,
    /// Positions of its KPIs.
    pub(super) members: Vec<usize>,
}

/// A published cell, or what is said where there is none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Cell {
    pub(super) year: i64,
    pub(super) status: Status,
    /// Mean, whole per cent.
    pub(super) mean: Option<i64>,
    pub(super) bound: Option<Bound>,
    pub(super) organisations: Option<i64>,
}

impl Cell {
    /// No value, for a reason.
    pub(super) fn without(year: i64, status: Status) -> Self {
        Self { year, status, mean: None, bound: None, organisations: None }
    }

    fn of(figure: &Figure) -> Self {
        Self {
            year: figure.year,
            // a word of a later version of the program is no value that could be shown as one
            status: Status::of_word(&figure.status).unwrap_or(Status::Missing),
            mean: figure.mean,
            bound: figure.bound,
            organisations: figure.organisations,
        }
    }
}

/// What ids stand for, and cells.
#[derive(Debug, Default)]
pub(in crate::http) struct Index {
    pub(super) kpis: Vec<Kpi>,
    pub(super) kpi_groups: Vec<KpiGroup>,
    pub(super) places: Vec<Place>,
    /// The register's organisations as members of groups.
    pub(super) members: Members,
    /// The day of publication, `YYYY-MM-DD`.
    pub(super) published_on: String,
    pub(super) is_preliminary: bool,
    kpi_at: HashMap<Arc<str>, usize>,
    place_at: HashMap<Arc<str>, usize>,
}

/// The published cells of a KPI and a place, by their positions.
pub(super) type Cells<'a> = &'a dyn Fn(usize, usize) -> Vec<Cell>;

impl Index {
    pub(in crate::http) fn new(edition: &Edition) -> Self {
        let meta = &edition.meta;
        let (places, members) = places(edition);
        let mut index = Self {
            kpis: kpis(edition),
            places,
            members,
            published_on: meta.published_at.get(..10).unwrap_or_default().to_owned(),
            is_preliminary: meta.kind == "preliminary",
            ..Self::default()
        };
        index.kpi_groups = kpi_groups(edition, &index.kpis);
        index.numbered()
    }

    /// The same, with positions by id.
    fn numbered(mut self) -> Self {
        self.kpi_at = self.kpis.iter().enumerate().map(|(at, kpi)| (kpi.id.clone(), at)).collect();
        self.place_at = self.places.iter().enumerate().map(|(at, place)| (place.id.clone(), at)).collect();
        self
    }

    /// The position of a KPI.
    pub(super) fn kpi(&self, id: &str) -> Option<usize> {
        self.kpi_at.get(id).copied()
    }

    /// The position of a place.
    pub(super) fn place(&self, id: &str) -> Option<usize> {
        self.place_at.get(id).copied()
    }

    /// The published cells of a KPI and a place, in the order of years; none for single organisations and other instruments'
    /// groups.
    pub(super) fn cells(&self, edition: &Edition, kpi: usize, place: usize) -> Vec<Cell> {
        let Some(own) = edition.indicators.get(kpi) else { return Vec::new() };
        let group = match &self.places[place].kind {
            Kind::Country => EVERYBODY,
            Kind::Group { instrument, group } if *instrument == own.instrument => group,
            _ => return Vec::new(),
        };
        edition.series(&own.instrument, &own.key, group).map(|figure| Cell::of(&figure)).collect()
    }
}

fn kpis(edition: &Edition) -> Vec<Kpi> {
    let levels = edition.grid("indicators").map(|grid| texts(grid, "level")).unwrap_or_default();
    let mut years = edition.years_by_indicator();
    let kpi = |(at, own): (usize, &crate::figure::Indicator)| {
        let bare = Text::new(&*own.instrument, &*own.instrument);
        let area = edition.names.of(None, "instrument", &own.instrument).cloned().unwrap_or(bare);
        let level = levels.get(at).and_then(Option::as_ref);
        Kpi {
            id: Arc::from(id::kpi(&own.instrument, &own.key)),
            instrument: own.instrument.clone(),
            title: Text::new(title(&area.sv, &own.name.sv), title(&area.en, &own.name.en)),
            description: description(edition, own),
            perspective: level.and_then(|level| edition.names.of(None, "level", level)).cloned(),
            municipality_type: municipality_type(edition, &own.instrument),
            operating_area: area,
            years: years.remove(&(own.instrument.clone(), own.key.clone())).unwrap_or_default().into_iter().collect(),
        }
    };
    edition.indicators.iter().enumerate().map(kpi).collect()
}

/// The measure's name after the instrument's, since names are unique within an instrument only.
fn title(area: &str, name: &str) -> String {
    if area == name { format!("{name} (%)") } else { format!("{area}: {name} (%)") }
}

fn description(edition: &Edition, own: &crate::figure::Indicator) -> Text {
    let meta = &edition.meta;
    let about = edition.grid("notes").ok().and_then(|notes| {
        let [instruments, names, sv, en] =
            ["instrument", "note", "text_sv", "text_en"].map(|column| texts(notes, column));
        let at = (0..notes.rows.len()).find(|&at| {
            instruments[at].as_deref() == Some(&*own.instrument) && names[at].as_deref() == Some("description")
        })?;
        Some(Text::new(sv[at].as_deref()?, en[at].as_deref()?))
    });
    let about = about.map_or_else(|| Text::new("", ""), |text| Text::new(text.sv + " ", text.en + " "));
    let notice = meta
        .notice
        .as_ref()
        .map_or_else(|| Text::new("", ""), |notice| Text::new(format!(" {}", notice.sv), format!(" {}", notice.en)));
    let (instrument, indicator) = (&own.instrument, &own.key);
    Text::new(
        format!(
            "{}Värdet är medelvärdet av organisationernas resultat i hela procent, där varje organisation väger lika; 0000 är alla \
             som deltog. Enskilda kommuners och regioners värden visas aldrig. Samma mått i /v1/figures: \
             instrument={instrument}&indicator={indicator}. {}.{}",
            about.sv, meta.source.sv, notice.sv
        ),
        format!(
            "{}The value is the mean of the organisations' results in whole per cent, each organisation with the same weight; 0000 is \
             everybody who took part. Values of single municipalities and regions are never shown. The same measure at \
             /v1/figures: instrument={instrument}&indicator={indicator}. {}.{}",
            about.en, meta.source.en, notice.en
        ),
    )
}

fn municipality_type(edition: &Edition, instrument: &str) -> &'static str {
    let sectors: BTreeSet<&str> = edition.groups(instrument).filter_map(|(_, group)| group.sector.as_deref()).collect();
    match (sectors.len(), sectors.first()) {
        (1, Some(&"municipality")) => "K",
        (1, Some(&"region")) => "L",
        _ => "A",
    }
}

fn kpi_groups(edition: &Edition, kpis: &[Kpi]) -> Vec<KpiGroup> {
    let group = |instrument: Arc<str>| {
        let members: Vec<usize> = (0..kpis.len()).filter(|&at| kpis[at].instrument == instrument).collect();
        let title = kpis[*members.first()?].operating_area.clone();
        Some(KpiGroup { id: Arc::from(id::kpi_group(&instrument)), title, members })
    };
    edition.instruments().into_iter().filter_map(group).collect()
}

/// A text column.
fn texts(grid: &Grid, column: &str) -> Vec<Option<Arc<str>>> {
    let at = grid.position(column);
    let text = |row: &Vec<Value>| match at.and_then(|at| row.get(at)) {
        Some(Value::Text(text)) => Some(text.clone()),
        _ => None,
    };
    grid.rows.iter().map(text).collect()
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// Two instruments with a KPI each and a group each, a municipality and the country.
    pub(in crate::http::kolada) fn small() -> Index {
        let text = |text: &str| Text::new(text, text);
        let kpi = |id: &str, instrument: &str, years: &[i64]| Kpi {
            id: Arc::from(id),
            instrument: Arc::from(instrument),
            title: text(id),
            description: text(""),
            operating_area: text(instrument),
            perspective: None,
            municipality_type: "A",
            years: years.to_vec(),
        };
        let group = |id: &str, instrument: &str| {
            let (instrument, group) = (Arc::from(instrument), Arc::from("g"));
            Place { id: Arc::from(id), title: text(id), kind: Kind::Group { instrument, group } }
        };
        let single = |id: &str, kind: Kind| Place { id: Arc::from(id), title: text(id), kind };
        let index = Index {
            kpis: vec![kpi("MA", "a", &[2019, 2020]), kpi("MB", "b", &[2020])],
            places: vec![
                single("0000", Kind::Country),
                single("0001", Kind::Region),
                single("1881", Kind::Municipality),
                group("GA", "a"),
                group("GB", "b"),
            ],
            published_on: "2021-05-14".to_owned(),
            ..Index::default()
        };
        index.numbered()
    }

    /// Their cells.
    pub(in crate::http::kolada) fn cells(kpi: usize, place: usize) -> Vec<Cell> {
        let cell = |year: i64, mean: i64| Cell {
            year,
            status: Status::Ok,
            mean: Some(mean),
            bound: None,
            organisations: Some(40),
        };
        match (kpi, place) {
            (0, 0) => vec![cell(2019, 41), cell(2020, 47)],
            (0, 3) => vec![cell(2019, 5), Cell::without(2020, Status::Withheld)],
            (1, 0) => vec![cell(2020, 60)],
            (1, 4) => vec![cell(2020, 61)],
            _ => Vec::new(),
        }
    }

    #[test]
    fn titles_name_the_instrument_once() {
        assert_eq!(title("Digital mognad", "Digital mognad"), "Digital mognad (%)");
        assert_eq!(title("Digital mognad", "Förstå"), "Digital mognad: Förstå (%)");
    }
}
