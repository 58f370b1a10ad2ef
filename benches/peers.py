"""DuckDB as the peer of `cargo bench`: answers one request a line, and writes benches/sql; what is compared is in benches/peers.

    python benches/peers.py generate    writes benches/sql from the definitions in schemas
    python benches/peers.py THREADS FOLDER    answers requests, as JSON lines, until its input ends; keeps its data in FOLDER

Settings are DuckDB's defaults but for the number of threads and the folder for temporary files. The time of a request is that
of its SQL alone: the connection is open, and nothing is handed over to Python.
"""

import concurrent.futures
import json
import pathlib
import sys
import time
import tomllib

ROOT = pathlib.Path(__file__).resolve().parent.parent
INSTRUMENT = "digital-maturity"
VERSION = "2"
LEVELS = ["factor", "category", "dimension", "index"]

# Adding and subtracting 1.5 x 2^52 rounds to whole numbers, half to even, as round_even(x, 0) does, in less time.
TO_INTEGER = "6755399441055744e0"

# ---------------------------------------------------------------------------------------------------- writing benches/sql


def double(number):
    return f"{number:g}e0"


def name(key):
    return key.replace("-", "_")


def lines(items, indent=8, separator=","):
    return f"{separator}\n{' ' * indent}".join(items)


class Questionnaire:
    """One version of an instrument, as far as scores need it."""

    def __init__(self):
        text = (ROOT / "schemas" / "instrument" / f"{INSTRUMENT}.toml").read_text()
        instrument = tomllib.loads(text)
        policy = tomllib.loads((ROOT / "schemas" / "disclosure.toml").read_text())
        self.respondents_min = policy["min_respondents_organisation"]
        self.histogram_step = policy["histogram_step"]
        self.coverage_min = instrument["score"]["coverage_min"]
        self.nodes = instrument["node"]
        self.questions = [q for q in instrument["question"] if VERSION in q.get("versions", [VERSION])]
        scales = {scale["key"]: [label["value"] for label in scale["labels"]] for scale in instrument["scale"]}
        ends = {(min(scales[q["scale"]]), max(scales[q["scale"]])) for q in self.questions}
        assert len(ends) == 1, "the SQL is written for one scale"
        self.low, self.high = ends.pop()
        self.step = 100 / (self.high - self.low)
        assert self.step.is_integer(), "scores of leaves are exact only where a step of the scale is whole"
        assert all(float(self.weight(q)).is_integer() for q in self.questions), "weights of questions are whole"
        assert not any(q.get("roles") for q in self.questions), "the SQL asks everybody every question"
        assert {node["level"] for node in self.nodes} == set(LEVELS)

    @staticmethod
    def weight(part):
        return part.get("weight", 1)

    def at(self, level):
        return [node for node in self.nodes if node["level"] == level]

    def parts(self, node):
        return [q for q in self.questions if q["node"] == node["key"]]

    def children(self, node):
        return [child for child in self.nodes if child.get("parent") == node["key"]]

    def need(self, parts):
        return double(self.coverage_min * sum(self.weight(part) for part in parts))

    def sign(self, question):
        return 1 if question["direction"] == "enabling" else -1

    def origin(self, question):
        """The answer that is worth 0 points."""
        return self.low if question["direction"] == "enabling" else self.high

    def line(self, question):
        """`a` and `b` with which the weighted steps of an answer are a + b x answer."""
        weight = int(self.weight(question)) * self.sign(question)
        return -weight * self.origin(question), weight


def weighted(weight, term):
    return term if weight == 1 else f"{double(weight)} * {term}"


def mean(total, covered, need):
    """A mean, null where too little is covered: of zero divisors there are none, since what is needed is above zero."""
    return f"({total})\n            / case when {covered} >= {need} then {covered} end"


def factor_of_columns(form, node):
    """Nulls are taken out first, by the answer that is worth nothing: arithmetic on columns without nulls is faster."""
    parts = form.parts(node)
    constant = sum(form.line(q)[0] for q in parts)
    terms = [weighted(form.weight(q), f"coalesce({q['key']}, {form.origin(q)}::tinyint)::double") for q in parts]
    signs = [" + " if form.sign(q) > 0 else " - " for q in parts]
    total = double(constant) + "".join(sign + term for sign, term in zip(signs, terms))
    covered = " + ".join(weighted(form.weight(q), f"({q['key']} is not null)::double") for q in parts)
    return mean(f"{double(form.step)} * ({total})", f"({covered})", form.need(parts))


