"""Judges publishers' own two-way tables: DuckDB recomputes cells, ACRO says which are sensitive, HiGHS what readers can tell.

ACRO is the Automatic Checking of Research Outputs, with which safe data centres in the United Kingdom look at what leaves them.
"""

import contextlib
import io
import json
import logging
import os
import tempfile
import tomllib
from importlib.metadata import version
from types import SimpleNamespace

import highspy

from narrowed import programme, solver
from opened import arguments, fail, open_stores
from scored import score

JUDGE = "crossed"
# the column of a row's total, and the one of roles that have none of their own
ALL, OTHER = "all", "other"
STATUSES = {"ok", "provisional", "frozen", "withheld"}
# What ACRO's checks are called here. Both are told the same in other words: a record is an organisation with anybody in the
# cell, so that its count of records is ours of organisations, and `(sum - two largest) / largest < p` is our rule divided by
# the largest. In both, cells of one or two organisations break the p% rule too, since nothing is left beside these. The
# one difference is a cell without any organisation, which ACRO counts as one of few: such cells are not compared.
CHECKS = {"MinimumThresholdCheck": "threshold", "PPercentCheck": "dominance"}


def name(cell):
    """A cell in words."""
    row, column = cell
    return f"({row or 'the rest'}, {column})"


def order(cell):
    """What cells are sorted by; the rest has no name."""
    return cell[0] or "", cell[1]


# ---- cells and what they are owed ----


def cells_of(people, row_of, columns, sector):
    """Every cell, with totals: (row, column) -> organisation -> respondents, above 0.

    `people` says of an organisation how many it has in each role; whoever has no row is in the rest, which is None. There is a
    column of other roles where anybody has one.
    """
    total = f"sector:{sector}"
    rows = sorted({row_of.get(one) for one in people} | {total}, key=lambda row: row or "")
    others = [OTHER] if any(set(roles) - set(columns) for roles in people.values()) else []
    cells = {(row, column): {} for row in rows for column in [*columns, *others, ALL]}
    for organisation, roles in people.items():
        for role, number in roles.items():
            for row in (row_of.get(organisation), total):
                for column in (role if role in columns else OTHER, ALL):
                    own = cells[(row, column)]
                    own[organisation] = own.get(organisation, 0) + number
    return cells


