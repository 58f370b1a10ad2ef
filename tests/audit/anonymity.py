"""Recomputes with numpy how far the published memberships pin down any organisation, and looks for withheld groups that follow from shown ones."""

import itertools
import json
import tomllib

import numpy as np

from opened import arguments, fail, open_stores, read_register
from scored import score

# the promise, whatever the release's policy says
WITHIN_YEAR_MIN = 5.0
OVER_YEARS_MIN = 3.0
INSIDERS = 1
PRIOR_SD = 10.0
RHO = 0.8
RHO_STRICT = 0.95
ROUNDING = 1.0 / 12.0
# numbers closer than this are equal: the memberships give ranks of some hundreds at most
NOTHING = 1e-9


def read_groups(connection, members, figures):
    """Members of each group that has a mean: instrument -> year -> group -> set."""
    groups = {}
    rows = connection.execute(
        f"select m.instrument, m.year, m.group_id, list(m.organisation) from {members} as m"
        f" where exists (from {figures} as f where f.status in ('ok', 'provisional', 'frozen') and f.instrument = m.instrument and f.year = m.year"
        " and f.group_id = m.group_id) group by m.instrument, m.year, m.group_id"
    ).fetchall()
    for instrument, year, group, organisations in rows:
        groups.setdefault(instrument, {}).setdefault(year, {})[group] = frozenset(organisations)
    return groups


def editions(stores):
    """Per edition: members of groups, and the groups and years whose matched change is published."""
    connection = stores.connection
    for edition in stores.editions:
        read = {name: f"read_parquet('{path}')" for name, path in edition.tables.items()}
        panels = connection.execute(
            f"select distinct instrument, group_id, year from {read['changes']} where organisations_matched is not null"
        ).fetchall()
        yield read_groups(connection, read["group_members"], read["figures"]), panels


def distributions(stores):
    """Per edition, oldest first: (instrument, year) -> members of the groups whose distribution is shown."""
    for edition in stores.editions:
        read = {name: f"read_parquet('{path}')" for name, path in edition.tables.items()}
        rows = stores.connection.execute(
            f"select m.instrument, m.year, list(m.organisation) from {read['group_members']} as m"
            f" where exists (from {read['blocks']} as b where b.instrument = m.instrument and b.year = m.year"
            " and b.group_id = m.group_id) group by m.instrument, m.year, m.group_id"
        ).fetchall()
        shown = {}
        for instrument, year, members in rows:
            shown.setdefault((instrument, year), []).append(frozenset(members))
        yield shown


def judge_distributions(stores):
    """Number of distributions of later editions, after showing that each is a sum of those in the editions before.

    If one is not, its difference to theirs counts those who have come or gone in each class.
    """
    known, number = {}, 0
    for shown in distributions(stores):
        for (instrument, year), sets in shown.items():
            before = known.get((instrument, year), [])
            for members in sets if before else []:
                parts = [part for part in before if part <= members]
                # a sector may be shown for the first time, in a year in which others have been
                left = members - frozenset().union(*parts)
                if any(part & left for part in before):
                    fail("anonymity", f"{instrument} {year}: a distribution of {len(members)} is no sum of earlier editions'")
                number += 1
        for key, sets in shown.items():
            known.setdefault(key, []).extend(sets)
    return number


def within_year(groups):
    """Rank, columns, projection on what is not told, and the basis of what is told, of one year's means."""
    columns = sorted(set().union(*groups.values()))
    place = {organisation: at for at, organisation in enumerate(columns)}
    rows = np.zeros((len(groups), len(columns)))
    for row, members in enumerate(groups.values()):
        rows[row, [place[member] for member in members]] = 1.0 / len(members)
    _, singular, right = np.linalg.svd(rows, full_matrices=False)
    rank = int((singular > NOTHING * singular[0]).sum())
    basis = right[:rank]
    told = np.linalg.pinv(rows, rcond=NOTHING) @ rows
    if np.abs(told - basis.T @ basis).max() > 1e-7:
        fail("anonymity", "two ways to compute the projection disagree; the memberships are too badly conditioned")
    return rank, columns, np.eye(len(columns)) - told, basis