def upper(form, node):
    """The usual case first, that no part is missing; `coalesce` works out the other one for the rest of the rows only."""
    parts = form.children(node)
    points = [f"points_{name(part['key'])}" for part in parts]
    weights = [form.weight(part) for part in parts]
    usual = f"({' + '.join(map(weighted, weights, points))}) / {double(sum(weights))}"
    total = " + ".join(weighted(w, f"coalesce({p}, 0e0)") for w, p in zip(weights, points))
    covered = " + ".join(f"if({p} is null, 0e0, {double(w)})" for w, p in zip(weights, points))
    return f"coalesce(\n            {usual},\n            {mean(total, f'({covered})', form.need(parts))}\n        )"


def levels(form, source, factors):
    """A common table expression for each level, from `source` up; `factors` gives those of the first, or none if it has them."""
    done = [] if factors else [f"points_{name(node['key'])}" for node in form.at("factor")]
    for level in LEVELS if factors else LEVELS[1:]:
        own = form.at(level)
        score = factors if level == "factor" else lambda node: upper(form, node)
        columns = ["organisation", "year", "round", *done]
        columns += [f"{score(node)} as points_{name(node['key'])}" for node in own]
        yield f"{level}_scores as (\n    select\n        {lines(columns)}\n    from {source}\n)"
        source = f"{level}_scores"
        done += [f"points_{name(node['key'])}" for node in own]


def script(form, title, purpose, expressions):
    """From common table expressions that end with `index_scores`, a row per respondent, to organisations' scores."""
    keys = [node["key"] for node in form.nodes]
    sums = []
    for key in map(name, keys):
        sums.append(f"sum((points_{key} * 1e6 + {TO_INTEGER}) - {TO_INTEGER}) as sum_{key}")
        sums.append(f"count(points_{key}) as scored_{key}")
    measures = [f"{{measure: '{key}', sum: sum_{name(key)}::bigint, scored: scored_{name(key)}}}" for key in keys]
    covered = [f"scored_{name(key)}" for key in keys]
    body = lines(expressions, 0)
    return f"""\
-- name: peers/{title}
-- purpose: {purpose}
-- input: answers
-- result: organisation_scores, as sql/score defines it
-- Written by `python benches/peers.py generate` from schemas/instrument/{INSTRUMENT}.toml; do not edit.

create or replace temp table organisation_scores as
with {body},
organisation_sums as (
    select
        organisation,
        year,
        round,
        count(*) as respondents,
        {lines(sums)}
    from index_scores
    group by organisation, year, round
),
latest as (
    select *
    from organisation_sums
    qualify round = max(round) over (partition by organisation, year)
),
measures as (
    select organisation, year, respondents, unnest([
        {lines(measures)}
    ], recursive := true)
    from latest
    where least(
        {lines(covered)}
    ) >= {form.respondents_min}
)
select
    organisation,
    year,
    measure,
    sum // scored
        + case
            when 2 * (sum % scored) > scored then 1
            when 2 * (sum % scored) = scored and (sum // scored) % 2 = 1 then 1
            else 0
        end as score,
    respondents
from measures;
"""


def cells(form):
    last = 100 // form.histogram_step - 1
    width = form.histogram_step * 1_000_000
    return f"""\
-- name: peers/cells
-- purpose: the bench `scores`, from organisations' scores to the sums of cells; the same for every layout
-- input: organisation_scores, memberships (group_id, organisation, year), panels (the same)
-- result: cells, classes, matched, as sql/cube defines them
-- Written by `python benches/peers.py generate` from schemas/disclosure.toml; do not edit.

create or replace temp table cells as
select
    m.group_id,
    s.year,
    s.measure,
    count(*) as organisations,
    sum(s.score) as sum,
    case when count(s.respondents) = count(*) then sum(s.respondents) end as respondents
from organisation_scores as s
join memberships as m on m.organisation = s.organisation and m.year = s.year
group by m.group_id, s.year, s.measure;

create or replace temp table classes as
select m.group_id, s.year, s.measure, least(s.score // {width}, {last}) as class, count(*) as organisations
from organisation_scores as s
join memberships as m on m.organisation = s.organisation and m.year = s.year
group by m.group_id, s.year, s.measure, class;

create or replace temp table matched as
select p.group_id, n.year, n.measure, count(*) as organisations, sum(n.score - b.score) as sum_change
from organisation_scores as n
join organisation_scores as b on b.organisation = n.organisation and b.measure = n.measure and b.year = n.year - 1
join panels as p on p.organisation = n.organisation and p.year = n.year
group by p.group_id, n.year, n.measure;
"""


def wide(form):
    purpose = "the bench `scores` on wide microdata: a row per respondent, a column per question"
    return script(form, "scores_wide", purpose, levels(form, "answers", lambda node: factor_of_columns(form, node)))


