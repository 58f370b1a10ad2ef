//! `/data/…`: values of KPIs by place and year, from published cells alone. A single municipality's or region's value is withheld
//! without being looked for.

use axum::{response::Response, routing::get};
use serde::Serialize;

use super::{
    Index, Route,
    answer::Call,
    asked::{Asked, invalid, nothing, positions},
    index::{Cell, Cells},
    place::Kind,
};
use crate::{
    http::{Answer, Problem},
    model::{Language, Status},
};

/// Parameters of addresses that name KPIs, places or years in the path.
const BESIDE: &[&str] = &["from_date", "region_type", "lang", "page", "per_page"];

pub(super) static ROUTE: Route = Route {
    path: "/kolada/v3/data",
    operation: "kolada_list_data",
    summary: [
        "värden efter nyckeltal, kommun eller grupp och år, av vilka minst en lista anges",
        "values by KPI, municipality or group and year, of which one list at least is given",
    ],
    example: "/kolada/v3/data/?municipality_id=0000&year=2020",
    parameters: &["kpi_id", "municipality_id", "year", "from_date", "region_type", "lang", "page", "per_page"],
    answer: Answer::Json,
    handler: || get(|call: Call| list_data(call, &ROUTE)),
};

pub(super) static KPI_MUNICIPALITY: Route = Route {
    path: "/kolada/v3/data/kpi/{kpi_id}/municipality/{municipality_id}",
    operation: "kolada_list_data_by_kpi_municipality",
    summary: ["värden för nyckeltal och kommuner eller grupper", "values by KPI and municipality or group"],
    example: "/kolada/v3/data/kpi/MA2BE2C6EA9/municipality/0000,1881",
    parameters: BESIDE,
    handler: || get(|call: Call| list_data(call, &KPI_MUNICIPALITY)),
    ..ROUTE
};

pub(super) static KPI_YEAR: Route = Route {
    path: "/kolada/v3/data/kpi/{kpi_id}/year/{year}",
    operation: "kolada_list_data_by_kpi_year",
    summary: ["värden för nyckeltal och år", "values by KPI and year"],
    example: "/kolada/v3/data/kpi/MA2BE2C6EA9/year/2020",
    handler: || get(|call: Call| list_data(call, &KPI_YEAR)),
    ..KPI_MUNICIPALITY
};

pub(super) static MUNICIPALITY_KPI: Route = Route {
    path: "/kolada/v3/data/municipality/{municipality_id}/kpi/{kpi_id}",
    operation: "kolada_list_data_by_municipality_kpi",
    example: "/kolada/v3/data/municipality/0000/kpi/MA2BE2C6EA9",
    handler: || get(|call: Call| list_data(call, &MUNICIPALITY_KPI)),
    ..KPI_MUNICIPALITY
};

pub(super) static MUNICIPALITY_YEAR: Route = Route {
    path: "/kolada/v3/data/municipality/{municipality_id}/year/{year}",
    operation: "kolada_list_data_by_municipality_year",
    summary: ["värden för kommuner eller grupper och år", "values by municipality or group and year"],
    example: "/kolada/v3/data/municipality/0000/year/2020",
    handler: || get(|call: Call| list_data(call, &MUNICIPALITY_YEAR)),
    ..KPI_MUNICIPALITY
};

pub(super) static YEAR_KPI: Route = Route {
    path: "/kolada/v3/data/year/{year}/kpi/{kpi_id}",
    operation: "kolada_list_data_by_year_kpi",
    example: "/kolada/v3/data/year/2020/kpi/MA2BE2C6EA9",
    handler: || get(|call: Call| list_data(call, &YEAR_KPI)),
    ..KPI_YEAR
};

pub(super) static YEAR_MUNICIPALITY: Route = Route {
    path: "/kolada/v3/data/year/{year}/municipality/{municipality_id}",
    operation: "kolada_list_data_by_year_municipality",
    example: "/kolada/v3/data/year/2020/municipality/0000",
    handler: || get(|call: Call| list_data(call, &YEAR_MUNICIPALITY)),
    ..MUNICIPALITY_YEAR
};

pub(super) static KPI_MUNICIPALITY_YEAR: Route = Route {
    path: "/kolada/v3/data/kpi/{kpi_id}/municipality/{municipality_id}/year/{year}",
    operation: "kolada_list_data_by_kpi_municipality_year",
    summary: ["värden för nyckeltal, kommuner eller grupper, och år", "values by KPI, municipality or group, and year"],
    example: "/kolada/v3/data/kpi/MA2BE2C6EA9/municipality/0000/year/2020",
    handler: || get(|call: Call| list_data(call, &KPI_MUNICIPALITY_YEAR)),
    ..KPI_MUNICIPALITY
};

