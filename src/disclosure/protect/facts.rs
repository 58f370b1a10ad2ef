//! The published tables without answers in them: who is in which group, the public register, definitions and notes.

use std::collections::BTreeSet;

use super::columns::Columns;
use crate::{
    definition::{Definitions, GroupingRule},
    disclosure::{Plan, catalogue::standardise, plan::Group},
    model::{AnsweredBy, Direction, Instrument, OrganisationId, Text, Year},
    register::Register,
    table::{Table, TableError},
};

type Rounds<'a> = [(&'a Instrument, &'a Plan)];

/// Ids one after the other, or nothing.
fn joined(ids: impl IntoIterator<Item = impl ToString>) -> Option<String> {
    let ids: Vec<String> = ids.into_iter().map(|id| id.to_string()).collect();
    (!ids.is_empty()).then(|| ids.join(" "))
}

/// Names with what they can do without between them, since they hold spaces.
fn names<'a>(names: impl Iterator<Item = &'a str>) -> Option<String> {
    let names: Vec<&str> = names.collect();
    (!names.is_empty()).then(|| names.join("; "))
}

pub(super) fn groups(rounds: &Rounds<'_>) -> Result<Table, TableError> {
    let rows: Vec<(&Instrument, &Group)> = rounds
        .iter()
        .flat_map(|(instrument, plan)| plan.groups.iter().map(move |group| (*instrument, group)))
        .collect();
    let names: Vec<&Text> = rows.iter().map(|(_, group)| &group.name).collect();
    Columns::new()
        .text("instrument", rows.iter().map(|(instrument, _)| instrument.id.as_str()))
        .text("group_id", rows.iter().map(|(_, group)| group.id.as_str()))
        .text("kind", rows.iter().map(|(_, group)| group.kind.as_str()))
        .maybe("sector", rows.iter().map(|(_, group)| group.sector.map(|sector| sector.word().to_owned())))
        .both("name", &names)
        .maybe("version", rows.iter().map(|(_, group)| group.version.clone()))
        .maybe("parent", rows.iter().map(|(_, group)| group.parent.as_ref().map(ToString::to_string)))
        .maybe("merged_from", rows.iter().map(|(_, group)| joined(&group.merged_from)))
        .flag("histogram", rows.iter().map(|(_, group)| group.histogram))
        .table()
}

pub(super) fn group_members(rounds: &Rounds<'_>) -> Result<Table, TableError> {
    let mut rows: Vec<(&str, &str, Year, &OrganisationId)> = Vec::new();
    for (instrument, plan) in rounds {
        for group in &plan.groups {
            for (year, members) in &group.members {
                rows.extend(members.iter().map(|id| (instrument.id.as_str(), group.id.as_str(), *year, id)));
            }
        }
    }
    Columns::new()
        .text("instrument", rows.iter().map(|row| row.0))
        .text("group_id", rows.iter().map(|row| row.1))
        .year("year", rows.iter().map(|row| row.2))
        .text("organisation", rows.iter().map(|row| row.3.as_str()))
        .table()
}

pub(super) fn organisations(register: &Register) -> Result<Table, TableError> {
    let rows: Vec<_> = register.organisations.values().collect();
    let county_name = |county: &Option<String>| {
        county.as_ref().and_then(|code| register.counties.get(code)).map(|county| county.name.sv.clone())
    };
    let class = |id: &OrganisationId, version: &str| {
        let key = ("skr-group".to_owned(), version.to_owned());
        register.classifications.get(&key).and_then(|classification| classification.members.get(id).cloned())
    };
    Columns::new()
        .text("organisation", rows.iter().map(|row| row.id.as_str()))
        .text("sector", rows.iter().map(|row| row.sector.word()))
        .maybe("code", rows.iter().map(|row| row.code.clone()))
        .maybe("number", rows.iter().map(|row| row.number.clone()))
        .text("name", rows.iter().map(|row| row.name.as_str()))
        .maybe("official_name", rows.iter().map(|row| row.official_name.clone()))
        .maybe("aliases", rows.iter().map(|row| names(register.aliases(&row.id))))
        .maybe("county", rows.iter().map(|row| row.county.clone()))
        .maybe("county_name", rows.iter().map(|row| county_name(&row.county)))
        .maybe("skr_group_2017", rows.iter().map(|row| class(&row.id, "2017")))
        .maybe("skr_group_2023", rows.iter().map(|row| class(&row.id, "2023")))
        .maybe("branch", rows.iter().map(|row| row.branch.clone()))
        .maybe("owner", rows.iter().map(|row| row.owner.as_ref().map(ToString::to_string)))
        .maybe("predecessors", rows.iter().map(|row| joined(register.predecessors(&row.id))))
        .maybe("valid_from", rows.iter().map(|row| row.valid_from.map(|day| day.to_string())))
        .maybe("valid_to", rows.iter().map(|row| row.valid_to.map(|day| day.to_string())))
        .table()
}

