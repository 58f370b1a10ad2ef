//! Made-up queries by the thousand: whatever is asked, the answer is an answer or a refusal, in bounded memory, and figures are
//! served meanwhile. `MOGNAD_RANDOM_STATEMENTS` says how many (unless told 1,000), `MOGNAD_RANDOM_SEED` which.

use std::{
    collections::BTreeMap,
    fmt::Write as _,
    fs,
    sync::Arc,
    time::{Duration, Instant},
};

use mognad::{
    definition::{self, Kind},
    model::Language,
    query::{self, NotAnswered, Parameters, QueryLimits, Question, Workers},
};
use rand::{Rng as _, SeedableRng as _, seq::IndexedRandom as _};
use rand_chacha::ChaCha8Rng;

use crate::{
    api::{get, shared},
    query::{program, published},
};

/// A column in sight: how it is written, and its kind.
type InSight = (String, Kind);

/// Makes queries over the schema.
struct Maker {
    random: ChaCha8Rng,
    tables: Vec<(String, Vec<InSight>)>,
    examples: Vec<String>,
}

impl Maker {
    fn new(seed: u64, names: &[String]) -> Self {
        let columns = |name: &String| {
            let text = definition::table(name)?;
            Some((name.clone(), text.columns.iter().map(|(name, text)| (name.clone(), text.kind)).collect()))
        };
        Self {
            random: ChaCha8Rng::seed_from_u64(seed),
            tables: names.iter().filter_map(columns).collect(),
            examples: query::examples().iter().map(|own| own.sql.clone()).collect(),
        }
    }

