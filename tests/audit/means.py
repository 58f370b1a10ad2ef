"""Recomputes every number of `figures`, `blocks` and `changes` from the private Parquet with DuckDB, and compares; any difference fails."""

from opened import arguments, fail, open_stores
from scored import score

# columns of each published table: first its key, then what is recomputed
KEY = ["instrument", "indicator", "group_id", "year"]
FIGURES = [
    "status", "mean", "mean_bound", "organisations", "respondents", "lower_quartile", "median", "upper_quartile", "series",
]
BLOCKS = ["class_to", "organisations"]
CHANGES = ["status", "change", "organisations_matched", "change_matched", "change_composition"]


def prepare(connection, policy):
    """Tables that several questions need: the policy, members with scores, sums, blocks."""
    low, high = policy["mean_ends"]
    connection.execute(
        f"create table policy as select {low} as low, {high} as high, {policy['mean_step']} as step,"
        f" {policy['histogram_step']} as width, {policy['quantile_step']} as quantile_step,"
        f" {policy['min_respondents_cell']} as respondents_cell"
    )
    connection.execute("""
        create table size as
        select instrument, year, group_id, count(*) as members from published.group_members group by all;

        create table cell as
        select m.instrument, m.year, m.group_id, s.measure as indicator,
            count(*) as organisations, cast(sum(s.score) as bigint) as total
        from published.group_members as m
        join scores as s on s.instrument = m.instrument and s.year = m.year and s.organisation = m.organisation
        group by all;

        -- of two groups of a year, how many members they share
        create table shared as
        select a.instrument, a.year, a.group_id as whole, b.group_id as part, count(*) as members
        from published.group_members as a
        join published.group_members as b
            on b.instrument = a.instrument and b.year = a.year and b.organisation = a.organisation
        group by all;

        create table within as
        select h.instrument, h.year, h.whole, h.part, w.members as whole_members, p.members as part_members
        from shared as h
        join size as w on w.instrument = h.instrument and w.year = h.year and w.group_id = h.whole
        join size as p on p.instrument = h.instrument and p.year = h.year and p.group_id = h.part
        where h.members = p.members;

        -- blocks: groups with a distribution within which there is no smaller one; of equal ones the first by name
        create table block as
        select w.instrument, w.year, w.whole as group_id
        from within as w
        join published.groups as gw on gw.instrument = w.instrument and gw.group_id = w.whole and gw.histogram
        join published.groups as gp on gp.instrument = w.instrument and gp.group_id = w.part and gp.histogram
        group by w.instrument, w.year, w.whole, w.whole_members
        having min(w.part_members) = w.whole_members and min(w.part) = w.whole;

        -- by how much a coded block's mean lies beyond the end, times its organisations: what nothing may show of it
        create table beyond as
        select c.instrument, c.year, c.group_id, c.indicator, c.organisations,
            least(greatest(c.total, p.low * 1000000 * c.organisations), p.high * 1000000 * c.organisations) - c.total as total
        from cell as c
        join block as b on b.instrument = c.instrument and b.year = c.year and b.group_id = c.group_id
        cross join policy as p;

        -- every group's sum with each coded block's members moved together until their mean is at the end
        create table held as
        select c.instrument, c.year, c.group_id, c.indicator, c.organisations,
            c.total + coalesce(sum(half_even(cast(h.members * o.total as double) / o.organisations)), 0) as total
        from cell as c
        left join shared as h on h.instrument = c.instrument and h.year = c.year and h.whole = c.group_id
            and exists (from block as b where b.instrument = h.instrument and b.year = h.year and b.group_id = h.part)
        left join beyond as o on o.instrument = c.instrument and o.year = c.year and o.group_id = h.part
            and o.indicator = c.indicator
        group by c.instrument, c.year, c.group_id, c.indicator, c.organisations, c.total;
    """)