/// The structure variables that municipalities and others are likened by: as in the register, and in standard deviations from
/// the mean of all organisations of the sector, after the logarithm where the grouping asks for it.
pub(super) fn structure(register: &Register, definitions: &Definitions) -> Result<Table, TableError> {
    struct Row<'a> {
        organisation: OrganisationId,
        variable: &'a str,
        year: Year,
        value: f64,
        standardised: f64,
    }
    let mut rows: Vec<Row<'_>> = Vec::new();
    for grouping in &definitions.groupings {
        let (GroupingRule::Similarity { year, variables, .. }, Some(sector)) = (&grouping.rule, grouping.sector) else {
            continue;
        };
        let organisations: Vec<OrganisationId> =
            register.in_sector(sector).map(|organisation| organisation.id.clone()).collect();
        let standardised = standardise(*year, variables, register, &organisations);
        for (organisation, own) in organisations.iter().zip(&standardised) {
            for (variable, &standardised) in variables.iter().zip(own) {
                if let Some(value) = register.variable(&variable.name, organisation, *year) {
                    let (organisation, variable) = (organisation.clone(), variable.name.as_str());
                    rows.push(Row { organisation, variable, year: *year, value, standardised });
                }
            }
        }
    }
    rows.sort_by(|a, b| a.organisation.cmp(&b.organisation).then(a.variable.cmp(b.variable)));
    Columns::new()
        .text("organisation", rows.iter().map(|row| row.organisation.as_str()))
        .text("variable", rows.iter().map(|row| row.variable))
        .year("year", rows.iter().map(|row| row.year))
        .number("value", rows.iter().map(|row| row.value))
        .number("standardised", rows.iter().map(|row| row.standardised))
        .table()
}

pub(super) fn indicators(rounds: &Rounds<'_>) -> Result<Table, TableError> {
    let mut rows = Vec::new();
    for (instrument, _) in rounds {
        rows.extend(instrument.nodes.iter().enumerate().map(|(at, node)| (*instrument, at, node)));
    }
    let names: Vec<&Text> = rows.iter().map(|(_, _, node)| &node.name).collect();
    let instruments: Vec<&Text> = rows.iter().map(|(instrument, _, _)| &instrument.name).collect();
    let subjects: Vec<&Text> = rows.iter().map(|(instrument, _, _)| &instrument.subject).collect();
    let parent = |instrument: &Instrument, at: usize| {
        instrument.nodes[at].parent.map(|parent| instrument.nodes[parent].id.to_string())
    };
    Columns::new()
        .text("instrument", rows.iter().map(|(instrument, _, _)| instrument.id.as_str()))
        .both("instrument_name", &instruments)
        .both("subject", &subjects)
        .flag("synthetic", rows.iter().map(|(instrument, _, _)| instrument.synthetic))
        .text("indicator", rows.iter().map(|(_, _, node)| node.id.as_str()))
        .maybe("parent", rows.iter().map(|(instrument, at, _)| parent(instrument, *at)))
        .text("level", rows.iter().map(|(_, _, node)| node.level.word()))
        .count("position", rows.iter().map(|(_, at, _)| *at))
        .number("weight", rows.iter().map(|(_, _, node)| node.weight))
        .flag("headline", rows.iter().map(|(instrument, at, _)| instrument.headline == Some(*at)))
        .text("unit", rows.iter().map(|_| "percent"))
        .both("name", &names)
        .table()
}

