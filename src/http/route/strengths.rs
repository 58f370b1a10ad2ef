//! `/v1/strengths`: the categories in which a group, peers or an organisation lie furthest below and above what they are set beside,
//! where the difference exceeds its uncertainty, with courses for the weakest.

use std::sync::Arc;

use axum::{
    extract::State,
    http::{HeaderMap, Uri},
    response::Response,
    routing::get,
};

use super::{Answer, Route, comparisons::blocks, courses, headlines::wanted_instruments};
use crate::{
    encode::{Grid, Value},
    figure::{
        Chosen, Edition, Method, Named, OwnResults, Peers, Reference, Strength, Subject, categories, explanation,
        strengths,
    },
    http::{App, Problem, ProblemKind, comparable, holder, parameter::Parameters, peers, selection, unknown},
};

const OWN: [&str; 7] = ["instrument", "year", "group", "organisation", "peers", "beside", "role"];

pub(super) static ROUTE: Route = Route {
    path: "/v1/strengths",
    operation: "list_strengths",
    summary: [
        "en grupps eller de jämfördas tre svagaste och starkaste kategorier, bara där de överstiger osäkerheten, med kurser för de svagaste",
        "the three weakest and strongest categories of a group or of peers, only where they exceed the uncertainty, with courses for the weakest",
    ],
    example: "/v1/strengths?instrument=digital-maturity&group=sector:municipality",
    parameters: &OWN,
    answer: Answer::Table("strengths"),
    handler: || get(get_strengths),
};

async fn get_strengths(State(app): State<App>, uri: Uri, headers: HeaderMap) -> Result<Response, Problem> {
    holder::answered(&app, &uri, &headers, &ROUTE, rows).await
}

/// What categories are set beside.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Beside {
    OwnMean,
    Peers,
    Sector,
    Group(String),
}

impl Beside {
    /// Reads what the parameter's form lets through.
    fn read(text: &str) -> Self {
        match text {
            "own-mean" => Self::OwnMean,
            "peers" => Self::Peers,
            "sector" => Self::Sector,
            group => Self::Group(group.strip_prefix("group:").unwrap_or(group).replace(' ', "+")),
        }
    }
}

fn invalid(sv: impl Into<String>, en: impl Into<String>) -> Problem {
    Problem::with(ProblemKind::InvalidParameter, sv, en)
}

/// Who is asked about.
struct Asked<'a> {
    organisation: Option<&'a str>,
    peers: Peers,
    beside: Option<Beside>,
    role: Option<&'a str>,
}

impl<'a> Asked<'a> {
    fn read(edition: &Edition, parameters: &'a Parameters, own: Option<&OwnResults>) -> Result<Self, Problem> {
        let (organisation, group) = (parameters.get("organisation"), parameters.get("group"));
        let peers = match (group, parameters.get("peers")) {
            (Some(_), _) if organisation.is_some() || parameters.get("peers").is_some() => {
                return Err(invalid(
                    "Ange antingen group, eller organisation och peers; en grupp som jämförd skrivs peers=group:ID.",
                    "Give either group, or organisation and peers; a group as peers is written peers=group:ID.",
                ));
            }
            (Some(group), _) => Peers::Group(group.replace(' ', "+")),
            (None, Some(peers)) => Peers::parse(peers).map_err(peers::problem)?,
            (None, None) if organisation.is_some() => Peers::Block,
            (None, None) => Peers::Group("all".to_owned()),
        };
        let beside = parameters.get("beside").map(Beside::read);
        if beside == Some(Beside::Peers) && own.is_none() {
            return Err(invalid(
                "beside=peers ställer egna resultat bredvid de jämförda, och kräver organisationens nyckel.",
                "beside=peers sets own results beside the peers, and needs the organisation's key.",
            ));
        }
        let role = parameters.get("role");
        if let Some(role) = role.filter(|role| !edition.roles(|_| true).contains(*role)) {
            return Err(unknown("role", role));
        }
        Ok(Self { organisation, peers, beside, role })
    }

    /// The default: own results beside the peers, a whole sector beside its own mean, and anything within a sector beside the sector.
    fn beside(&self, edition: &Edition, instrument: &str, peers: &Chosen, own: Option<&OwnResults>) -> Beside {
        let is_whole = peers
            .group
            .as_ref()
            .and_then(|group| edition.group(instrument, group))
            .is_some_and(|group| matches!(&*group.kind, "all" | "sector"));
        match &self.beside {
            Some(beside) => beside.clone(),
            None if own.is_some() => Beside::Peers,
            None if is_whole => Beside::OwnMean,
            None if edition.common_sector(instrument, peers).is_some() => Beside::Sector,
            None => Beside::Group("all".to_owned()),
        }
    }
}

/// The one instrument asked about, with the peers of each year in which there are such.
fn found(edition: &Edition, parameters: &Parameters, asked: &Asked<'_>) -> Result<peers::OfYears, Problem> {
    let wanted = wanted_instruments(edition, parameters)?;
    let all = edition.instruments().into_iter().filter(|own| wanted.wants(own));
    let (with, without): (Vec<_>, Vec<_>) = all.partition(|own| !categories(edition, own).is_empty());
    let mut found = peers::of_years(edition, parameters, with.into_iter(), &asked.peers, asked.organisation)?;
    comparable::one_instrument(&found.iter().map(|(instrument, _)| instrument.clone()).collect::<Vec<_>>())?;
    let (instrument, years) = found.pop().ok_or_else(|| nothing(&without))?;
    comparable::one_series(edition, &instrument, &years.iter().map(|(year, _)| *year).collect::<Vec<_>>())?;
    Ok((instrument, years))
}