def figures(connection):
    """Table `figures_again`: every group-year and measure that should be shown."""
    connection.execute("""
        -- sectors and years with distributions; whether those without are rightly so is the question of `anonymity.py`
        create table distributed as
        select distinct b.instrument, b.year, g.sector
        from published.blocks as b
        join published.groups as g on g.instrument = b.instrument and g.group_id = b.group_id
        where g.sector is not null;

        create table without_distribution as
        select s.instrument, s.year, g.sector
        from size as s
        join published.groups as g on g.instrument = s.instrument and g.group_id = s.group_id and g.kind = 'sector'
        anti join distributed as d on d.instrument = s.instrument and d.year = s.year and d.sector = g.sector;

        create table classes as
        select m.instrument, s.measure as indicator, m.group_id, m.year, r.class * p.width as class_from,
            (r.class + 1) * p.width as class_to,
            count(*) filter (least(s.score // (p.width * 1000000), 100 // p.width - 1) = r.class) as organisations
        from published.group_members as m
        join published.groups as g on g.instrument = m.instrument and g.group_id = m.group_id and g.histogram
        join scores as s on s.instrument = m.instrument and s.year = m.year and s.organisation = m.organisation
        cross join policy as p
        cross join (select unnest(range(100)) as class) as r
        where r.class < 100 // p.width
            and not exists (
                from without_distribution as w
                where w.instrument = m.instrument and w.year = m.year and (g.sector is null or w.sector = g.sector)
            )
        group by all;

        create table quantiles as
        with running as (
            select *, sum(organisations) over upto - organisations as below, sum(organisations) over everything as total
            from classes
            window upto as (partition by instrument, indicator, group_id, year order by class_from),
                everything as (partition by instrument, indicator, group_id, year)
        ),
        placed as (
            select r.*, q.quarter,
                r.class_from + (r.class_to - r.class_from) * (r.total * q.quarter / 4.0 - r.below) / r.organisations as position
            from running as r cross join (select unnest([1, 2, 3]) as quarter) as q
            where r.organisations > 0 and (r.below + r.organisations) * 4 >= r.total * q.quarter
            qualify row_number() over (
                partition by r.instrument, r.indicator, r.group_id, r.year, q.quarter order by r.class_from) = 1
        ),
        written as (
            select l.*, half_even(l.position / p.quantile_step) * p.quantile_step as quantile from placed as l cross join policy as p
        )
        select instrument, indicator, group_id, year,
            max(quantile) filter (quarter = 1) as lower_quartile,
            max(quantile) filter (quarter = 2) as median,
            max(quantile) filter (quarter = 3) as upper_quartile
        from written group by all;

        create table counted as
        with people as (
            select distinct instrument, year, organisation, respondents from scores
        )
        select m.instrument, m.year, m.group_id,
            case when bool_and(p.respondents is not null) then cast(sum(p.respondents) as bigint) end as respondents
        from published.group_members as m
        join people as p on p.instrument = m.instrument and p.year = m.year and p.organisation = m.organisation
        group by all;

        create table respondents_shown as
        select c.instrument, c.year, c.group_id, (c.respondents + 5) // 10 * 10 as respondents
        from counted as c cross join policy as p
        where c.respondents >= p.respondents_cell and not exists (
            from within as w
            join counted as o on o.instrument = w.instrument and o.year = w.year and o.group_id = w.part
            where w.instrument = c.instrument and w.year = c.year and w.whole = c.group_id
                and w.part_members < w.whole_members
                and o.respondents >= p.respondents_cell and c.respondents - o.respondents < p.respondents_cell
        );

        create table figures_again as
        with mean as (
            select c.instrument, c.indicator, c.group_id, c.year, c.organisations,
                cast(c.total as double) / (c.organisations * 1e6) as points
            from held as c
        )
        select m.instrument, m.indicator, m.group_id, m.year,
            if((m.instrument, m.group_id, m.year) in (from frozen), 'frozen', 'ok') as status,
            case when m.points <= p.low then p.low when m.points >= p.high then p.high
                else greatest(p.low, least(p.high, half_even(m.points / p.step) * p.step)) end as mean,
            case when m.points <= p.low then 'le' when m.points >= p.high then 'ge' end as mean_bound,
            m.organisations, r.respondents, q.lower_quartile, q.median, q.upper_quartile, v.series
        from mean as m
        cross join policy as p
        join version as v on v.instrument = m.instrument and m.year between v.year_from and v.year_to
        left join respondents_shown as r on r.instrument = m.instrument and r.year = m.year and r.group_id = m.group_id
        left join quantiles as q on q.instrument = m.instrument and q.indicator = m.indicator and q.year = m.year
            and q.group_id = m.group_id;
    """)