pub(super) fn questions(rounds: &Rounds<'_>) -> Result<Table, TableError> {
    let mut rows = Vec::new();
    for (instrument, _) in rounds {
        for (at, question) in instrument.questions.iter().enumerate() {
            rows.push((*instrument, at, question));
        }
    }
    let texts: Vec<&Text> = rows.iter().map(|(_, _, question)| &question.text).collect();
    let direction = |direction| match direction {
        Direction::Enabling => "enabling",
        Direction::Burdening => "burdening",
    };
    Columns::new()
        .text("instrument", rows.iter().map(|(instrument, _, _)| instrument.id.as_str()))
        .text("question", rows.iter().map(|(_, _, question)| question.id.as_str()))
        .text("indicator", rows.iter().map(|(instrument, _, question)| instrument.nodes[question.node].id.as_str()))
        .count("position", rows.iter().map(|(_, at, _)| *at))
        .text("scale", rows.iter().map(|(instrument, _, question)| instrument.scales[question.scale].key.as_str()))
        .text("direction", rows.iter().map(|(_, _, question)| direction(question.direction)))
        .number("weight", rows.iter().map(|(_, _, question)| question.weight))
        .maybe("versions", rows.iter().map(|(_, _, question)| joined(&question.versions)))
        .both("text", &texts)
        .table()
}

pub(super) fn targets(rounds: &Rounds<'_>, definitions: &Definitions) -> Result<Table, TableError> {
    let published: BTreeSet<&str> = rounds.iter().map(|(instrument, _)| instrument.id.as_str()).collect();
    let rows: Vec<_> =
        definitions.targets.iter().filter(|target| published.contains(target.instrument.get_ref().as_str())).collect();
    let names: Vec<&Text> = rows.iter().map(|target| &target.name).collect();
    let sources: Vec<&Text> = rows.iter().map(|target| &target.source).collect();
    Columns::new()
        .text("target", rows.iter().map(|target| target.id.as_str()))
        .text("instrument", rows.iter().map(|target| target.instrument.get_ref().as_str()))
        .text("indicator", rows.iter().map(|target| target.indicator.get_ref().as_str()))
        .text("group_id", rows.iter().map(|target| target.group.as_str()))
        .year("from_year", rows.iter().map(|target| target.from_year))
        .percent("from_value", rows.iter().map(|target| i16::from(*target.from_value.get_ref())))
        .year("to_year", rows.iter().map(|target| target.to_year))
        .percent("to_value", rows.iter().map(|target| i16::from(*target.to_value.get_ref())))
        .both("name", &names)
        .both("source", &sources)
        .table()
}

/// Registered groups with the years of what they are for, and where their lists come from.
pub(super) fn registered_groups(rounds: &Rounds<'_>, definitions: &Definitions) -> Result<Table, TableError> {
    struct Row<'a> {
        instrument: &'a str,
        group: &'a str,
        years: [Option<Year>; 2],
        source: &'a Text,
        synthetic: bool,
    }
    let mut rows: Vec<Row<'_>> = Vec::new();
    for (instrument, plan) in rounds {
        for group in &plan.groups {
            let own = group.id.as_str().strip_prefix("registered:");
            let grouping = definitions.groupings.iter().find(|grouping| own == Some(grouping.id.as_str()));
            if let Some(GroupingRule::Registered { source, synthetic, from, to, .. }) = grouping.map(|own| &own.rule) {
                let (instrument, group) = (instrument.id.as_str(), group.id.as_str());
                rows.push(Row { instrument, group, years: [*from, *to], source, synthetic: *synthetic });
            }
        }
    }
    let sources: Vec<&Text> = rows.iter().map(|row| row.source).collect();
    let year = |at: usize| rows.iter().map(move |row| row.years[at].map(|year| i64::from(year.number())));
    Columns::new()
        .text("instrument", rows.iter().map(|row| row.instrument))
        .text("group_id", rows.iter().map(|row| row.group))
        .maybe_count("from_year", year(0))
        .maybe_count("to_year", year(1))
        .flag("synthetic", rows.iter().map(|row| row.synthetic))
        .both("source", &sources)
        .table()
}