def effective(left, insiders):
    """The least effective anonymity of each organisation, with the value of any one other known."""
    own = np.diag(left).copy()
    least = own.copy()
    if insiders:
        known = np.where(own > NOTHING, own, np.inf)
        lowered = own[:, None] - left**2 / known[None, :]
        np.fill_diagonal(lowered, np.inf)
        least = np.minimum(own, lowered.min(axis=1))
    return 1.0 / np.clip(1.0 - least, NOTHING, 1.0)


def over_years(rows, columns, years, rho, measures):
    """Effective anonymity of each organisation and year. `rows` are lists of (organisation, year, weight).

    Every measure of the tree is rounded by itself, and the index is the mean of what is below it, level by level: averaging all
    `measures` leaves that part of the rounding's variance.
    """
    place = {organisation: at for at, organisation in enumerate(columns)}
    at_year = {year: at for at, year in enumerate(years)}
    weights = np.zeros((len(rows), len(columns), len(years)))
    for row, terms in enumerate(rows):
        for organisation, year, weight in terms:
            weights[row, place[organisation], at_year[year]] += weight
    calendar = np.array(years, dtype=float)
    alike = PRIOR_SD**2 * rho ** np.abs(calendar[:, None] - calendar[None, :])
    loads = weights @ alike
    flat = weights.reshape(len(rows), -1)
    covariance = loads.reshape(len(rows), -1) @ flat.T + ROUNDING / measures * np.eye(len(rows))
    solved = np.linalg.solve(covariance, loads.reshape(len(rows), -1))
    leverage = (loads.reshape(len(rows), -1) * solved).sum(axis=0) / PRIOR_SD**2
    return 1.0 / np.clip(leverage.reshape(len(columns), len(years)), NOTHING, 1.0)


def observations(all_editions, instrument):
    """Every mean and matched change of any edition as a row; a number published twice is one."""
    rows = set()
    for groups, panels in all_editions:
        own = groups.get(instrument, {})
        for year, shown in own.items():
            rows |= {(year, None, members) for members in shown.values()}
        both = {
            (group, year): own[year][group] & own[year - 1][group]
            for changed, group, year in panels
            if changed == instrument
        }
        for (group, year), members in both.items():
            if group == "all":
                # of all sectors together the change of those is shown that show their own
                members = frozenset().union(
                    *(part for (sector, of), part in both.items() if of == year and sector.startswith("sector:"))
                )
            rows.add((year, year - 1, members))
    ordered = sorted(rows, key=lambda row: (row[0], row[1] or 0, sorted(row[2])))
    stacked = []
    for year, before, members in ordered:
        terms = [(member, year, 1.0 / len(members)) for member in members]
        if before is not None:
            terms += [(member, before, -1.0 / len(members)) for member in members]
        stacked.append(terms)
    return stacked


def attributes(stores):
    """Organisations by group, for groups that the public register defines: classes, counties, branches, size bands."""
    register, rows = stores.given.register, stores.connection.execute(
        "select organisation, sector, county, branch from published.organisations"
    ).fetchall()
    by_key = {}
    for organisation, sector, county, branch in rows:
        by_key.setdefault(("sector", sector), set()).add(organisation)
        by_key.setdefault(("county", sector, county), set()).add(organisation)
        by_key.setdefault(("branch", sector, branch), set()).add(organisation)
    parent = {
        (row["classification"], row["version"], row["code"]): row["parent"] for row in read_register(register, "classifications")
    }
    for row in read_register(register, "memberships"):
        key = (row["classification"], row["version"], row["code"])
        by_key.setdefault((row["classification"], row["version"], row["code"].lower()), set()).add(row["organisation"])
        if parent.get(key):
            by_key.setdefault(("skr-main-group", row["version"], parent[key].lower()), set()).add(row["organisation"])
    bands = tomllib.loads((stores.given.schemas / "grouping" / "size.toml").read_text("utf-8"))["rule"]
    population = {
        row["organisation"]: float(row["population"])
        for row in read_register(register, "structure")
        if row["year"] == str(bands["year"]) and row["population"]
    }
    starts = [band["from"] for band in bands["bands"]]
    for organisation in by_key.get(("sector", "municipality"), ()):
        at = sum(population.get(organisation, 0.0) >= start for start in starts) - 1
        by_key.setdefault(("size", bands["bands"][max(at, 0)]["key"]), set()).add(organisation)
    return by_key