def owed(own, policy):
    """What a cell is owed, in respondents, and by which rules; none where it is not sensitive."""
    value, percent, few = sum(own.values()), policy["dominance_percent"], policy["min_respondents_cell"]
    first, second, *_ = sorted(own.values(), reverse=True) + [0, 0]
    # hundredths of a respondent that are missing between what others have and p per cent of the largest
    missing = percent * first - 100 * (value - first - second)
    ups, width = {}, 0
    if 0 < len(own) < policy["min_organisations_cell"]:
        ups["threshold"] = max(1, -(-percent * value // 100))
    if value > 0 and missing > 0:
        ups["dominance"] = -(-missing // 100)
    if 0 < value < few:
        ups["people"], width = 1, few
    if not ups:
        return None
    up = max(ups.values())
    down = min(up, value)
    return SimpleNamespace(down=down, up=up, width=max(width, down + up), rules=set(ups))


def sensitive_of(cells, policy):
    """What each sensitive cell is owed, in the order of cells. Rows' totals are no such cells: they are never hidden."""
    found = ((cell, owed(cells[cell], policy)) for cell in sorted(cells, key=order) if cell[1] != ALL)
    return {cell: own for cell, own in found if own}


def least_of(cell, cells, who, known, least):
    """What a reader knows a cell to be at least: all of `known` cells, elsewhere its own and `least` for each other with as many.

    From how many organisations answers of a role are is published, for those with at least so many respondents in it.
    """
    row, column = cell
    if cell in known:
        return sum(cells[cell].values())
    if not row or not row.startswith("sector:"):
        others = sum(number >= least for one, number in cells[cell].items() if one != who)
        return cells[cell].get(who, 0) + least * others
    return sum(least_of(part, cells, who, known, least) for part in cells if part[1] == column and part[0] != row)


# ---- what readers can work out ----


def relations(cells):
    """What everybody knows to hold: a row adds up to its total, and a column to its own. Lists of (parts, total)."""
    rows, columns = ({cell[axis] for cell in cells} for axis in (0, 1))
    [whole] = {row for row in rows if row and row.startswith("sector:")}
    across = [([(row, column) for column in columns - {ALL}], (row, ALL)) for row in rows]
    down = [([(row, column) for row in rows - {whole}], (whole, column)) for column in columns]
    return across + down


class Reader:
    """What fits everything that a reader knows: shown cells, row totals, and what it brings to the hidden ones.

    A cell stands in one row and one column, so that this is a network: its ends are whole numbers without being asked to be.
    """

    def __init__(self, cells, hidden, who, known, least):
        self.places = {cell: at for at, cell in enumerate(cells)}
        values = [sum(own.values()) for own in cells.values()]
        open_cells = set(hidden) - set(known)
        lowers = [least_of(cell, cells, who, known, least) if cell in open_cells else value for cell, value in zip(cells, values)]
        uppers = [max(values) if cell in open_cells else value for cell, value in zip(cells, values)]
        rows = [({self.places[cell]: 1.0 for cell in parts} | {self.places[total]: -1.0}, 0.0, 0.0)
                for parts, total in relations(cells)]
        self.highs = solver(programme(rows, uppers, lowers))

    def interval(self, cell):
        """The least and the most that a cell can be."""
        at, ends = self.places[cell], []
        for sense in (1.0, -1.0):
            self.highs.changeColCost(at, sense)
            self.highs.run()
            if self.highs.getModelStatus() != highspy.HighsModelStatus.kOptimal:
                fail(JUDGE, f"{name(cell)}: no table at all fits what is published")
            ends.append(round(self.highs.getSolution().col_value[at]))
        self.highs.changeColCost(at, 0.0)
        return ends


def readers_of(cells, hidden):
    """Whose knowledge counts, and which hidden cells they know: an outsider none, organisations those in which they are alone."""
    inside = {None: set()}
    for cell in sorted(hidden, key=order):
        for who in sorted(cells[cell]):
            inside.setdefault(who, set()).update({cell} if len(cells[cell]) == 1 else ())
    return inside


def intervals(cells, hidden, policy):
    """Every sensitive cell against every reader who does not know it: who, cell, low, high, and what is owed: down, up, width.

    What a reader knows to be there anyway is not owed to a cell, downwards and in width.
    """
    sensitive, least, found = sensitive_of(cells, policy), policy["min_respondents_role"], []
    for who, known in readers_of(cells, hidden).items():
        reader = Reader(cells, hidden, who, known, least)
        for cell in (cell for cell in sensitive if cell not in known):
            low, high = reader.interval(cell)
            own, value = sensitive[cell], sum(cells[cell].values())
            down = min(own.down, value - least_of(cell, cells, who, known, least))
            found.append(SimpleNamespace(
                who=who, cell=cell, value=value, low=low, high=high, down=down, up=own.up, width=own.width - (own.down - down)
            ))
    return found


def is_met(own):
    """Whether a cell has what it is owed."""
    return own.value - own.low >= own.down and own.high - own.value >= own.up and own.high - own.low >= own.width


# ---- ACRO ----


@contextlib.contextmanager
def quiet_folder():
    """A folder of its own for what ACRO and its libraries write, and nowhere for what they say."""
    before = os.getcwd()
    with tempfile.TemporaryDirectory(prefix="mognad-acro-") as folder, contextlib.redirect_stdout(io.StringIO()):
        os.environ.setdefault("MPLCONFIGDIR", folder)
        os.chdir(folder)
        logging.disable(logging.CRITICAL)
        try:
            yield
        finally:
            logging.disable(logging.NOTSET)
            os.chdir(before)


def flagged_by_acro(cells, policy):
    """Cells that ACRO finds to have few organisations or to be mostly one's: cell -> names of our rules.

    It is given a record for each organisation and cell with anybody, and columns' totals as one more row.
    """
    filled = {cell: own for cell, own in cells.items() if own and cell[1] != ALL}
    records = [(row or "", column, number) for (row, column), own in filled.items() for number in own.values()]
    if not records:
        return {}
    with quiet_folder():
        # slow to load, and talkative
        import pandas
        from acro import ACRO

        session = ACRO(suppress=False)
        # what is left of the default: nothing is rounded or suppressed, missing values are not looked for
        session.config.update(
            safe_threshold=policy["min_organisations_cell"], safe_pratio_p=policy["dominance_percent"] / 100,
            # a share of 2 is never reached: the (n, k) rule is not ours
            safe_nk_k=2.0, zeros_are_disclosive=False,
        )
        frame = pandas.DataFrame(records, columns=["row", "column", "respondents"])
        session.crosstab(frame["row"], frame["column"], values=frame["respondents"], aggfunc="sum")
        [result] = session.results.results.values()
    if not set(CHECKS) <= set(result.sdc["summary"]):
        fail(JUDGE, f"ACRO ran {sorted(result.sdc['summary'])} and should have run {sorted(CHECKS)}")
    said = {cell: result.outcome.loc[cell[0] or "", cell[1]] for cell in filled}
    rules = {cell: {rule for check, rule in CHECKS.items() if check in text} for cell, text in said.items()}
    return {cell: own for cell, own in rules.items() if own}


def compare_with_acro(cells, audited, policy, what):
    """Ends the judge unless ACRO, what we find ourselves, and the release's audit agree; the cells that ACRO flags."""
    flagged, sensitive = flagged_by_acro(cells, policy), sensitive_of(cells, policy)
    # ACRO has no rule for few people
    ours = {cell: own.rules - {"people"} for cell, own in sensitive.items() if own.rules != {"people"}}
    for cell in sorted(flagged.keys() | ours.keys(), key=order):
        if flagged.get(cell) != ours.get(cell):
            theirs, own = (" and ".join(sorted(one.get(cell, {"nothing"}))) for one in (flagged, ours))
            fail(JUDGE, f"{what}, {name(cell)}: ACRO finds {theirs}, and we find {own}")
    different = flagged.keys() ^ (audited - (sensitive.keys() - ours.keys()))
    if different:
        names = ", ".join(map(name, sorted(different, key=order)))
        fail(JUDGE, f"{what}: ACRO and the audit differ about {names}")
    return flagged


# ---- stores ----


def read_definitions(schemas):
    """Definitions of tables, as written."""
    return [tomllib.loads(path.read_text("utf-8")) for path in sorted((schemas / "cross-table").glob("*.toml"))]


def read_audit(stores):
    """What the audit of the release says of each table and year: sensitive and hidden cells, if refused why, if repeated."""
    [path, *_] = sorted((stores.given.private / "audit" / stores.release).glob("*.json"))
    said = {}
    for instrument, own in json.loads(path.read_bytes())["instruments"].items():
        for entry in own.get("crossTables") or []:
            key = entry["table"], entry["year"]
            if key in said:
                fail(JUDGE, f"the audit speaks of {key[0]} in {key[1]} twice")
            sensitive, hidden = ({tuple(cell) for cell in entry[which]} for which in ("sensitive", "hidden"))
            said[key] = SimpleNamespace(
                instrument=instrument, sensitive=sensitive, hidden=hidden, refused=entry["refused"],
                repeated=entry.get("repeated", False),
            )
    return said


def read_published(connection, rows, table, year):
    """Cells as published, in whatever rows have them: (row, column) -> (status, respondents)."""
    what, found = f"{table['id']} in {year}", {}
    query = f"select instrument, group_id, category, status, respondents from {rows} where table_id = ? and year = ?"
    for instrument, row, column, status, respondents in connection.execute(query, [table["id"], year]).fetchall():
        if instrument != table["instrument"] or status not in STATUSES or (row, column) in found:
            fail(JUDGE, f"{what}, {name((row, column))}: is there twice, of another instrument, or has an unknown status")
        if (status == "withheld") != (respondents is None):
            fail(JUDGE, f"{what}, {name((row, column))}: is {status} and has the number {respondents}")
        found[(row, column)] = status, respondents
    return found


def read_first(stores, table, year):
    """The numbers of the first edition that had a table and year: (row, column) -> respondents."""
    for edition in stores.editions:
        if "cross_tables" in edition.tables:
            found = read_published(stores.connection, f"read_parquet('{edition.tables['cross_tables']}')", table, year)
            if found:
                return {cell: respondents for cell, (_, respondents) in found.items()}
    return {}


def read_people(stores, table, year):
    """How many of each role every organisation that counts has: organisation -> role -> respondents, in its latest round."""
    people = {}
    rows = stores.connection.execute("""
        select m.organisation, coalesce(r.role, ''), count(r.id)
        from published.group_members as m
        left join turnout as t on t.instrument = m.instrument and t.year = m.year and t.organisation = m.organisation
        left join respondent as r on r.instrument = m.instrument and r.year = m.year and r.organisation = m.organisation
            and r.round = t.round
        where m.instrument = ? and m.year = ? and m.group_id = ?
        group by all
    """, [table["instrument"], year, f"sector:{table['sector']}"]).fetchall()
    for organisation, role, number in rows:
        own = people.setdefault(organisation, {})
        if number:
            own[role] = number
    return people


def read_rows(stores, table, year, groups):
    """The row of every organisation that is in one: rows are shown groups of the table's kind, and share nobody."""
    what, row_of = f"{table['id']} in {year}", {}
    for group in sorted(groups):
        members = stores.connection.execute("""
            select m.organisation from published.group_members as m
            join published.groups as g on g.instrument = m.instrument and g.group_id = m.group_id
            where m.instrument = ? and m.year = ? and m.group_id = ? and g.kind = ? and g.sector = ?
        """, [table["instrument"], year, group, table["rows"], table["sector"]]).fetchall()
        if not members:
            fail(JUDGE, f"{what}: {group} is a row, and no shown group of the kind `{table['rows']}` in this sector")
        for (organisation,) in members:
            if organisation in row_of:
                fail(JUDGE, f"{what}: {organisation} is in {row_of[organisation]} and in {group}")
            row_of[organisation] = group
    return row_of


# ---- judging ----


def judge_numbers(cells, published, what):
    """Every cell is there once, and every number is the sum, rounded half up to tens."""
    if cells.keys() != published.keys():
        different = sorted(cells.keys() ^ published.keys(), key=order)
        fail(JUDGE, f"{what}: {', '.join(map(name, different))} should be published and is not, or the other way round")
    for cell, (status, respondents) in published.items():
        value = sum(cells[cell].values())
        if status != "withheld" and respondents != (value + 5) // 10 * 10:
            fail(JUDGE, f"{what}, {name(cell)}: {respondents} are published, and there are {value}")


def judge_totals(cells, published, policy, what):
    """The totals of rows that are shown are of many enough; one that is mostly one organisation's has figures of its own."""
    for cell, own in cells.items():
        few = len(own) < policy["min_organisations_cell"] or sum(own.values()) < policy["min_respondents_cell"]
        if cell[1] == ALL and published[cell][0] != "withheld" and few:
            of_few = f"{len(own)} organisations with {sum(own.values())} respondents"
            fail(JUDGE, f"{what}, {name(cell)}: the total of {of_few} is shown")


def judge_hidden(sensitive, published, said, what):
    """Sensitive cells are those that should be, and all hidden; hidden are those of the audit, and no row's total."""
    hidden = {cell for cell, (status, _) in published.items() if status == "withheld"}
    totals = {cell for cell in published if cell[1] == ALL}
    for broken, text in (
        (sensitive - said.sensitive, "should be sensitive and is not in the audit"),
        (said.sensitive - sensitive, "is sensitive in the audit and should not be"),
        (sensitive - hidden, "is sensitive and is shown"),
        (said.hidden - hidden, "is hidden in the audit and is shown"),
        (hidden - said.hidden, "is hidden and is not in the audit"),
        (hidden & totals, "is the total of a row and is hidden"),
    ):
        if broken:
            fail(JUDGE, f"{what}: {name(min(broken, key=order))} {text}")
    return hidden


def judge_table(stores, table, year, said):
    """One table of one year: its figures, or in a word why there are none."""
    what, policy = f"{table['id']} in {year}", stores.policy
    published = read_published(stores.connection, "published.cross_tables", table, year)
    if {cell: respondents for cell, (_, respondents) in published.items()} != read_first(stores, table, year):
        fail(JUDGE, f"{what}: is not what the first edition had that showed it")
    if said.repeated:
        return "repeated"
    people = read_people(stores, table, year)
    row_of = read_rows(stores, table, year, {row for row, _ in published if row and not row.startswith("sector:")})
    cells = cells_of(people, row_of, [column["key"] for column in table["columns"]], table["sector"])
    judge_numbers(cells, published, what)
    judge_totals(cells, published, policy, what)
    if said.refused:
        shown = [cell for cell, (status, _) in published.items() if status != "withheld" and cell[1] != ALL]
        if shown:
            fail(JUDGE, f"{what}: is refused ({said.refused}), and {name(shown[0])} is shown")
        return "refused"
    sensitive = sensitive_of(cells, policy)
    hidden = judge_hidden(sensitive.keys(), published, said, what)
    flagged = compare_with_acro(cells, said.sensitive, policy, what)
    found = intervals(cells, hidden, policy)
    for own in found:
        if not is_met(own):
            asked = f"{own.value} is owed {own.down} down, {own.up} up and {own.width} in width"
            fail(JUDGE, f"{what}, {name(own.cell)}: {own.who or 'an outsider'} finds {own.low} to {own.high}, and {asked}")
    return SimpleNamespace(
        cells=len(cells), sensitive=sensitive, hidden=len(hidden), flagged=flagged, readers=len(readers_of(cells, hidden)),
        respondents=sum(sum(roles.values()) for roles in people.values()),
        ratios=[(own.high - own.low) / own.width for own in found],
    )


def years_of(stores, table):
    """Years in which a table's sector is shown and all of its organisations have respondents; some report only scores."""
    rows = stores.connection.execute("""
        select m.year
        from published.group_members as m
        left join (select distinct instrument, year, organisation from respondent) as r using (instrument, year, organisation)
        where m.instrument = ? and m.group_id = ?
        group by m.year having count(*) = count(r.organisation)
    """, [table["instrument"], f"sector:{table['sector']}"]).fetchall()
    return [year for (year,) in rows]


def by_rule(rules):
    """How many cells break each rule, in words."""
    rules = list(rules)
    return ", ".join(f"{sum(rule in own for own in rules)} by {rule}" for rule in sorted(set().union(*rules))) or "none"


def told(found):
    """The figures of all tables in a line."""
    judged = [own for own in found if not isinstance(own, str)]
    cells, hidden, respondents, readers = (sum(getattr(own, which) for own in judged)
                                           for which in ("cells", "hidden", "respondents", "readers"))
    owed_by = [one.rules for own in judged for one in own.sensitive.values()]
    flagged = [rules for own in judged for rules in own.flagged.values()]
    ratios = [ratio for own in judged for ratio in own.ratios]
    narrowest = f", at least {min(ratios):.2f} times as wide as owed" if ratios else ""
    return (
        f"crossed: ok, {len(judged)} tables with {cells} cells recomputed from {respondents} respondents"
        f" ({found.count('refused')} others refused, {found.count('repeated')} as an earlier edition had them);"
        f" {len(owed_by)} sensitive cells ({by_rule(owed_by)}), {hidden} hidden;"
        f" {len(ratios)} intervals of {readers} readers{narrowest};"
        f" ACRO {version('acro')} flags the same {len(flagged)} cells ({by_rule(flagged)}) as we and the audit"
    )


def main():
    """Judges every table of every year."""
    stores = open_stores(JUDGE, arguments(__doc__))
    said, definitions = read_audit(stores), {table["id"]: table for table in read_definitions(stores.given.schemas)}
    if not said or "cross_tables" not in {table["name"] for table in stores.manifest["tables"]}:
        fail(JUDGE, "there is no cross table in the release")
    score(stores)
    asked = {(table["id"], year) for table in definitions.values() for year in years_of(stores, table)}
    if asked != said.keys():
        fail(JUDGE, f"the audit should speak of the tables and years {sorted(asked)}, and does of {sorted(said)}")
    found = [judge_table(stores, definitions[table], year, said[(table, year)]) for table, year in sorted(asked)]
    if all(isinstance(own, str) for own in found):
        fail(JUDGE, f"there is no table to judge: {', '.join(found)}")
    print(told(found))


if __name__ == "__main__":
    main()