def changes(connection):
    """Table `changes_again`: published differences, and those of the organisations in both years."""
    connection.execute("""
        -- whole sectors, where the release shows such a change at all
        create table sector_panel as
        select now.instrument, now.group_id, now.year, now.organisation
        from published.group_members as now
        join published.group_members as before on before.instrument = now.instrument and before.group_id = now.group_id
            and before.organisation = now.organisation and before.year = now.year - 1
        where exists (
            from published.changes as c
            where c.instrument = now.instrument and c.group_id = now.group_id and c.year = now.year
                and c.organisations_matched is not null
        ) and now.group_id <> 'all';

        -- of all together those sectors count that show their own
        create table panel as
        select instrument, group_id, year, organisation from sector_panel
        union all
        select instrument, 'all', year, organisation from sector_panel;

        -- how many of a panel are in each block of the year (now) and of the year before
        create table panel_part as
        select p.instrument, p.group_id, p.year, m.year as block_year, m.group_id as part, count(*) as members
        from panel as p
        join published.group_members as m on m.instrument = p.instrument and m.organisation = p.organisation
            and m.year in (p.year, p.year - 1)
        join block as b on b.instrument = m.instrument and b.year = m.year and b.group_id = m.group_id
        group by all;

        create table panel_beyond as
        select q.instrument, q.group_id, q.year, o.indicator,
            sum(case when q.block_year = q.year then 1 else -1 end
                * half_even(cast(q.members * o.total as double) / o.organisations)) as total
        from panel_part as q
        join beyond as o on o.instrument = q.instrument and o.year = q.block_year and o.group_id = q.part
        group by all;

        create table matched as
        select p.instrument, p.group_id, p.year, now.measure as indicator, count(*) as organisations,
            half_even(cast(sum(now.score - before.score) + coalesce(any_value(o.total), 0) as double) / (count(*) * 1e6)) as change
        from panel as p
        join scores as now on now.instrument = p.instrument and now.year = p.year and now.organisation = p.organisation
        join scores as before on before.instrument = p.instrument and before.year = p.year - 1
            and before.organisation = p.organisation and before.measure = now.measure
        left join panel_beyond as o on o.instrument = p.instrument and o.group_id = p.group_id and o.year = p.year
            and o.indicator = now.measure
        group by all;

        create table changes_again as
        with pair as (
            select now.instrument, now.indicator, now.group_id, now.year, now.mean - before.mean as difference,
                now.series = before.series as comparable, now.status as now_status, before.status as before_status,
                now.mean_bound is null and before.mean_bound is null as exact
            from figures_again as now
            join figures_again as before on before.instrument = now.instrument and before.indicator = now.indicator
                and before.group_id = now.group_id and before.year = now.year - 1
        )
        select p.instrument, p.indicator, p.group_id, p.year,
            case when not comparable then 'not-comparable' when not exact then 'not-applicable'
                when 'frozen' in (now_status, before_status) then 'frozen' else 'ok' end as status,
            case when comparable and exact then difference end as change,
            case when comparable then m.organisations end as organisations_matched,
            case when comparable and exact then m.change end as change_matched,
            case when comparable and exact then difference - m.change end as change_composition
        from pair as p
        left join matched as m on m.instrument = p.instrument and m.indicator = p.indicator and m.year = p.year
            and m.group_id = p.group_id
    """)


def compare(connection, published, again, key, columns):
    """Rows compared; ends the judge at any difference, on either side."""
    wrong = " or ".join(f"p.{column} is distinct from a.{column}" for column in columns)
    names = ", ".join(f"coalesce(p.{column}, a.{column})" for column in key)
    shown = ", ".join(f"p.{column}, a.{column}" for column in columns)
    equal = " and ".join(f"p.{column} = a.{column}" for column in key)
    joined = f"from {published} as p full join {again} as a on {equal}"
    differing = connection.execute(
        f"select {names}, p.{key[0]} is null, a.{key[0]} is null, {shown} {joined}"
        f" where p.{key[0]} is null or a.{key[0]} is null or {wrong} order by all"
    ).fetchall()
    if differing:
        lines = [f"{len(differing)} rows of {published} differ; the first of them:"]
        for row in differing[:10]:
            name, (absent, extra), values = row[: len(key)], row[len(key) : len(key) + 2], row[len(key) + 2 :]
            pairs = [f"{c} {values[2 * i]} for {values[2 * i + 1]}" for i, c in enumerate(columns)
                     if values[2 * i] != values[2 * i + 1]]
            what = "is not published" if absent else "should not be published" if extra else ", ".join(pairs)
            lines.append(f"  {' '.join(map(str, name))}: {what}")
        fail("means", "\n".join(lines))
    [(count,)] = connection.execute(f"select count(*) from {published}").fetchall()
    return count