def belongs(stores):
    """Who belongs to a group in any year, as far as public facts tell: group -> (certainly, certainly not)."""
    connection, by_key = stores.connection, attributes(stores)
    everybody = {row[0] for row in connection.execute("select organisation from published.organisations").fetchall()}
    shown = connection.execute(
        "select instrument, year, group_id, list(organisation) from published.group_members group by all"
    ).fetchall()
    members = {(instrument, year, group): set(own) for instrument, year, group, own in shown}
    rows = connection.execute(
        "select distinct group_id, kind, sector, version, parent, merged_from, name_sv from published.groups"
    ).fetchall()
    facts = {row[0]: row[1:] for row in rows}
    answer = {}

    def of(group):
        if group in answer:
            return answer[group]
        if group not in facts:
            # a half that is never shown has no row; of its members nothing is known
            return set(), set()
        kind, sector, version, parent, merged_from, name = facts[group]
        key = group.partition(":")[2]
        known = {
            "all": lambda: everybody,
            "sector": lambda: by_key[("sector", sector)],
            "county": lambda: by_key[("county", sector, key)],
            "branch": lambda: by_key[("branch", sector, None if name == "Övriga" else name)],
            "size": lambda: by_key[("size", key)],
        }.get(kind, lambda: by_key[(kind, version, key)])
        if not merged_from and kind != "block":
            answer[group] = known(), everybody - known()
            return answer[group]
        # halves of the similarity tree: whoever was in it when it was shown is, whoever took part then and was not is not
        parts = [of(part) for part in merged_from.split(" ")] if merged_from else []
        inside = set().union(*(part[0] for part in parts))
        outside = set.intersection(*(set(part[1]) for part in parts)) if parts else set(of(parent)[1])
        for (instrument, year, other), own in members.items():
            if other == group:
                inside |= own
                outside |= members[(instrument, year, f"sector:{sector}")] - own
        answer[group] = inside, outside
        return answer[group]

    # a registered group is shown or absent, never withheld
    return {group: of(group) for group in facts if not group.startswith("registered:")}


def follows(withheld, columns, basis):
    """The sets that a withheld group can be and that the shown means determine: none if it is safe.

    What the means determine does not tell apart organisations that are in the same groups, so a set that follows holds all of
    such organisations or none of them. That decides whom public facts leave open.
    """
    inside, outside = withheld
    alike = {}
    for at, organisation in enumerate(columns):
        alike.setdefault(tuple(np.round(basis[:, at], 7)), []).append((at, organisation))
    certain, open_classes = [], []
    for own in alike.values():
        within = sum(organisation in inside for _, organisation in own)
        without = sum(organisation in outside for _, organisation in own)
        if within and without:
            return []
        if within:
            certain += own
        elif not without:
            open_classes.append(own)
    if len(open_classes) > 12:
        fail("anonymity", f"public facts leave {len(open_classes)} sets open for a withheld group; the judge cannot decide")
    found = []
    for chosen in itertools.product([False, True], repeat=len(open_classes)):
        candidate = certain + [member for own, take in zip(open_classes, chosen) if take for member in own]
        indicator = np.zeros(len(columns))
        indicator[[at for at, _ in candidate]] = 1.0
        if candidate and np.linalg.norm(indicator - basis.T @ (basis @ indicator)) < 1e-6 * np.sqrt(len(candidate)):
            found.append({organisation for _, organisation in candidate})
    return found


