"""Scores organisations from the private Parquet and the instruments' definitions, long and in DuckDB; it shares no code and no layout with the program that it judges."""

from opened import LAST_YEAR

# whose rows of a receipt count: some wait for more corrections, and come from an earlier receipt
COUNTS = "coalesce(list_contains(cast(? as text[]), organisation), true) and not list_contains(cast(? as text[]), organisation)"


def score(stores):
    """Creates `scores`: instrument, year, organisation, measure, score (millionths of a point), respondents; returns counts."""
    connection = stores.connection
    define(connection, stores.instruments)
    answers(connection, stores)
    reported(connection, stores)
    respondents(connection)
    organisations(connection, stores.policy["min_respondents_organisation"])
    counts = {
        "respondents": "respondent",
        "answers": "answer where answer is not null",
        "scores": "scores",
        # where the order of a sum of doubles could turn a rounding
        "near_ties": "node_score where abs(points * 1e6 - floor(points * 1e6) - 0.5) < 1e-6",
    }
    return {name: connection.execute(f"select count(*) from {rows}").fetchall()[0][0] for name, rows in counts.items()}


def define(connection, instruments):
    """Tables of definitions: instrument, version, node, question."""
    connection.execute("""
        create table instrument (instrument text, answered_by text, coverage_min double);
        create table version (instrument text, version text, year_from int, year_to int, series text);
        create table node (instrument text, node text, parent text, weight double, depth int);
        create table question (instrument text, question text, node text, weight double, direction text,
            lowest int, highest int, roles text[], versions text[]);
    """)
    for key, own in instruments.items():
        connection.execute("insert into instrument values (?, ?, ?)", [key, own["answered_by"], own["score"]["coverage_min"]])
        for version in own["version"]:
            years = [version["year_from"], version.get("year_to", LAST_YEAR)]
            connection.execute("insert into version values (?, ?, ?, ?, ?)", [key, version["id"], *years, version["series"]])
        depth = {}
        for node in own["node"]:
            depth[node["key"]] = depth[node["parent"]] + 1 if "parent" in node else 0
            row = [key, node["key"], node.get("parent"), node.get("weight", 1.0), depth[node["key"]]]
            connection.execute("insert into node values (?, ?, ?, ?, ?)", row)
        points = {scale["key"]: [label["value"] for label in scale["labels"]] for scale in own["scale"]}
        for question in own["question"]:
            scale = points[question["scale"]]
            row = [key, question["key"], question["node"], question.get("weight", 1.0), question["direction"]]
            row += [min(scale), max(scale), question.get("roles", []), question.get("versions", [])]
            connection.execute("insert into question values (?, ?, ?, ?, ?, ?, ?, ?, ?)", row)


def answers(connection, stores):
    """Tables `respondent` (a row each) and `answer` (a row per respondent and question, null where there is none)."""
    connection.execute("""
        create sequence respondents;
        create table respondent (id bigint, instrument text, year int, organisation text, round int, role text);
        create table answer (id bigint, question text, answer int);
    """)
    for receipt in stores.receipts:
        if receipt["kind"] != "answers" or not receipt["paths"]:
            continue
        paths = [str(path) for path in receipt["paths"]]
        connection.execute(
            f"create or replace temp table wide as select nextval('respondents') as id, * from read_parquet(?) where {COUNTS}",
            [paths, receipt["only"], receipt["left_out"]],
        )
        connection.execute(
            "insert into respondent select id, ?, ?, organisation, round, role from wide",
            [receipt["instrument"], receipt["year"]],
        )
        keys = [question["key"] for question in stores.instruments[receipt["instrument"]]["question"]]
        columns = ", ".join(f'"{key}"' for key in keys)
        connection.execute(f"""
            insert into answer
            select id, question, answer
            from (select id, {columns} from wide) unpivot include nulls (answer for question in ({columns}))
        """)


def reported(connection, stores):
    """Table `reported`: scores that organisations gave themselves."""
    connection.execute(
        "create table reported"
        " (instrument text, year int, round int, organisation text, measure text, score bigint, respondents int)"
    )
    for receipt in stores.receipts:
        if receipt["kind"] == "scores" and receipt["paths"]:
            connection.execute(
                "insert into reported select ?, ?, ?, organisation, measure, score, respondents from read_parquet(?)"
                f" where {COUNTS}",
                [
                    receipt["instrument"], receipt["year"], receipt["round"], [str(path) for path in receipt["paths"]],
                    receipt["only"], receipt["left_out"],
                ],
            )