    fn one<'a, T>(&mut self, of: &'a [T]) -> &'a T {
        of.choose(&mut self.random).expect("a choice")
    }

    fn chance(&mut self, of: u32) -> bool {
        self.random.random_ratio(1, of)
    }

    fn kind(&mut self) -> Kind {
        *self.one(&[Kind::Text, Kind::Whole, Kind::Whole, Kind::Number, Kind::Flag])
    }

    /// A value of a kind out of columns in sight.
    fn value(&mut self, kind: Kind, sight: &[InSight], deep: u32) -> String {
        let own: Vec<&InSight> = sight.iter().filter(|(_, own)| *own == kind).collect();
        if deep == 0 || self.chance(4) {
            if !own.is_empty() && !self.chance(4) {
                return self.one(&own).0.clone();
            }
            return self.literal(kind);
        }
        let next = deep - 1;
        match kind {
            Kind::Whole => match self.random.random_range(0..8) {
                0..3 => {
                    let operator = *self.one(&["+", "-", "*"]);
                    format!("({} {operator} {})", self.value(kind, sight, next), self.value(kind, sight, next))
                }
                3 => format!("{} / nullif({}, 0)", self.value(kind, sight, 0), self.value(kind, sight, 0)),
                4 => format!("length({})", self.value(Kind::Text, sight, next)),
                5 => format!("coalesce({}, {})", self.value(kind, sight, next), self.value(kind, sight, next)),
                6 => format!("cast({} as bigint)", self.value(Kind::Flag, sight, next)),
                _ => self.case(kind, sight, next),
            },
            Kind::Number => match self.random.random_range(0..7) {
                0..2 => {
                    let operator = *self.one(&["+", "-", "*"]);
                    format!("({} {operator} {})", self.value(kind, sight, next), self.value(Kind::Whole, sight, next))
                }
                2 => format!("round({}, {})", self.value(kind, sight, next), self.random.random_range(0..4)),
                3 => format!("abs({})", self.value(kind, sight, next)),
                4 => format!("sqrt(abs({}))", self.value(kind, sight, next)),
                5 => format!("cast({} as double)", self.value(Kind::Whole, sight, next)),
                _ => self.case(kind, sight, next),
            },
            Kind::Text => match self.random.random_range(0..7) {
                0 => format!("({} || {})", self.value(kind, sight, next), self.value(kind, sight, next)),
                1 => {
                    let function = *self.one(&["upper", "lower", "trim"]);
                    format!("{function}({})", self.value(kind, sight, next))
                }
                2 => format!("substr({}, 1, {})", self.value(kind, sight, next), self.random.random_range(0..9)),
                3 => format!("cast({} as varchar)", self.value(Kind::Whole, sight, next)),
                4 => format!("split_part({}, ':', 1)", self.value(kind, sight, next)),
                5 => format!("coalesce({}, '')", self.value(kind, sight, next)),
                _ => self.case(kind, sight, next),
            },
            Kind::Flag => {
                let of = self.kind();
                match self.random.random_range(0..8) {
                    0..3 => {
                        let operator = *self.one(&["=", "<>", "<", ">=", "is distinct from"]);
                        format!("({} {operator} {})", self.value(of, sight, next), self.value(of, sight, next))
                    }
                    3 => {
                        let operator = *self.one(&["and", "or"]);
                        format!("({} {operator} {})", self.value(kind, sight, next), self.value(kind, sight, next))
                    }
                    4 => format!("({} is not null)", self.value(of, sight, next)),
                    5 => format!("({} like '%a%')", self.value(Kind::Text, sight, next)),
                    6 => {
                        let list: Vec<String> = (0..self.random.random_range(1..5)).map(|_| self.literal(of)).collect();
                        format!("({} in ({}))", self.value(of, sight, next), list.join(", "))
                    }
                    _ => format!("(not {})", self.value(kind, sight, next)),
                }
            }
        }
    }

    fn case(&mut self, kind: Kind, sight: &[InSight], deep: u32) -> String {
        let condition = self.value(Kind::Flag, sight, deep);
        format!(
            "case when {condition} then {} else {} end",
            self.value(kind, sight, deep),
            self.value(kind, sight, deep)
        )
    }

    fn literal(&mut self, kind: Kind) -> String {
        match kind {
            Kind::Whole => {
                (*self.one(&["0", "1", "2019", "2020", "47", "-3", "9223372036854775807", "null"])).to_owned()
            }
            Kind::Number => (*self.one(&["0.5", "1.0", "-2.25", "1e3", "100.0"])).to_owned(),
            Kind::Text => {
                (*self.one(&["'index'", "'all'", "''", "'åäö'", "'it''s'", "null", "'digital-maturity'"])).to_owned()
            }
            Kind::Flag => (*self.one(&["true", "false"])).to_owned(),
        }
    }

    /// A source, and what it brings in sight.
    fn source(&mut self, name: &str, deep: u32) -> (String, Vec<InSight>) {
        if deep > 0 && self.chance(5) {
            let (sql, columns) = self.select(deep - 1);
            return (
                format!("({sql}) as {name}"),
                columns.into_iter().map(|(own, kind)| (format!("{name}.{own}"), kind)).collect(),
            );
        }
        let tables = self.tables.clone();
        let (table, columns) = self.one(&tables);
        let schema = if self.chance(4) { "published." } else { "" };
        let sight = columns.iter().map(|(own, kind)| (format!("{name}.{own}"), *kind)).collect();
        (format!("{schema}{table} as {name}"), sight)
    }

    /// A query, and the columns of its answer.
    fn select(&mut self, deep: u32) -> (String, Vec<InSight>) {
        let (mut from, mut sight) = self.source("a", deep);
        if self.chance(3) {
            let (other, brought) = self.source("b", deep);
            let kind = *self.one(&[Kind::Text, Kind::Whole]);
            let on = |sight: &[InSight], maker: &mut Self| {
                let own: Vec<&InSight> = sight.iter().filter(|(_, own)| *own == kind).collect();
                if own.is_empty() { maker.literal(kind) } else { maker.one(&own).0.clone() }
            };
            let (left, right) = (on(&sight, self), on(&brought, self));
            let join = *self.one(&["join", "left join", "right join", "full join", "left semi join", "left anti join"]);
            from = format!("{from} {join} {other} on {left} = {right}");
            if !join.contains("semi") && !join.contains("anti") {
                sight.extend(brought);
            }
        }
        let mut sql = String::new();
        let filter =
            if self.chance(2) { format!(" where {}", self.value(Kind::Flag, &sight, 2)) } else { String::new() };
        let number = self.random.random_range(1..4);
        let mut columns = Vec::new();
        let mut items = Vec::new();
        let is_grouped = self.chance(3);
        let mut keys = Vec::new();
        for at in 0..number {
            let kind = self.kind();
            let (item, kind) = if is_grouped && at > 0 {
                let (function, of, gives) = *self.one(&[
                    ("count", Kind::Text, Kind::Whole),
                    ("sum", Kind::Whole, Kind::Whole),
                    ("avg", Kind::Whole, Kind::Number),
                    ("max", Kind::Text, Kind::Text),
                    ("min", Kind::Number, Kind::Number),
                    ("median", Kind::Number, Kind::Number),
                    ("stddev", Kind::Number, Kind::Number),
                    ("bool_or", Kind::Flag, Kind::Flag),
                ]);
                let distinct = if function == "count" && self.chance(3) { "distinct " } else { "" };
                (format!("{function}({distinct}{})", self.value(of, &sight, 1)), gives)
            } else if self.chance(8) {
                let function = *self.one(&["row_number()", "rank()", "dense_rank()", "count(*)"]);
                let by = self.value(Kind::Text, &sight, 1);
                if is_grouped {
                    (self.value(kind, &sight, 1), kind)
                } else {
                    (format!("{function} over (order by {by})"), Kind::Whole)
                }
            } else {
                (self.value(kind, &sight, deep + 1), kind)
            };
            if is_grouped && at == 0 {
                keys.push(item.clone());
            }
            items.push(format!("{item} as c{at}"));
            columns.push((format!("c{at}"), kind));
        }
        let distinct = if !is_grouped && self.chance(6) { "distinct " } else { "" };
        write!(sql, "select {distinct}{} from {from}{filter}", items.join(", ")).unwrap();
        if is_grouped {
            write!(sql, " group by {}", keys.join(", ")).unwrap();
        }
        if self.chance(3) {
            sql += " order by 1";
        }
        write!(sql, " limit {}", self.random.random_range(0..50)).unwrap();
        (sql, columns)
    }

    /// A query as a whole.
    fn query(&mut self) -> String {
        match self.random.random_range(0..10) {
            0 => {
                let (first, _) = self.select(1);
                let (second, _) = self.select(1);
                format!("with one as ({first}) select c0 as c from one union all select c0 from ({second}) as two")
            }
            1..3 if !self.examples.is_empty() => self.mutated(),
            _ => self.select(2).0,
        }
    }

    /// An example with something changed.
    fn mutated(&mut self) -> String {
        let examples = self.examples.clone();
        let text = self.one(&examples).clone();
        let mut words: Vec<String> = text.split_inclusive(char::is_whitespace).map(str::to_owned).collect();
        for _ in 0..self.random.random_range(1..4) {
            let at = self.random.random_range(0..words.len());
            match self.random.random_range(0..5) {
                0 => drop(words.remove(at)),
                1 => words.insert(at, words[at].clone()),
                2 => {
                    let other = self.random.random_range(0..words.len());
                    words.swap(at, other);
                }
                3 => words[at] = format!("{} ", self.literal(Kind::Whole)),
                _ => {
                    let junk = *self.one(&[
                        "select ",
                        "from ",
                        "( ",
                        ") ",
                        ", ",
                        "null ",
                        "'",
                        "* ",
                        "year ",
                        "; ",
                        "\u{1f600} ",
                        "::int ",
                        "over () ",
                    ]);
                    junk.clone_into(&mut words[at]);
                }
            }
            if words.is_empty() {
                break;
            }
        }
        words.concat()
    }
}

