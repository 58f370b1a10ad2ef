//! Tests of whole sample files: they repeat, meet their plan and can be read back; scores are recomputed naively in here.

mod accepted;

use std::collections::{BTreeMap, BTreeSet};

use super::*;
use crate::{
    definition::{Definitions, Source},
    model::{Digest, Direction, InstrumentId, MappingId, OrganisationId, Scale, Sector},
    register::{Match, Matcher, RegisterSource},
};

struct Fixture {
    definitions: Definitions,
    register: Register,
}

/// A file with a row per respondent, read back: labels as numbers, gaps as none.
struct Survey {
    organisations: Vec<String>,
    respondents: Vec<String>,
    /// Unit, role and day.
    facts: Vec<[String; 3]>,
    answers: Vec<Vec<Option<i8>>>,
    reasons: usize,
}

fn year(number: u16) -> Year {
    Year::try_from(number).unwrap()
}

impl Fixture {
    fn new() -> Self {
        let definitions = Definitions::load(&Source::BuiltIn).unwrap();
        Self { definitions, register: RegisterSource::BuiltIn.load().unwrap() }
    }

    fn instrument(&self, id: &str) -> &Instrument {
        &self.definitions.instruments[&InstrumentId::parse(id).unwrap()]
    }

    fn write(&self, instrument: &str, plan: &Plan, year: Year, layout: Layout) -> (Vec<u8>, Written) {
        let mut bytes = Vec::new();
        let written = write_year(self.instrument(instrument), &self.register, plan, year, layout, &mut bytes).unwrap();
        (bytes, written)
    }

    fn survey(&self, instrument: &str, plan: &Plan, year: Year, layout: Layout) -> Survey {
        read(self.instrument(instrument), year, layout, &self.write(instrument, plan, year, layout).0)
    }

    fn everybody(seed: u64, sectors: &[Sector]) -> Plan {
        let mut plan = Plan::new(seed, (2016..=2020).map(year), sectors.iter().copied());
        (plan.participation_first, plan.participation) = (1.0, 1.0);
        plan
    }
}

fn read(instrument: &Instrument, year: Year, layout: Layout, bytes: &[u8]) -> Survey {
    let spoken = layout == Layout::SurveyReport;
    let text = std::str::from_utf8(bytes).unwrap();
    let text = if spoken { text.strip_prefix('\u{feff}').unwrap() } else { text };
    let delimiter = if spoken { b';' } else { b',' };
    let mut reader = csv::ReaderBuilder::new().delimiter(delimiter).from_reader(text.as_bytes());
    let mut survey = Survey { organisations: vec![], respondents: vec![], facts: vec![], answers: vec![], reasons: 0 };
    let version = instrument.version_in(year).unwrap();
    let questions: Vec<_> = instrument.questions_in(version).collect();
    for (header, question) in reader.headers().unwrap().iter().skip(8).zip(&questions) {
        assert_eq!(header, if spoken { &question.text.sv } else { question.id.as_str() });
    }
    for record in reader.records() {
        let record = record.unwrap();
        survey.organisations.push(record[0].to_owned());
        survey.respondents.push(record[1].to_owned());
        survey.facts.push([&record[2], &record[3], &record[4]].map(str::to_owned));
        assert_eq!(record[5].is_empty(), record[6].is_empty());
        let answers = questions.iter().zip(record.iter().skip(8)).map(|(question, text)| {
            let scale: &Scale = &instrument.scales[question.scale];
            let is = |word: &str, sv: &str| text == if spoken { sv } else { word };
            if let Some(label) = scale.labels.iter().find(|l| is(&l.value.to_string(), &l.text.sv)) {
                return Some(label.value);
            }
            let reason = scale.reasons.iter().any(|r| is(&r.key, &r.text.sv));
            assert!(reason || text.is_empty(), "{text}");
            survey.reasons += usize::from(reason);
            None
        });
        survey.answers.push(answers.collect());
    }
    survey
}