fn rows(edition: &Edition, parameters: &Parameters, own: Option<&OwnResults>) -> Result<Grid, Problem> {
    let asked = Asked::read(edition, parameters, own)?;
    let (instrument, found) = found(edition, parameters, &asked)?;
    let mut grid = Grid::new(&[
        "instrument",
        "year",
        "organisation",
        "method",
        "group_id",
        "answers_for",
        "organisations",
        "blocks",
        "beside",
        "beside_group",
        "indicator",
        "indicator_name_sv",
        "indicator_name_en",
        "status",
        "value",
        "beside_value",
        "difference",
        "uncertainty",
        "finding",
        "rank",
        "tied",
        "explanation_sv",
        "explanation_en",
        "courses",
        "courses_sv",
        "courses_en",
    ]);
    for (year, peers) in found {
        let beside = asked.beside(edition, &instrument, &peers, own);
        let group = beside_group(edition, &instrument, &asked, &beside, &peers)?;
        let other = group.as_ref().map(|id| Peers::Group(id.clone()).choose(edition, &instrument, year, None));
        let other = other.transpose().map_err(peers::problem)?;
        if own.is_none() && other.as_ref().is_some_and(|other| other.members == peers.members) {
            return Err(invalid(
                "Gruppen skulle ställas bredvid sig själv: välj beside=own-mean, eller en annan grupp.",
                "The group would be set beside itself: choose beside=own-mean, or another group.",
            ));
        }
        let subject = own.map_or(Subject::Peers(&peers), Subject::Own);
        let (reference, named) = match (&beside, &other) {
            (Beside::Peers, _) => (Reference::Peers(&peers), Named::Peers),
            (_, Some(other)) => (Reference::Peers(other), Named::Group),
            (_, None) => (Reference::OwnMean, Named::OwnMean),
        };
        let answering = match &beside {
            Beside::Peers => peers.group.clone(),
            _ => other.as_ref().and_then(|other| other.group.clone()),
        };
        for strength in strengths(edition, &instrument, year, subject, reference) {
            let start = start(&asked, own.is_some(), &peers, (&instrument, year), (named, answering.as_deref()));
            grid.rows.push(row(edition, start, &strength, named, asked.role));
        }
    }
    selection::found(grid, parameters, &["instrument", "year", "organisation"])
}

/// Which group categories are set beside; none for the mean of the categories, and for the peers.
fn beside_group(
    edition: &Edition,
    instrument: &str,
    asked: &Asked<'_>,
    beside: &Beside,
    peers: &Chosen,
) -> Result<Option<String>, Problem> {
    match beside {
        Beside::OwnMean | Beside::Peers => Ok(None),
        Beside::Group(id) => Ok(Some(id.clone())),
        Beside::Sector => {
            let sector = match asked.organisation {
                Some(id) => edition.sector_of(id),
                None => edition.common_sector(instrument, peers),
            };
            sector.map(|sector| Some(format!("sector:{sector}"))).ok_or_else(|| {
                invalid(
                    "De hör inte till en och samma sektor: välj beside=all eller beside=group:ID.",
                    "They do not belong to one sector: choose beside=all or beside=group:ID.",
                )
            })
        }
    }
}

/// No instrument with categories is left, or none has years of the selection.
fn nothing(without: &[Arc<str>]) -> Problem {
    let [sv, en] = if without.is_empty() {
        [
            "Urvalet ger inga rader i den aktuella utgåvan.".to_owned(),
            "The selection has no rows in the current release.".to_owned(),
        ]
    } else {
        let ids = without.join(", ");
        [
            format!("Urvalet har inga kategorier med ett gemensamt index att rangordna ({ids})."),
            format!("The selection has no categories with a common index to rank ({ids})."),
        ]
    };
    Problem::with(ProblemKind::UnknownId, sv, en)
}

/// Who is asked about and what they are set beside: the same in each row of a year.
fn start(
    asked: &Asked<'_>,
    is_own: bool,
    peers: &Chosen,
    (instrument, year): (&str, i64),
    (named, group): (Named, Option<&str>),
) -> Vec<Value> {
    let text = |text: Option<&str>| text.map_or(Value::Null, Value::text);
    let is_exact = peers.group.is_some() || peers.mixture.is_union();
    let method = match (is_own, is_exact) {
        (true, _) => "own",
        (false, true) => Method::Exact.word(),
        (false, false) => Method::BlockMixture.word(),
    };
    let beside = match named {
        Named::OwnMean => "own-mean",
        Named::Peers => "peers",
        Named::Group => "group",
    };
    vec![
        Value::text(instrument),
        Value::Whole(year),
        text(asked.organisation),
        Value::text(method),
        text(peers.group.as_deref()),
        text(peers.answers_for.as_deref()),
        Value::Whole(peers.members.len() as i64),
        Value::text(blocks(peers)),
        Value::text(beside),
        text(group),
    ]
}

fn row(edition: &Edition, mut row: Vec<Value>, own: &Strength<'_>, named: Named, role: Option<&str>) -> Vec<Value> {
    let number = |value: Option<f64>| value.map_or(Value::Null, Value::Number);
    let said = explanation(own, named);
    let indicator = own.indicator;
    row.extend([
        Value::Text(indicator.key.clone()),
        Value::text(&indicator.name.sv),
        Value::text(&indicator.name.en),
        Value::Text(own.status.clone()),
        number(own.value),
        number(own.reference),
        number(own.difference.map(|difference| difference.points)),
        number(own.difference.and_then(|difference| difference.uncertainty)),
        Value::text(own.finding.word()),
        Value::whole(own.rank.map(|rank| rank as i64)),
        Value::Flag(own.is_tied),
        Value::text(said.sv),
        Value::text(said.en),
    ]);
    let offered = edition.courses_for(&indicator.instrument, &indicator.key, role).filter(|_| own.is_weakest());
    row.extend(courses::cells(offered));
    row
}
