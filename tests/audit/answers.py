"""Recomputes the table `answers_by_group` from the private Parquet with DuckDB: who has a role, how they answer, and that no few organisations are left over."""

from opened import arguments, fail, open_stores
from scored import score


def roles(connection, policy):
    """Tables `value` (an organisation's mean answer by role and question, millionths of a per cent) and `has` (who has a role)."""
    connection.execute(f"""
        create table asked as
        select v.instrument, y.year, q.question, q.roles, q.direction, q.lowest, q.highest
        from version as v
        join (select distinct instrument, year from respondent) as y
            on y.instrument = v.instrument and y.year between v.year_from and v.year_to
        join question as q on q.instrument = v.instrument and (len(q.versions) = 0 or list_contains(q.versions, v.version));

        -- everybody once by role, and once as `all`
        create table person as
        select r.id, r.instrument, r.year, r.organisation, unnest(['all'] || if(r.role is null, [], [r.role])) as role
        from respondent as r join turnout as t using (instrument, year, organisation, round);

        create table value as
        select p.instrument, p.year, p.organisation, p.role, a.question, count(*) as people, count(w.answer) as answered,
            cast(half_even(
                sum(case a.direction when 'burdening' then a.highest - w.answer else w.answer - a.lowest end)
                * 100000000.0 / (count(w.answer) * (a.highest - a.lowest))
            ) as bigint) as value
        from person as p
        join asked as a on a.instrument = p.instrument and a.year = p.year
            -- what is asked of some roles only is told for these alone
            and (len(a.roles) = 0 or list_contains(a.roles, p.role))
        join answer as w on w.id = p.id and w.question = a.question
        group by p.instrument, p.year, p.organisation, p.role, a.question, a.direction, a.lowest, a.highest;

        create table has as
        select instrument, year, organisation, role
        from value group by all
        having min(answered) > 0 and min(people) >= if(role = 'all', 1, {policy['min_respondents_role']});
    """)


def again(connection, policy):
    """Table `again`: what should be shown of every cell that is."""
    low, high = policy["mean_ends"]
    connection.execute(f"""
        create table cell as
        select m.instrument, v.question, v.role, m.group_id, m.year, count(*) as organisations, sum(v.value) as total
        from published.group_members as m
        join has as h on h.instrument = m.instrument and h.year = m.year and h.organisation = m.organisation
        join value as v on v.instrument = h.instrument and v.year = h.year and v.organisation = h.organisation and v.role = h.role
        join published.groups as g on g.instrument = m.instrument and g.group_id = m.group_id
            and g.kind in ('sector', 'skr-main-group')
        group by m.instrument, v.question, v.role, m.group_id, m.year;

        create table held as
        select c.*, g.kind, g.sector,
            least(greatest(c.total, {low} * 1000000 * c.organisations), {high} * 1000000 * c.organisations) - c.total as beyond
        from cell as c
        join published.groups as g on g.instrument = c.instrument and g.group_id = c.group_id
        join published.answers_by_group as a on a.instrument = c.instrument and a.question = c.question and a.role = c.role
            and a.group_id = c.group_id and a.year = c.year and a.status != 'withheld';

        create table again as
        select w.instrument, w.question, w.role, w.group_id, w.year, w.organisations,
            (w.total + coalesce(sum(p.beyond) filter (w.kind = 'sector'), 0)) / (w.organisations * 1000000.0) as mean
        from held as w
        left join held as p on p.instrument = w.instrument and p.question = w.question and p.role = w.role and p.year = w.year
            and p.sector = w.sector and p.kind = 'skr-main-group'
        group by w.instrument, w.question, w.role, w.group_id, w.year, w.organisations, w.total, w.kind;
    """)


def main():
    """Compares every cell."""
    stores = open_stores("answers", arguments(__doc__))
    connection, policy = stores.connection, stores.policy
    score(stores)
    roles(connection, policy)
    again(connection, policy)
    low, high = policy["mean_ends"]
    different = connection.execute(f"""
        select a.*, b.organisations, b.mean
        from (from published.answers_by_group where status != 'withheld') as a
        full join again as b using (instrument, question, role, group_id, year)
        where a.organisations is distinct from b.organisations
            or a.mean is distinct from case when b.mean <= {low} then {low} when b.mean >= {high} then {high}
                else cast(half_even(b.mean) as int) end
            or a.mean_bound is distinct from case when b.mean <= {low} then 'le' when b.mean >= {high} then 'ge' end
    """).fetchall()
    if different:
        fail("answers", f"{len(different)} cells differ, such as {different[0]}")
    least = policy["min_organisations_answers"]
    left = connection.execute(f"""
        with whole as (
            from again as a join published.groups as g using (instrument, group_id) where g.kind = 'sector'
        ),
        part as (
            from again as a join published.groups as g using (instrument, group_id) where g.kind = 'skr-main-group'
        )
        select w.instrument, w.question, w.role, w.group_id, w.year, w.organisations - coalesce(sum(p.organisations), 0) as remaining
        from whole as w
        left join part as p on p.instrument = w.instrument and p.question = w.question and p.role = w.role
            and p.year = w.year and p.sector = w.sector
        group by w.instrument, w.question, w.role, w.group_id, w.year, w.organisations
        having remaining between 1 and {least - 1}
    """).fetchall()
    if left:
        fail("answers", f"{len(left)} sectors leave fewer than {least} organisations beside their main groups, such as {left[0]}")
    [(shown, withheld, fewest)] = connection.execute(
        "select count(*) filter (status != 'withheld'), count(*) filter (status = 'withheld'), min(organisations)"
        " from published.answers_by_group"
    ).fetchall()
    if shown == 0 or fewest < least:
        fail("answers", f"{shown} cells are shown, of {fewest} organisations and more; {least} are the least")
    print(
        f"answers: ok, {shown} cells of questions by role and group recomputed, of {fewest} organisations and more;"
        f" {withheld} withheld; no sector leaves few organisations over"
    )


if __name__ == "__main__":
    main()