/// A node's score for one respondent, straight from the definition of the score.
fn score(instrument: &Instrument, year: Year, answers: &[Option<i8>], node: usize) -> Option<f64> {
    let version = instrument.version_in(year).unwrap();
    let mut parts: Vec<(f64, Option<f64>)> = Vec::new();
    for (question, answer) in instrument.questions_in(version).zip(answers).filter(|(q, _)| q.node == node) {
        let scale = &instrument.scales[question.scale];
        let score = answer.map(|x| 100.0 * f64::from(x - scale.min()) / f64::from(scale.max() - scale.min()));
        let reversed = question.direction == Direction::Burdening;
        parts.push((question.weight, score.map(|score| if reversed { 100.0 - score } else { score })));
    }
    for child in instrument.children(node) {
        parts.push((instrument.nodes[child].weight, score(instrument, year, answers, child)));
    }
    let whole: f64 = parts.iter().map(|(weight, _)| weight).sum();
    let there: f64 = parts.iter().filter(|(_, score)| score.is_some()).map(|(weight, _)| weight).sum();
    let sum: f64 = parts.iter().filter_map(|(weight, score)| Some(weight * (*score)?)).sum();
    (there > 0.0 && there >= instrument.coverage_min * whole).then(|| sum / there)
}

/// Every respondent's score, by organisation.
fn scores(instrument: &Instrument, year: Year, survey: &Survey, node: usize) -> BTreeMap<String, Vec<f64>> {
    let mut scores: BTreeMap<String, Vec<f64>> = BTreeMap::new();
    for (organisation, answers) in survey.organisations.iter().zip(&survey.answers) {
        if let Some(score) = score(instrument, year, answers, node) {
            scores.entry(organisation.clone()).or_default().push(score);
        }
    }
    scores
}

fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len() as f64
}

fn squares(values: &[f64]) -> f64 {
    let middle = mean(values);
    values.iter().map(|value| (value - middle) * (value - middle)).sum()
}

#[test]
fn the_same_plan_gives_the_same_bytes() {
    let fixture = Fixture::new();
    let mut plan = Plan::new(1, [year(2019), year(2020)], Sector::ALL);
    plan.organisations_max = Some(30);
    for layout in Layout::ALL {
        let digest = |plan: &Plan| Digest::of(&fixture.write("digital-maturity", plan, year(2020), layout).0);
        assert_eq!(digest(&plan), digest(&plan), "{layout:?}");
        let other = Plan { seed: 2, ..plan.clone() };
        assert_ne!(digest(&plan), digest(&other), "{layout:?}");
    }
}

#[test]
fn means_and_spreads_are_those_of_the_plan() {
    let fixture = Fixture::new();
    let instrument = fixture.instrument("digital-maturity");
    for seed in [1, 2] {
        let plan = Fixture::everybody(seed, &[Sector::Municipality]);
        for (&year, course) in plan.years.iter().zip(&plan.course) {
            let survey = fixture.survey("digital-maturity", &plan, year, Layout::Standard);
            let index = scores(instrument, year, &survey, 0);
            assert_eq!(index.len(), 290);
            let means: Vec<f64> = index.values().map(|scores| mean(scores)).collect();
            let national = mean(&means);
            assert!((national - course).abs() < 0.3, "{year}: {national} for {course}");
            let sd = (squares(&means) / (means.len() - 1) as f64).sqrt();
            assert!((8.0..12.0).contains(&sd), "{year}: organisations {sd}");
            let freedom = survey.answers.len() - means.len();
            let within = (index.values().map(|scores| squares(scores)).sum::<f64>() / freedom as f64).sqrt();
            assert!((15.0..21.0).contains(&within), "{year}: respondents {within}");
        }
    }
}