def took_part(stores, groups):
    """Ends the judge unless every member of every group counted, by the microdata."""
    rows = stores.connection.execute("select distinct instrument, year, organisation from scores").fetchall()
    counted = {}
    for instrument, year, organisation in rows:
        counted.setdefault((instrument, year), set()).add(organisation)
    for instrument, years in groups.items():
        for year, shown in years.items():
            for group, members in shown.items():
                strangers = members - counted.get((instrument, year), set())
                if strangers:
                    fail("anonymity", f"{instrument} {year} {group}: {len(strangers)} members did not take part or do not count")
    return counted


def withheld_groups(stores):
    """Groups that are withheld: instrument, year, group, what answers for it."""
    return stores.connection.execute(
        "select distinct instrument, year, group_id, answers_with from published.figures where status = 'withheld' order by all"
    ).fetchall()


def judge_withheld(stores, groups, bases, counted):
    """Number of withheld group-years, after showing that no number of theirs follows from shown ones."""
    known, number, same = belongs(stores), 0, 0
    for instrument, year, group, answers_with in withheld_groups(stores):
        columns, basis = bases[(instrument, year)]
        shown = groups[instrument][year]
        inside, outside = known[group]
        present = inside & counted[(instrument, year)]
        if not present <= shown.get(answers_with, frozenset()):
            fail("anonymity", f"{instrument} {year} {group}: {answers_with}, which answers for it, does not hold all its members")
        found = follows((present, outside), columns, basis)
        for members in found:
            if members in shown.values():
                same += 1
            else:
                fail(
                    "anonymity",
                    f"{instrument} {year} {group} is withheld, and the figure of its {len(members)} members follows from shown ones",
                )
        number += 1
    return number, same


def audited(stores):
    """What the release's private audit says: (instrument, sector) -> gate."""
    paths = sorted((stores.given.private / "audit" / stores.release).glob("*.json"))
    if not paths:
        fail("anonymity", "the release has no private audit")
    instruments = json.loads(paths[-1].read_bytes())["instruments"]
    return {(instrument, gate["sector"]): gate for instrument, own in instruments.items() for gate in own["gates"]}


def judge_sizes(stores, groups):
    """Ends the judge where a group has fewer members than its kind must have."""
    kinds = dict(stores.connection.execute("select distinct group_id, kind from published.groups").fetchall())
    for instrument, years in groups.items():
        for year, shown in years.items():
            for group, members in shown.items():
                least = stores.policy["min_group" if kinds[group] in ("county", "size", "registered") else "min_block"]
                if len(members) < least:
                    fail("anonymity", f"{instrument} {year} {group} has {len(members)} members, and {least} are the least")


def without_registered(groups):
    """The groups of the catalogue among those of a year."""
    return {group: members for group, members in groups.items() if not group.startswith("registered:")}


def judge_within(groups, sector, gates):
    """Least anonymity, number of independent means, and (columns, basis) by instrument and year."""
    bases, worst, ranks = {}, np.inf, 0
    for instrument, years in sorted(groups.items()):
        for year, shown in sorted(years.items()):
            rank, columns, left, basis = within_year(shown)
            k_eff = effective(left, INSIDERS)
            bases[(instrument, year)] = columns, basis
            ranks += rank
            worst = min(worst, k_eff.min())
            if k_eff.min() < WITHIN_YEAR_MIN - 1e-6:
                who = f"{columns[k_eff.argmin()]} has an effective anonymity of {k_eff.min():.3f}"
                fail("anonymity", f"{instrument} {year}: {who} with one other member's value known, and {WITHIN_YEAR_MIN:g} is promised")
            # the audit speaks of the catalogue, and registered groups come after it
            _, columns, left, _ = within_year(without_registered(shown))
            k_eff = effective(left, INSIDERS)
            for name in sorted({sector[organisation] for organisation in columns}):
                least = min(k_eff[at] for at, organisation in enumerate(columns) if sector[organisation] == name)
                # the audit may say less than is so, where cells were joined afterwards
                said = gates[(instrument, name)]["k_eff_within"][str(year)]
                if least < said - 1e-6:
                    fail("anonymity", f"{instrument} {year} {name}: {least:.6f} within the year, and the private audit says {said:.6f}")
    return worst, ranks, bases