def structure(connection):
    """What must hold of the tables beside their numbers; each query finds what breaks a rule."""
    rules = {
        "a member of a group has no score":
            "from published.group_members as m where not exists (from scores as s where s.instrument = m.instrument"
            " and s.year = m.year and s.organisation = m.organisation)",
        "a group's members are listed twice":
            "from published.group_members group by instrument, group_id, year, organisation having count(*) > 1",
        "a union is not made of whole blocks":
            "from size as s join published.groups as g on g.instrument = s.instrument and g.group_id = s.group_id and g.histogram"
            " left join (select distinct instrument, year, group_id, organisations from held) as h on h.instrument = s.instrument"
            " and h.year = s.year and h.group_id = s.group_id where h.organisations is distinct from s.members",
        "a sector's figure leaves out an organisation that counts":
            "from scores as s join published.organisations as o on o.organisation = s.organisation"
            " join size as z on z.instrument = s.instrument and z.year = s.year and z.group_id = 'sector:' || o.sector"
            " where not exists (from published.group_members as m where m.instrument = s.instrument and m.year = s.year"
            " and m.group_id = z.group_id and m.organisation = s.organisation)",
        "a group is shown for a year and withheld for it":
            "from published.figures where status = 'withheld' and exists (from size as s where s.instrument = figures.instrument"
            " and s.year = figures.year and s.group_id = figures.group_id)",
        "a withheld cell holds a number, or does not say what answers for it":
            "from published.figures as f where status = 'withheld' and (mean is not null or mean_bound is not null"
            " or organisations is not null or respondents is not null or lower_quartile is not null or median is not null"
            " or upper_quartile is not null or not exists (from size as s where s.instrument = f.instrument"
            " and s.year = f.year and s.group_id = f.answers_with))",
        "a cell that is shown says that another answers for it":
            "from published.figures where status = 'ok' and answers_with is not null",
        "a matched change is shown for another group than a sector or all of them":
            "from published.changes as c join published.groups as g on g.instrument = c.instrument and g.group_id = c.group_id"
            " where g.kind not in ('sector', 'all') and c.organisations_matched is not null",
    }
    for rule, query in rules.items():
        broken = connection.execute(f"select * {query}" if " group by " not in query else f"select count(*) {query}").fetchall()
        if broken:
            fail("means", f"{rule}: {len(broken)} rows, such as {broken[0]}")


def waiting(stores):
    """Table `frozen`: instrument, group and year of figures in which somebody waits for more corrections."""
    connection = stores.connection
    connection.execute("create table waiting (instrument text, organisation text, year int)")
    for instrument, many in stores.waiting.items():
        rows = [[instrument, organisation, own["year"]] for own in many for organisation in own["organisations"]]
        if rows:
            connection.executemany("insert into waiting values (?, ?, ?)", rows)
    # who waits to join is in no group yet, and is one of its sector all the same
    connection.execute("""
        create table frozen as
        select m.instrument, m.group_id, m.year
        from published.group_members as m join waiting using (instrument, organisation, year)
        union
        select instrument, unnest(['all', 'sector:' || split_part(organisation, '-', 1)]), year from waiting
    """)


def main():
    """Compares everything."""
    stores = open_stores("means", arguments(__doc__))
    connection = stores.connection
    found = score(stores)
    waiting(stores)
    prepare(connection, stores.policy)
    figures(connection)
    changes(connection)
    structure(connection)
    connection.execute("create view shown as from published.figures where status != 'withheld'")
    means = compare(connection, "shown", "figures_again", KEY, FIGURES)
    classes = compare(connection, "published.blocks", "classes", [*KEY, "class_from"], BLOCKS)
    differences = compare(connection, "published.changes", "changes_again", KEY, CHANGES)
    [(coded, withheld, matched)] = connection.execute(
        "select (select count(*) from shown where mean_bound is not null),"
        " (select count(*) from published.figures where status = 'withheld'),"
        " (select count(*) from published.changes where change_matched is not null)"
    ).fetchall()
    if means == 0:
        fail("means", "there is no mean to compare")
    print(
        f"means: ok, {means} means ({coded} coded at an end), {classes} histogram classes, {differences} changes ({matched} matched)"
        f" recomputed from {found['respondents']} respondents' {found['answers']} answers ({found['near_ties']} of their scores"
        f" near a tie of rounding) and {found['scores']} organisations' scores; {withheld} withheld cells hold no number; no difference"
    )


if __name__ == "__main__":
    main()