def respondents(connection):
    """Table `node_score`: a row per respondent and node, in points; null where less than the coverage asked for is answered."""
    connection.execute("""
        create table node_score as
        with piece as (
            select r.id, r.instrument, q.node, q.weight,
                len(q.roles) = 0 or coalesce(list_contains(q.roles, r.role), false) as asked,
                100.0 * (case q.direction when 'burdening' then q.highest - a.answer else a.answer - q.lowest end)
                    / (q.highest - q.lowest) as points
            from respondent as r
            join answer as a on a.id = r.id
            join version as v on v.instrument = r.instrument and r.year between v.year_from and v.year_to
            join question as q on q.instrument = r.instrument and q.question = a.question
                and (len(q.versions) = 0 or list_contains(q.versions, v.version))
        ),
        leaf as (
            select id, instrument, node,
                sum(weight) filter (points is not null) as covered,
                coalesce(sum(weight) filter (asked), 0) as asked,
                fsum(weight * points) as total
            from piece group by id, instrument, node
        )
        select l.id, l.instrument, l.node, case when covered >= i.coverage_min * asked then total / covered end as points
        from leaf as l join instrument as i on i.instrument = l.instrument
    """)
    [(deepest,)] = connection.execute("select max(depth) from node").fetchall()
    for depth in range(deepest - 1, -1, -1):
        connection.execute("""
            insert into node_score
            with family as (
                select s.id, p.instrument, p.node,
                    sum(c.weight) as asked,
                    sum(c.weight) filter (s.points is not null) as covered,
                    fsum(c.weight * s.points) as total
                from node as p
                join node as c on c.instrument = p.instrument and c.parent = p.node
                join node_score as s on s.instrument = c.instrument and s.node = c.node
                where p.depth = ?
                group by s.id, p.instrument, p.node
            )
            select f.id, f.instrument, f.node, case when covered >= i.coverage_min * asked then total / covered end
            from family as f join instrument as i on i.instrument = f.instrument
        """, [depth])


def organisations(connection, respondents_min):
    """Table `scores`: organisations whose whole tree is covered in their latest round, or that reported all of it in that round."""
    connection.execute("""
        create table turnout as
        with round as (
            select instrument, year, organisation, round from respondent
            union
            select instrument, year, organisation, round from reported
        )
        select instrument, year, organisation, max(round) as round,
            case i.answered_by when 'respondents' then cast(? as int) else 1 end as respondents_min
        from round join instrument as i using (instrument)
        group by all
    """, [respondents_min])
    connection.execute("""
        create table scores as
        with answered as (
            select l.instrument, l.year, l.organisation, s.node as measure,
                count(*) as present,
                count(s.points) as scored,
                sum(cast(half_even(s.points * 1e6) as bigint)) as total
            from respondent as l
            join turnout as t using (instrument, year, organisation, round)
            join node_score as s on s.id = l.id
            group by l.instrument, l.year, l.organisation, s.node
        ),
        whole as (
            select a.instrument, a.year, a.organisation
            from answered as a join turnout as t using (instrument, year, organisation)
            group by all
            having min(a.scored) >= min(t.respondents_min)
        ),
        computed as (
            select a.instrument, a.year, a.organisation, a.measure,
                cast(half_even(cast(a.total as double) / a.scored) as bigint) as score,
                case i.answered_by when 'respondents' then a.present end as respondents
            from answered as a
            join whole as w on w.instrument = a.instrument and w.year = a.year and w.organisation = a.organisation
            join instrument as i on i.instrument = a.instrument
        ),
        candidate as (
            select r.instrument, r.year, r.organisation, list(distinct r.measure) as measures
            from reported as r join turnout as t using (instrument, year, organisation, round)
            anti join whole as w on w.instrument = r.instrument and w.year = r.year and w.organisation = r.organisation
            group by r.instrument, r.year, r.organisation
            having bool_and(coalesce(r.respondents >= t.respondents_min, true))
        ),
        asked as (
            select instrument, year, list_distinct(flatten(list(measures))) as measures
            from (
                select instrument, year, measures from candidate
                union all
                select instrument, year, list(measure) from computed group by instrument, year
            )
            group by instrument, year
        )
        select * from computed
        union all
        select r.instrument, r.year, r.organisation, r.measure, r.score, r.respondents
        from reported as r
        join turnout as t using (instrument, year, organisation, round)
        join candidate as c on c.instrument = r.instrument and c.year = r.year and c.organisation = r.organisation
        join asked as a on a.instrument = r.instrument and a.year = r.year and len(a.measures) = len(c.measures)
    """)