pub(super) static MUNICIPALITY_KPI_YEAR: Route = Route {
    path: "/kolada/v3/data/municipality/{municipality_id}/kpi/{kpi_id}/year/{year}",
    operation: "kolada_list_data_by_municipality_kpi_year",
    example: "/kolada/v3/data/municipality/0000/kpi/MA2BE2C6EA9/year/2020",
    handler: || get(|call: Call| list_data(call, &MUNICIPALITY_KPI_YEAR)),
    ..KPI_MUNICIPALITY_YEAR
};

async fn list_data(call: Call, route: &'static Route) -> Result<Response, Problem> {
    call.answer_from(route, |edition, index, asked| {
        let chosen = chosen(index, &|kpi, place| index.cells(edition, kpi, place), asked)?;
        let items = chosen.iter().map(|row| Item::of(index, row, asked.language));
        call.page(asked, &items.collect::<Vec<_>>())
    })
    .await
}

/// A value of a KPI, a place and a year.
#[derive(Debug, PartialEq)]
struct Chosen {
    kpi: usize,
    place: usize,
    cell: Cell,
}

fn chosen(index: &Index, cells: Cells<'_>, asked: &Asked) -> Result<Vec<Chosen>, Problem> {
    let kpis = positions(asked, "kpi_id", |id| index.kpi(id))?;
    let places = positions(asked, "municipality_id", |id| index.place(id))?;
    let years: Option<Vec<i64>> =
        asked.list("year").map(|years| years.iter().filter_map(|year| year.parse().ok()).collect());
    if kpis.is_none() && places.is_none() && years.is_none() {
        return Err(invalid(
            "Ange minst ett av kpi_id, municipality_id och year.",
            "Give at least one of kpi_id, municipality_id and year.",
        ));
    }
    let wanted = asked.one("region_type");
    let is_named = places.is_some();
    // where no place is named those are meant that can have values, unless a type says otherwise
    let is_meant = |at: &usize| match (wanted, index.places[*at].region_type()) {
        (Some(wanted), own) => wanted == own,
        (None, own) => is_named || ["country", "group"].contains(&own),
    };
    let places: Vec<usize> =
        places.unwrap_or_else(|| (0..index.places.len()).collect()).into_iter().filter(is_meant).collect();
    let is_wanted = |year: i64| years.as_ref().is_none_or(|years| years.contains(&year));
    let mut found = Vec::new();
    for kpi in kpis.unwrap_or_else(|| (0..index.kpis.len()).collect()) {
        for &place in &places {
            let add = |cell: Cell| found.push(Chosen { kpi, place, cell });
            let years = index.kpis[kpi].years.iter().copied().filter(|year| is_wanted(*year));
            match index.places[place].kind {
                // nothing is looked up, so that nothing can be told: not even whether the organisation took part
                Kind::Municipality | Kind::Region => {
                    years.map(|year| Cell::without(year, Status::Withheld)).for_each(add);
                }
                // a named group that has no cell is told: it is of another instrument, or not formed in that year
                Kind::Country | Kind::Group { .. } if is_named => {
                    let cells = cells(kpi, place);
                    let cell = |year| cells.iter().find(|cell| cell.year == year).copied();
                    years.map(|year| cell(year).unwrap_or(Cell::without(year, Status::NotApplicable))).for_each(add);
                }
                Kind::Country | Kind::Group { .. } => {
                    cells(kpi, place).into_iter().filter(|cell| is_wanted(cell.year)).for_each(add);
                }
            }
        }
    }
    if found.is_empty() {
        return Err(nothing());
    }
    // a release is published at once, so that everything in it is as new as it
    if asked.one("from_date").is_some_and(|from| *from > *index.published_on) {
        found.clear();
    }
    Ok(found)
}

/// A value as Kolada writes it.
#[derive(Serialize)]
struct Item<'a> {
    kpi: &'a str,
    municipality: &'a str,
    period: i64,
    values: [Gendered; 1],
}

/// What is said for a gender; there is only both together.
#[derive(Serialize)]
struct Gendered {
    gender: &'static str,
    /// Organisations.
    count: Option<i64>,
    status: &'static str,
    value: Option<f64>,
    isdeleted: bool,
    /// `le` or `ge` where the value is the end of the coded range; Kolada has no such thing.
    #[serde(skip_serializing_if = "Option::is_none")]
    value_bound: Option<&'static str>,
    /// What is to be known of a value that Kolada has no status for.
    #[serde(skip_serializing_if = "Option::is_none")]
    note: Option<String>,
}