def judge_years(every_edition, groups, counted, sector, gates, instruments):
    """Least anonymity over all years at both correlations, and the number of rows."""
    worst, worst_alike, stacked = np.inf, np.inf, 0
    for instrument in sorted(groups):
        rows = observations(every_edition, instrument)
        stacked += len(rows)
        # an organisation-year that counts is a secret even where nothing of that year is shown, and one that counted in an
        # earlier edition even where it has left since
        secret = {(one, year) for (own, year), some in counted.items() if own == instrument for one in some}
        secret |= {
            (one, year)
            for shown, _ in every_edition
            for year, own in shown.get(instrument, {}).items()
            for members in own.values()
            for one in members
        }
        told = {(one, year) for terms in rows for one, year, _ in terms}
        columns, years = sorted({one for one, _ in secret | told}), sorted({year for _, year in secret | told})
        hidden = np.array([[(one, year) not in secret for year in years] for one in columns])
        measures = len(instruments[instrument]["node"])
        k_eff = np.where(hidden, np.inf, over_years(rows, columns, years, RHO, measures))
        alike = np.where(hidden, np.inf, over_years(rows, columns, years, RHO_STRICT, measures))
        worst, worst_alike = min(worst, k_eff.min()), min(worst_alike, alike.min())
        if k_eff.min() < OVER_YEARS_MIN - 1e-6:
            at, year = np.unravel_index(k_eff.argmin(), k_eff.shape)
            below = int((k_eff < OVER_YEARS_MIN - 1e-6).sum())
            who = f"{columns[at]} in {years[year]} has an effective anonymity of {k_eff.min():.3f}"
            fail("anonymity", f"{instrument}, over all years: {who}; {below} organisation-years lie below {OVER_YEARS_MIN:g}")
        # the audit speaks of the catalogue, and registered groups come after it
        catalogue = [
            ({own: {year: without_registered(some) for year, some in years.items()} for own, years in shown.items()}, rest)
            for shown, rest in every_edition
        ]
        rows = observations(catalogue, instrument)
        k_eff = np.where(hidden, np.inf, over_years(rows, columns, years, RHO, measures))
        shown = {(one, year) for year, own in groups[instrument].items() for members in own.values() for one in members}
        for name in sorted({sector[one] for one, _ in shown}):
            least = min(
                k_eff[at, when] for at, one in enumerate(columns) if sector[one] == name
                for when, year in enumerate(years) if (one, year) in shown
            )
            # its sector-wise reckoning takes every other sector's result as known, so that it may say less
            said = gates[(instrument, name)]["k_eff_years"]
            if least < said - 1e-6:
                fail("anonymity", f"{instrument} {name}: {least:.6f} over all years, and the private audit says {said:.6f}")
    return worst, worst_alike, stacked


def main():
    """Judges the current release, and all editions together."""
    stores = open_stores("anonymity", arguments(__doc__))
    score(stores)
    sector = dict(stores.connection.execute("select organisation, sector from published.organisations").fetchall())
    groups = read_groups(stores.connection, "published.group_members", "published.figures")
    if not groups:
        fail("anonymity", "there is no group to judge")
    every_edition, gates = list(editions(stores)), audited(stores)
    counted = took_part(stores, groups)
    judge_sizes(stores, groups)
    within, ranks, bases = judge_within(groups, sector, gates)
    over, alike, stacked = judge_years(every_edition, groups, counted, sector, gates, stores.instruments)
    repeated = judge_distributions(stores)
    number, same = judge_withheld(stores, groups, bases, counted)
    print(
        f"anonymity: ok, at least {within:.3f} within each of {len(bases)} instrument-years ({ranks} independent means, one insider),"
        f" at least {over:.3f} over all years and {len(every_edition)} editions ({stacked} means and matched changes;"
        f" {alike:.3f} if years were as alike as {RHO_STRICT}); {number} withheld group-years, none of which follows from shown ones"
        f" ({same} have the very members of a shown group); {repeated} distributions of later editions tell nothing new"
    )


if __name__ == "__main__":
    main()