#[test]
fn categories_differ_by_at_most_eight_points_and_average_out() {
    let fixture = Fixture::new();
    let instrument = fixture.instrument("digital-maturity");
    let plan = Fixture::everybody(3, &[Sector::Municipality]);
    let survey = fixture.survey("digital-maturity", &plan, year(2020), Layout::Standard);
    let mut offsets = Vec::new();
    for (at, node) in instrument.nodes.iter().enumerate().filter(|(_, n)| n.level == crate::model::Level::Category) {
        let scores = scores(instrument, year(2020), &survey, at);
        let national = mean(&scores.values().map(|scores| mean(scores)).collect::<Vec<_>>());
        assert!((national - 47.0).abs() < 8.5, "{}: {national}", node.id);
        offsets.push(national - 47.0);
    }
    // the categories of the instrument weigh the same
    assert!(mean(&offsets).abs() < 0.3, "{offsets:?}");
    assert!(offsets.iter().any(|offset| offset.abs() > 2.0), "{offsets:?}");
}

#[test]
fn organisations_keep_their_place_from_year_to_year() {
    let fixture = Fixture::new();
    let instrument = fixture.instrument("digital-maturity");
    let plan = Fixture::everybody(4, &[Sector::Municipality]);
    let means = |number| {
        let survey = fixture.survey("digital-maturity", &plan, year(number), Layout::Standard);
        let index = scores(instrument, year(number), &survey, 0);
        index.values().map(|scores| mean(scores)).collect::<Vec<f64>>()
    };
    let (before, after) = (means(2019), means(2020));
    let (middle_before, middle_after) = (mean(&before), mean(&after));
    let products = before.iter().zip(&after).map(|(b, a)| (b - middle_before) * (a - middle_after));
    let correlation = products.sum::<f64>() / (squares(&before) * squares(&after)).sqrt();
    assert!((0.8..0.97).contains(&correlation), "{correlation}");
}

#[test]
fn every_organisation_is_found_by_what_the_file_calls_it() {
    let fixture = Fixture::new();
    let plan = Fixture::everybody(5, &Sector::ALL);
    let (bytes, written) = fixture.write("digital-maturity", &plan, year(2020), Layout::OrganisationScores);
    let matcher = Matcher::new(&fixture.register, year(2020));
    let mut found = BTreeSet::new();
    for record in csv::Reader::from_reader(&bytes[..]).records() {
        match matcher.find(&record.unwrap()[0]) {
            Match::One(at) => found.insert(matcher.organisations()[at as usize].clone()),
            other => unreachable!("{other:?}"),
        };
    }
    let expected: BTreeSet<OrganisationId> = fixture
        .register
        .organisations
        .values()
        .filter(|organisation| organisation.sector != Sector::Association && organisation.id.as_str() != "region-09")
        .map(|organisation| organisation.id.clone())
        .collect();
    assert_eq!(found, expected);
    assert_eq!(written.organisations, expected.len());
}

#[test]
fn words_read_back_as_the_same_numbers() {
    let fixture = Fixture::new();
    let mut plan = Plan::new(6, [year(2020)], Sector::ALL);
    plan.organisations_max = Some(60);
    for instrument in ["digital-maturity", "indicator-list"] {
        let numbers = fixture.survey(instrument, &plan, year(2020), Layout::Standard);
        let words = fixture.survey(instrument, &plan, year(2020), Layout::SurveyReport);
        assert_eq!(numbers.organisations, words.organisations);
        assert_eq!(numbers.respondents, words.respondents);
        assert_eq!(numbers.answers, words.answers);
        assert_eq!(numbers.reasons, words.reasons);
        let cells = numbers.answers.iter().flatten().count();
        let gaps = numbers.answers.iter().flatten().filter(|answer| answer.is_none()).count();
        assert!((0.01..0.06).contains(&(gaps as f64 / cells as f64)), "{gaps} of {cells}");
        assert!(numbers.reasons > 0 && numbers.reasons < gaps);
    }
}

