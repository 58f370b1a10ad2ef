//! The table `answers_by_group`: how a role in a group answers each question, as per cent of the question's scale; equal weight
//! for each organisation.

use std::collections::BTreeMap;

use super::{columns::Columns, series, status_of_values};
use crate::{
    definition::Policy,
    disclosure::{
        detail::Part,
        plan::{AnswerKey, Answers, Group, Plan, is_asked},
        rule,
    },
    model::{Bound, Direction, GroupId, Instrument, Mean, OrganisationId, Question, Status, Year},
    table::{Table, TableError},
};

/// Millionths of a percentage point in the whole scale.
const SCALE: i128 = 100_000_000;

/// One instrument's answers.
pub(super) struct Source<'a> {
    pub(super) instrument: &'a Instrument,
    pub(super) plan: &'a Plan,
    pub(super) answers: &'a Answers,
    pub(super) provisional: bool,
}

struct Row {
    instrument: String,
    question: String,
    role: String,
    group: GroupId,
    year: Year,
    status: Status,
    mean: Option<Mean>,
    organisations: Option<i64>,
    series: String,
}

pub(super) fn table(sources: &[Source<'_>], policy: &Policy) -> Result<Table, TableError> {
    let mut rows: Vec<Row> = Vec::new();
    for source in sources {
        let groups: BTreeMap<&GroupId, &Group> = source.plan.groups.iter().map(|group| (&group.id, group)).collect();
        let parts = source.parts();
        for (at, question) in source.instrument.questions.iter().enumerate() {
            let sums = source.sums(&parts, at, question);
            let keys = source.answers.shown.keys().chain(&source.answers.withheld);
            for key in keys.filter(|(_, year, role)| source.asks(question, *year, role)) {
                let shown = sums.get(key).map(|&(sum, organisations)| {
                    (rule::mean::write(sum + held(key, &sums, &groups, policy), organisations, policy), organisations)
                });
                rows.push(Row {
                    instrument: source.instrument.id.to_string(),
                    question: question.id.to_string(),
                    role: key.2.clone(),
                    group: key.0.clone(),
                    year: key.1,
                    status: shown
                        .map_or(Status::Withheld, |_| status_of_values(source.plan, source.provisional, &key.0, key.1)),
                    mean: shown.map(|(mean, _)| mean),
                    organisations: shown.map(|(_, organisations)| organisations),
                    series: series(source.instrument, key.1),
                });
            }
        }
    }
    let order =
        |row: &Row| (row.instrument.clone(), row.question.clone(), row.role.clone(), row.group.clone(), row.year);
    rows.sort_by_key(order);
    Columns::new()
        .text("instrument", rows.iter().map(|row| row.instrument.as_str()))
        .text("question", rows.iter().map(|row| row.question.as_str()))
        .text("role", rows.iter().map(|row| row.role.as_str()))
        .text("group_id", rows.iter().map(|row| row.group.as_str()))
        .year("year", rows.iter().map(|row| row.year))
        .text("status", rows.iter().map(|row| row.status.word()))
        .maybe_percent("mean", rows.iter().map(|row| row.mean.map(|mean| i16::from(mean.percent))))
        .maybe("mean_bound", rows.iter().map(|row| row.mean.and_then(|mean| mean.bound).map(Bound::word)))
        .maybe_count("organisations", rows.iter().map(|row| row.organisations))
        .text("series", rows.iter().map(|row| row.series.as_str()))
        .table()
}

/// By role in a group and year what each organisation answered, with the number of organisations.
type Parts<'a> = BTreeMap<&'a AnswerKey, (Vec<&'a Part>, i64)>;

/// Sums of organisations' means in millionths of a percentage point, with the number of organisations.
type Sums<'a> = BTreeMap<&'a AnswerKey, (i64, i64)>;

impl Source<'_> {
    fn asks(&self, question: &Question, year: Year, role: &str) -> bool {
        let version = self.instrument.version_in(year);
        version.is_some_and(|version| self.instrument.questions_in(version).any(|asked| asked.id == question.id))
            && is_asked(question, role)
    }

    /// What the organisations answered that are shown together; none where something is missing of one of them.
    fn parts(&self) -> Parts<'_> {
        let of_role = |(key, members): (_, &Vec<OrganisationId>)| {
            let (_, year, role): &AnswerKey = key;
            let own = members.iter().map(|id| self.answers.values.get(&(id.clone(), *year, role.clone())));
            Some((key, (own.collect::<Option<Vec<&Part>>>()?, rule::count::write(members))))
        };
        self.answers.shown.iter().filter_map(of_role).collect()
    }

    fn sums<'a>(&self, parts: &Parts<'a>, at: usize, question: &Question) -> Sums<'a> {
        let scale = &self.instrument.scales[question.scale];
        let ends = (i128::from(scale.min()), i128::from(scale.max()));
        let value = |part: &&Part| -> Option<i64> {
            let &(sum, number) = part.questions.get(at)?;
            let (sum, number) = (i128::from(sum), i128::from(number));
            let steps = match question.direction {
                Direction::Enabling => sum - ends.0 * number,
                Direction::Burdening => ends.1 * number - sum,
            };
            (number > 0).then(|| rule::mean::half_even(steps * SCALE, number * (ends.1 - ends.0).max(1)) as i64)
        };
        let asked = parts.iter().filter(|((_, year, role), _)| self.asks(question, *year, role));
        asked
            .filter_map(|(key, (parts, organisations))| {
                Some((*key, (parts.iter().map(value).sum::<Option<i64>>()?, *organisations)))
            })
            .collect()
    }
}

/// What has to be added to a whole so that it holds of each part with a coded mean only the end.
fn held(key: &AnswerKey, sums: &Sums<'_>, groups: &BTreeMap<&GroupId, &Group>, policy: &Policy) -> i64 {
    let group = |id: &GroupId| groups.get(id);
    let Some(whole) = group(&key.0).filter(|whole| whole.kind == "sector") else { return 0 };
    sums.iter()
        .filter(|(part, _)| part.1 == key.1 && part.2 == key.2 && part.0 != key.0)
        .filter(|(part, _)| group(&part.0).is_some_and(|part| part.sector == whole.sector))
        .map(|(_, &(sum, organisations))| rule::mean::held_within_ends(sum, organisations, policy) - sum)
        .sum()
}