/// Courses of the instruments that are published; which of them suit whom follows from figures, and is not said here.
pub(super) fn courses(rounds: &Rounds<'_>, definitions: &Definitions) -> Result<Table, TableError> {
    let published: BTreeSet<&str> = rounds.iter().map(|(instrument, _)| instrument.id.as_str()).collect();
    let is_published = |instrument: &str| published.contains(instrument);
    let rows: Vec<_> =
        definitions.courses.iter().filter(|course| is_published(course.instrument.get_ref().as_str())).collect();
    let names: Vec<&Text> = rows.iter().map(|course| &course.name).collect();
    Columns::new()
        .text("course", rows.iter().map(|course| course.id.as_str()))
        .text("instrument", rows.iter().map(|course| course.instrument.get_ref().as_str()))
        .both("name", &names)
        .text("provider", rows.iter().map(|course| course.provider.as_str()))
        .text("url", rows.iter().map(|course| course.url.get_ref().as_str()))
        .flag("synthetic", rows.iter().map(|course| course.synthetic))
        .maybe("indicators", rows.iter().map(|course| joined(course.indicators.get_ref())))
        .maybe("roles", rows.iter().map(|course| joined(course.roles.get_ref())))
        .maybe("valid_from", rows.iter().map(|course| course.valid_from.map(|day| day.to_string())))
        .maybe("valid_to", rows.iter().map(|course| course.valid_to.as_ref().map(|day| day.get_ref().to_string())))
        .table()
}

/// What is protected, how, and what is not, in plain words.
pub(super) fn method(definitions: &Definitions) -> Result<Table, TableError> {
    let sections = &definitions.method;
    let titles: Vec<&Text> = sections.iter().map(|section| &section.title).collect();
    let texts: Vec<&Text> = sections.iter().map(|section| &section.text).collect();
    Columns::new()
        .text("section", sections.iter().map(|section| section.id.as_str()))
        .both("title", &titles)
        .both("text", &texts)
        .table()
}

/// What a reader has to know beside the numbers: where data come from, breaks of series, and how cells are written.
pub(super) fn notes(rounds: &Rounds<'_>) -> Result<Table, TableError> {
    let mut rows: Vec<(&str, String, Text)> = Vec::new();
    for (instrument, _) in rounds {
        let own = instrument.id.as_str();
        if instrument.synthetic {
            rows.push((
                own,
                "synthetic".to_owned(),
                Text::new(
                    "Syntetiska data: frågeformulär och svar är påhittade och säger inget om verkliga organisationer.",
                    "Synthetic data: questionnaire and answers are made up and say nothing about real organisations.",
                ),
            ));
        }
        rows.push((own, "source".to_owned(), instrument.source.clone()));
        rows.push((own, "description".to_owned(), instrument.description.clone()));
        if instrument.answered_by == AnsweredBy::Organisation {
            rows.push((
                own,
                "answered-by".to_owned(),
                Text::new(
                    "Varje organisation lämnar ett gemensamt svar; antal svarande redovisas inte.",
                    "Each organisation answers as one; numbers of respondents are not given.",
                ),
            ));
        }
        for version in &instrument.versions {
            rows.push((own, format!("version-{}", version.id), version.note.clone()));
        }
    }
    let texts: Vec<&Text> = rows.iter().map(|row| &row.2).collect();
    Columns::new()
        .text("instrument", rows.iter().map(|row| row.0))
        .text("note", rows.iter().map(|row| row.1.as_str()))
        .both("text", &texts)
        .table()
}