#[test]
fn headers_are_those_of_the_mappings() {
    let fixture = Fixture::new();
    let mut plan = Plan::new(6, [year(2020)], [Sector::Company]);
    plan.organisations_max = Some(5);
    for layout in [Layout::Standard, Layout::SurveyReport, Layout::OrganisationScores] {
        let mapping = &fixture.definitions.mappings[&MappingId::parse(layout.mapping()).unwrap()];
        let (bytes, _) = fixture.write("digital-maturity", &plan, year(2020), layout);
        let text = String::from_utf8(bytes).unwrap();
        let first = text.lines().next().unwrap().trim_start_matches('\u{feff}');
        let delimiter = mapping.delimiter.as_ref().map_or(',', |delimiter| *delimiter.get_ref());
        let headers: Vec<&str> = first.split(delimiter).collect();
        let columns = &mapping.columns;
        let named = [&columns.respondent, &columns.unit, &columns.role, &columns.answered_on, &columns.measure];
        let named = named.into_iter().chain([&columns.value, &columns.respondents]).flatten();
        for column in named.chain([&columns.organisation]) {
            assert!(headers.contains(&column.as_str()), "{layout:?} lacks {column}");
        }
        if layout != Layout::OrganisationScores {
            assert!(headers[5..8].iter().all(|header| mapping.drop.iter().any(|dropped| dropped == header)));
        }
    }
}

#[test]
fn a_workbook_holds_the_same_answers() {
    use calamine::{Data, Reader as _};
    let fixture = Fixture::new();
    let mut plan = Plan::new(8, [year(2020)], [Sector::Municipality]);
    plan.organisations_max = Some(10);
    let survey = fixture.survey("digital-maturity", &plan, year(2020), Layout::Standard);
    let (bytes, written) = fixture.write("digital-maturity", &plan, year(2020), Layout::Xlsx);
    let mut workbook: calamine::Xlsx<_> = calamine::open_workbook_from_rs(std::io::Cursor::new(bytes)).unwrap();
    let sheet = workbook.worksheet_range("Syntetiska svar").unwrap();
    assert_eq!(sheet.height(), written.respondents + 1);
    for (row, answers) in sheet.rows().skip(1).zip(&survey.answers) {
        assert!(matches!(&row[0], Data::String(code) if code.len() == 4), "codes keep their leading zeros");
        assert!(matches!(&row[4], Data::DateTime(_)));
        let numbers: Vec<Option<i8>> = row[8..]
            .iter()
            .map(|cell| match cell {
                Data::Float(number) => Some(*number as i8),
                Data::Int(number) => Some(*number as i8),
                _ => None,
            })
            .collect();
        assert_eq!(&numbers, answers);
    }
}

#[test]
fn organisation_scores_are_the_means_of_the_answers() {
    let fixture = Fixture::new();
    let instrument = fixture.instrument("digital-maturity");
    let mut plan = Plan::new(9, [year(2015)], [Sector::Municipality, Sector::Company]);
    plan.organisations_max = Some(20);
    let survey = fixture.survey("digital-maturity", &plan, year(2015), Layout::Standard);
    let (bytes, _) = fixture.write("digital-maturity", &plan, year(2015), Layout::OrganisationScores);
    let mut rows = 0;
    for record in csv::Reader::from_reader(&bytes[..]).records() {
        let record = record.unwrap();
        let node = instrument.nodes.iter().position(|node| node.id.as_str() == &record[1]).unwrap();
        let all = scores(instrument, year(2015), &survey, node);
        let value: f64 = record[2].parse().unwrap();
        assert!((value - mean(&all[&record[0]])).abs() < 0.0501, "{record:?}");
        let respondents = survey.organisations.iter().filter(|organisation| **organisation == record[0]).count();
        assert_eq!(record[3].parse::<usize>().unwrap(), respondents);
        rows += 1;
    }
    let organisations: BTreeSet<&String> = survey.organisations.iter().collect();
    assert_eq!(rows, organisations.len() * instrument.nodes.len());
}

#[test]
fn an_organisation_that_answers_as_one_has_one_row() {
    let fixture = Fixture::new();
    let plan = Fixture::everybody(10, &Sector::ALL);
    let survey = fixture.survey("indicator-list", &plan, year(2020), Layout::Standard);
    assert_eq!(survey.organisations.len(), 290);
    assert!(survey.respondents.contains(&"municipality-0114".to_owned()));
    assert!(survey.facts.iter().all(|[unit, role, _]| unit.is_empty() && role.is_empty()));
    let instrument = fixture.instrument("indicator-list");
    let index = scores(instrument, year(2020), &survey, 0);
    let national = mean(&index.values().map(|scores| mean(scores)).collect::<Vec<_>>());
    assert!((national - 47.0).abs() < 0.6, "{national}");
}