/// The memory that this process has, in bytes (proc(5), `VmRSS`).
fn resident() -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find(|line| line.starts_with("VmRSS:")).unwrap();
    line.split_whitespace().nth(1).unwrap().parse::<u64>().unwrap() * 1_024
}

fn told(name: &str, usual: u64) -> u64 {
    std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(usual)
}

#[tokio::test(flavor = "multi_thread")]
async fn made_up_queries_are_answered_or_refused() {
    let (number, seed) = (told("MOGNAD_RANDOM_STATEMENTS", 1_000), told("MOGNAD_RANDOM_SEED", 20_261_123));
    let (release, tables) = published().await;
    let service = shared().await;
    let limits =
        QueryLimits { time_ms: 3_000, at_once_max: 2, waiting_max: 8, wait_ms: 60_000, ..QueryLimits::default() };
    let workers = Workers::new(program(), limits.clone());
    let mut names: Vec<String> = release.tables.keys().cloned().collect();
    names.extend(query::views().map(str::to_owned));
    let mut maker = Maker::new(seed, &names);
    let mut outcomes: BTreeMap<&'static str, u64> = BTreeMap::new();
    let before = resident();
    for round in 0..number.div_ceil(2) {
        let asked = [maker.query(), maker.query()];
        let ask = |sql: &String| {
            let question = Question {
                sql: sql.clone(),
                parameters: Parameters::new(),
                format: "csv".to_owned(),
                language: Language::En,
            };
            let tables = Arc::clone(tables);
            async {
                let begun = Instant::now();
                (workers.answer(tables, question).await, begun.elapsed())
            }
        };
        let (one, two) = tokio::join!(ask(&asked[0]), ask(&asked[1]));
        for (sql, (answer, elapsed)) in asked.iter().zip([one, two]) {
            let outcome = match &answer {
                Ok(answer) => {
                    assert!(answer.rows <= limits.rows_max && answer.body.len() <= limits.bytes_max, "{sql}");
                    "answered"
                }
                Err(NotAnswered::Refused(refusal)) => refusal.code.word(),
                Err(NotAnswered::Busy) => "busy",
                Err(NotAnswered::Failed) => "failed",
            };
            assert!(!["busy", "failed"].contains(&outcome), "{outcome}: {sql}");
            if outcome == "engine" {
                println!("the engine cannot run: {sql}");
            }
            assert!(elapsed < Duration::from_millis(limits.time_ms) + Duration::from_secs(10), "{elapsed:?}: {sql}");
            *outcomes.entry(outcome).or_default() += 1;
        }
        if round % 100 == 0 {
            let (response, _) =
                get(&service.router, &format!("/v1/figures?limit=1&page={}", round / 100 + 1), &[]).await;
            assert_eq!(response.status().as_u16(), 200);
        }
    }
    let (all, answered) = (outcomes.values().sum::<u64>(), outcomes["answered"]);
    println!("{all} queries: {outcomes:?}");
    assert!(answered * 2 >= all, "{outcomes:?}");
    // faults of the engine, for which there is nothing better to say
    assert!(outcomes.get("engine").is_none_or(|engine| engine * 50 < all), "{outcomes:?}");
    assert!(resident() < before + (256 << 20), "{} more bytes", resident() - before);
}