impl<'a> Item<'a> {
    fn of(index: &'a Index, chosen: &Chosen, language: Language) -> Self {
        let cell = &chosen.cell;
        let has_note = matches!(cell.status, Status::Provisional | Status::Frozen);
        let value = Gendered {
            gender: "T",
            count: cell.organisations,
            status: cell.status.kolada(),
            value: cell.mean.map(|mean| mean as f64),
            isdeleted: false,
            value_bound: cell.bound.map(crate::model::Bound::word),
            note: has_note.then(|| language.of(&cell.status.name()).to_owned()),
        };
        Self {
            kpi: &index.kpis[chosen.kpi].id,
            municipality: &index.places[chosen.place].id,
            period: cell.year,
            values: [value],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        http::kolada::index::tests::{cells, small},
        model::Bound,
    };

    /// KPI, place, year, status and value of what a query gives, in words.
    fn check(query: &str, expected: &[&str]) {
        let index = small();
        let asked = Asked::read(&ROUTE, &[], Some(query)).unwrap();
        let found = chosen(&index, &cells, &asked).unwrap_or_default();
        let words = |row: &Chosen| {
            let (kpi, place) = (&index.kpis[row.kpi].id, &index.places[row.place].id);
            let mean = row.cell.mean.map_or_else(|| "-".to_owned(), |mean| mean.to_string());
            format!("{kpi} {place} {} {} {mean}", row.cell.year, row.cell.status.word())
        };
        assert_eq!(found.iter().map(words).collect::<Vec<_>>(), expected, "{query}");
    }

    #[test]
    fn places_that_are_not_named_are_those_with_values() {
        check("kpi_id=MA", &["MA 0000 2019 ok 41", "MA 0000 2020 ok 47", "MA GA 2019 ok 5", "MA GA 2020 withheld -"]);
        check("year=2019", &["MA 0000 2019 ok 41", "MA GA 2019 ok 5"]);
        check("kpi_id=MB,MA&year=2020&region_type=country", &["MB 0000 2020 ok 60", "MA 0000 2020 ok 47"]);
        check("kpi_id=MA&year=2019,2030&region_type=group", &["MA GA 2019 ok 5"]);
        check("kpi_id=MB&region_type=municipality", &["MB 1881 2020 withheld -"]);
        check("kpi_id=MB&region_type=region", &["MB 0001 2020 withheld -"]);
    }

    #[test]
    fn a_single_organisation_is_withheld_in_every_year_that_the_kpi_has() {
        check(
            "kpi_id=MA,MB&municipality_id=1881",
            &["MA 1881 2019 withheld -", "MA 1881 2020 withheld -", "MB 1881 2020 withheld -"],
        );
        check("kpi_id=MA&municipality_id=0001,0000&year=2020", &["MA 0001 2020 withheld -", "MA 0000 2020 ok 47"]);
    }

    #[test]
    fn a_named_group_of_another_instrument_is_told() {
        check("kpi_id=MA&municipality_id=gb,GA&year=2019", &["MA GB 2019 not-applicable -", "MA GA 2019 ok 5"]);
        check(
            "municipality_id=GB",
            &["MA GB 2019 not-applicable -", "MA GB 2020 not-applicable -", "MB GB 2020 ok 61"],
        );
    }

    #[test]
    fn nothing_is_told_unless_nothing_has_changed() {
        let index = small();
        let ask = |query: &str| Asked::read(&ROUTE, &[], Some(query)).and_then(|asked| chosen(&index, &cells, &asked));
        for query in
            ["", "lang=en", "kpi_id=MC", "kpi_id=MA,MC", "municipality_id=9999", "year=1990", "kpi_id=MA&year=1990"]
        {
            assert!(ask(query).is_err(), "{query}");
        }
        for query in ["kpi_id=MA&municipality_id=1881&region_type=group", "kpi_id=MC&from_date=2030-01-01"] {
            assert!(ask(query).is_err(), "{query}");
        }
        assert_eq!(ask("kpi_id=MA&from_date=2021-05-15").unwrap(), []);
        assert_eq!(ask("kpi_id=MA&from_date=2021-05-14").unwrap().len(), 4);
    }

    #[test]
    fn what_kolada_has_no_word_for_is_said_beside_the_value() {
        let index = small();
        let cell = Cell {
            year: 2020,
            status: Status::Frozen,
            mean: Some(95),
            bound: Some(Bound::Ge),
            organisations: Some(20),
        };
        let item = Item::of(&index, &Chosen { kpi: 0, place: 3, cell }, Language::Sv);
        assert_eq!(
            serde_json::to_string(&item).unwrap(),
            r#"{"kpi":"MA","municipality":"GA","period":2020,"values":[{"gender":"T","count":20,"status":"","value":95.0,"isdeleted":false,"value_bound":"ge","note":"oförändrat från föregående utgåva"}]}"#
        );
        let cell = Cell::without(2020, Status::Withheld);
        let item = Item::of(&index, &Chosen { kpi: 0, place: 2, cell }, Language::Sv);
        assert_eq!(
            serde_json::to_string(&item.values).unwrap(),
            r#"[{"gender":"T","count":null,"status":"..","value":null,"isdeleted":false}]"#
        );
    }
}