#[test]
fn respondents_are_told_apart_and_spread_over_units_roles_and_days() {
    let fixture = Fixture::new();
    let plan = Fixture::everybody(11, &[Sector::Municipality, Sector::Agency]);
    let survey = fixture.survey("digital-maturity", &plan, year(2020), Layout::Standard);
    let distinct: BTreeSet<&String> = survey.respondents.iter().collect();
    assert_eq!(distinct.len(), survey.respondents.len());
    assert!(survey.facts.windows(2).all(|pair| pair[0][2] <= pair[1][2]), "rows are in the order of answering");
    assert!(survey.facts.iter().all(|[_, _, day]| day.starts_with("2020-")));
    let roles: BTreeSet<&str> = survey.facts.iter().map(|[_, role, _]| role.as_str()).collect();
    assert_eq!(roles, ["elected", "leader", "staff"].into());
    let mut units: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for (organisation, [unit, _, _]) in survey.organisations.iter().zip(&survey.facts) {
        units.entry(organisation).or_default().insert(unit);
        *counts.entry(organisation).or_default() += 1;
    }
    assert!(units.values().all(|units| (1..=6).contains(&units.len())));
    assert!(counts.values().all(|count| *count >= 5));
    let average = survey.respondents.len() as f64 / counts.len() as f64;
    assert!((27.0..33.0).contains(&average), "{average}");
}

#[test]
fn an_organisations_draws_do_not_depend_on_the_others() {
    let fixture = Fixture::new();
    let facts = |most| {
        let mut plan = Fixture::everybody(12, &[Sector::Municipality]);
        plan.organisations_max = Some(most);
        let survey = fixture.survey("digital-maturity", &plan, year(2020), Layout::Standard);
        let mut facts: BTreeMap<String, Vec<[String; 3]>> = BTreeMap::new();
        for (organisation, fact) in survey.organisations.into_iter().zip(survey.facts) {
            facts.entry(organisation).or_default().push(fact);
        }
        facts
    };
    let (few, many) = (facts(5), facts(50));
    assert_eq!(few.len(), 5);
    assert!(few.iter().all(|(organisation, fact)| many[organisation] == *fact));
}

#[test]
fn what_cannot_be_sampled_is_an_error() {
    let fixture = Fixture::new();
    let sample = |instrument, plan: &Plan, number| {
        let instrument = fixture.instrument(instrument);
        write_year(instrument, &fixture.register, plan, year(number), Layout::Standard, std::io::sink())
    };
    let plan = Plan::new(1, [year(2013), year(2020)], [Sector::Municipality]);
    assert!(matches!(sample("digital-maturity", &plan, 2019), Err(SampleError::Year(_))));
    assert!(matches!(sample("digital-maturity", &plan, 2013), Err(SampleError::Version { .. })));
    assert!(matches!(sample("learning-interest", &plan, 2013), Err(SampleError::Version { .. })));
    let plan = Plan::new(1, [year(2022)], [Sector::Municipality]);
    assert!(matches!(sample("learning-interest", &plan, 2022), Err(SampleError::Nobody(_))));
    let plan = Plan::new(1, [year(2022)], Sector::ALL);
    assert!(sample("learning-interest", &plan, 2022).is_ok());
}

#[test]
fn file_names_say_that_the_data_are_synthetic() {
    let fixture = Fixture::new();
    let instrument = fixture.instrument("digital-maturity");
    assert_eq!(file_name(instrument, year(2020), Layout::Standard), "digital-maturity-2020.synthetic.csv");
    let names: BTreeSet<String> = Layout::ALL.iter().map(|l| file_name(instrument, year(2020), *l)).collect();
    assert!(names.len() == 4 && names.iter().all(|name| name.contains(".synthetic.")));
}