def long_plain(form):
    """As one would write it: a group for each respondent and factor, and then a column for each factor."""
    rows = []
    for question in form.questions:
        a, b = form.line(question)
        rows.append(f"('{question['key']}', '{question['node']}', {a}, {b}, {int(form.weight(question))})")
    points = []
    for node in form.at("factor"):
        need = form.need(form.parts(node))
        condition = f"factor = '{node['key']}' and covered >= {need}"
        points.append(f"any_value({double(form.step)} * total / covered) filter ({condition}) as points_{name(node['key'])}")
    expressions = [
        f"questions(question, factor, a, b, weight) as (\n    values\n        {lines(rows)}\n)",
        """factors as (
    select
        organisation,
        year,
        round,
        respondent,
        factor,
        sum(a + b * value)::double as total,
        sum(weight)::double as covered
    from answers
    join questions using (question)
    group by organisation, year, round, respondent, factor
)""",
        f"""factor_scores as (
    select
        {lines(["organisation", "year", "round", *points])}
    from factors
    group by organisation, year, round, respondent
)""",
        *levels(form, "factor_scores", None),
    ]
    purpose = "the bench `scores` on a long layout, a row per answer, as one would write it"
    return script(form, "scores_long_plain", purpose, expressions)


def long(form):
    """As fast as we can: weighted steps and weights of all factors are digits of two whole numbers, so that two sums do."""
    factors = form.at("factor")
    weights = [int(sum(map(form.weight, form.parts(node)))) for node in factors]
    total_bits = (max(weights) * (form.high - form.low)).bit_length()
    covered_bits = max(weights).bit_length()
    bits = total_bits + covered_bits
    fields = 62 // bits
    words = range(-(-len(factors) // fields))
    place = {node["key"]: (at // fields, bits * (at % fields)) for at, node in enumerate(factors)}
    rows = []
    for question in form.questions:
        a, b = form.line(question)
        own, shift = place[question["node"]]
        a = (a + (int(form.weight(question)) << total_bits)) << shift
        b = b << shift
        rows.append(f"('{question['key']}', " + ", ".join(f"{a}, {b}" if own == at else "0, 0" for at in words) + ")")
    points = []
    for node in factors:
        own, shift = place[node["key"]]
        total = f"{double(form.step)} * ((word_{own} >> {shift}) & {(1 << total_bits) - 1})::double"
        covered = f"((word_{own} >> {shift + total_bits}) & {(1 << covered_bits) - 1})::double"
        points.append(f"{mean(total, covered, form.need(form.parts(node)))} as points_{name(node['key'])}")
    named = ", ".join(f"a_{at}, b_{at}" for at in words)
    sums = [f"sum(a_{at}::bigint + b_{at}::bigint * value)::bigint as word_{at}" for at in words]
    # an organisation and a round are the respondent's, so they need no place in the key
    columns = ["any_value(organisation) as organisation", "year", "any_value(round) as round", *sums]
    expressions = [
        f"questions(question, {named}) as (\n    values\n        {lines(rows)}\n)",
        f"""respondents as (
    select
        {lines(columns)}
    from answers
    join questions using (question)
    group by year, respondent
)""",
        f"factor_scores as (\n    select\n        {lines(['organisation', 'year', 'round', *points])}\n    from respondents\n)",
        *levels(form, "factor_scores", None),
    ]
    purpose = "the bench `scores` on a long layout, a row per answer, with few groups and few sums"
    return script(form, "scores_long", purpose, expressions)


def generated():
    form = Questionnaire()
    texts = {
        "scores_wide.sql": wide(form),
        "scores_long.sql": long(form),
        "scores_long_plain.sql": long_plain(form),
        "cells.sql": cells(form),
    }
    return {ROOT / "benches" / "sql" / file: text for file, text in texts.items()}


# ---------------------------------------------------------------------------------------------------- answering requests

RESULTS = {
    "cells": (["group_id", "year", "measure"], ["organisations", "sum", "respondents"]),
    "classes": (["group_id", "year", "measure", "class"], ["organisations"]),
    "matched": (["group_id", "year", "measure"], ["organisations", "sum_change"]),
}


class Peer:
    """One connection, and the requests that it answers."""

    def __init__(self, threads, folder):
        import duckdb

        self.version = duckdb.__version__
        self.folder = pathlib.Path(folder)
        self.connection = duckdb.connect(config={"threads": threads, "temp_directory": str(self.folder / "spill")})

    def timed(self, sql):
        started = time.perf_counter()
        self.connection.execute(sql)
        return {"seconds": time.perf_counter() - started}

    def rows(self, sql, parameters=()):
        return self.connection.execute(sql, parameters).fetchall()

    def hello(self):
        stale = [str(path.relative_to(ROOT)) for path, text in generated().items() if path.read_text() != text]
        return {"version": self.version, "stale": stale}

    def ingest(self, csv, parquet):
        pathlib.Path(parquet).unlink(missing_ok=True)
        return self.timed(f"copy (from read_csv('{csv}')) to '{parquet}' (format parquet)")

    def compare_ingest(self, ours, parquet, questions):
        """Rows, and for each question how many answers there are and their sum; a reason for a gap is no answer."""
        sums = [f"count(try_cast({q} as tinyint)), sum(try_cast({q} as tinyint))" for q in questions]
        columns = f"count(*), {', '.join(sums)}"
        one, other = (self.rows(f"select {columns} from read_parquet({files})")[0] for files in (ours, [parquet]))
        different = {questions[(at - 1) // 2] for at in range(1, len(one)) if one[at] != other[at]}
        return {"rows": [one[0], other[0]], "different": sorted(different)}

    def open(self, view, files):
        """Makes Parquet files a view; a folder `year=2020` gives its files that year."""
        has_year = all("/year=" in file for file in files)
        columns = "* replace (year::smallint as year)" if has_year else "*"
        source = f"read_parquet({files}, hive_partitioning = {str(has_year).lower()})"
        self.connection.execute(f"create or replace view {view} as select {columns} from {source}")
        return {"rows": self.rows(f"select count(*) from {view}")[0][0]}

    def lengthen(self, files, to):
        """Writes wide microdata as a row per answer. Respondents become numbers, which favours the long layout."""
        columns = ", ".join(question["key"] for question in Questionnaire().questions)
        written = []
        for at, file in enumerate(files):
            year = next(part for part in pathlib.Path(file).parts if part.startswith("year="))
            target = pathlib.Path(to) / year / f"{at}.parquet"
            target.parent.mkdir(parents=True, exist_ok=True)
            numbered = f"select organisation, {at} * 10000000 + row_number() over () as respondent, round, {columns}"
            self.connection.execute(
                f"copy (select organisation, respondent, round, question, value"
                f" from ({numbered} from read_parquet('{file}', hive_partitioning = false))"
                f" unpivot (value for question in ({columns}))) to '{target}' (format parquet, compression zstd)"
            )
            written.append(str(target))
        return {"files": written}

    def scores(self, script):
        folder = ROOT / "benches" / "sql"
        return self.timed((folder / script).read_text() + (folder / "cells.sql").read_text())

    def compare_scores(self, ours):
        """How many rows differ from ours in any value, or are missing on either side, and the largest difference."""
        answer = {}
        for table, (keys, values) in RESULTS.items():
            file = pathlib.Path(ours) / f"{table}.parquet"
            unequal = " or ".join(f"a.{value} is distinct from b.{value}" for value in values)
            missing = f"a.{values[0]} is null or b.{values[0]} is null"
            largest = ", ".join(f"max(abs(a.{value} - b.{value}))" for value in values)
            found = self.rows(
                f"select count(*), count(*) filter ({unequal} or {missing}), greatest({largest}, 0)::bigint"
                f" from {table} as a full join read_parquet('{file}') as b using ({', '.join(keys)})"
            )[0]
            answer[table] = {"rows": found[0], "different": found[1], "largest": found[2]}
        return answer


    def load(self, files, views):
        """Tables in memory, and views over them, in a schema of their own."""
        self.connection.execute("create or replace schema published")
        self.connection.execute("set schema = 'published'")
        for table, file in files:
            self.connection.execute(f"create table {table} as from read_parquet('{file}')")
        for view, sql in views:
            self.connection.execute(f"create view {view} as {sql}")
        return {}

    def queries(self, texts, connections, seconds):
        """Queries in turn on several connections, each in a thread of its own, with rows handed over: median and rate."""
        # a thread that waits for its turn in Python waits for a tenth of what is usual
        sys.setswitchinterval(0.0005)
        until = time.perf_counter() + seconds

        def ask(first):
            cursor = self.connection.cursor()
            cursor.execute("set schema = 'published'")
            at, took = first, []
            while (begun := time.perf_counter()) < until:
                cursor.execute(texts[at % len(texts)]).fetchall()
                took.append(time.perf_counter() - begun)
                at += connections
            return took

        with concurrent.futures.ThreadPoolExecutor(connections) as pool:
            took = sorted(second for own in pool.map(ask, range(connections)) for second in own)
        return {"median_ms": took[len(took) // 2] * 1e3, "per_second": len(took) / seconds}


def main():
    if sys.argv[1:] == ["generate"]:
        for path, text in generated().items():
            path.write_text(text)
        return
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    peer = Peer(int(sys.argv[1]), sys.argv[2])
    for line in sys.stdin:
        request = json.loads(line)
        try:
            answer = getattr(peer, request.pop("do"))(**request)
        except Exception as error:
            answer = {"error": f"{type(error).__name__}: {error}"}
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main()
