"""Rewrites roles in a survey file so that a table of roles by group has cells that must not be shown; it judges nothing.

The same surveys have to be published once as they are: who is in which group does not depend on roles, and is read from there.
"""

import argparse
import csv
from pathlib import Path

import duckdb

from opened import fail, read_log
from swapped import names

JUDGE = "crossing"
FEW, LEADER, OTHERS, NONE = "elected", "leader", "staff", ""
# so many have the role where there are only few of them
PART = 4


def smallest_groups(public, kind, sector, year):
    """Members of the shown groups of a kind that share nobody with a smaller one, by group; the largest group first."""
    current = [edition for edition in read_log(JUDGE, public) if not edition.withdrawn][-1].tables
    rows = duckdb.execute(
        "select m.group_id, list(m.organisation order by m.organisation) from read_parquet(?) as m"
        " join read_parquet(?) as g using (instrument, group_id) where g.kind = ? and g.sector = ? and m.year = ? group by all",
        [str(current["group_members"]), str(current["groups"]), kind, sector, year],
    ).fetchall()
    taken, found = set(), []
    for group, members in sorted(rows, key=lambda row: (len(row[1]), row[0])):
        if taken.isdisjoint(members):
            taken.update(members)
            found.append((group, members))
    return dict(reversed(found))


def assign(rows, role, number):
    """Gives a role to the first so many respondents of an organisation."""
    for row in rows[:number]:
        row["role"] = role


def only_two(own):
    """Only two organisations have anybody elected: each can tell the other's number."""
    for rows in own[:2]:
        assign(rows, FEW, PART)


def dominated(own):
    """Of those with leaders one organisation has nearly all, the next a few, and a third a single one."""
    largest, second, third, *_ = own
    assign(largest, LEADER, len(largest))
    assign(second, LEADER, PART)
    assign(third, LEADER, 1)


def few_people(own):
    """In six organisations one or two are elected: no organisation is conspicuous, and there are few people."""
    for at, rows in enumerate(own[:6]):
        assign(rows, FEW, 1 + at % 2)


def alone_twice(own):
    """One organisation alone makes up two cells of a row, and knows both; a third is of few people in seven others.

    Whoever knows only one of the first two is left with 30 people and more in the others, so that these three alone seem enough.
    """
    half = len(own[0]) // 2
    assign(own[0], NONE, len(own[0]))
    assign(own[0], FEW, half)
    for rows in own[1:8]:
        assign(rows, LEADER, PART)


# What is done to the largest groups, in this order, and the roles that nobody else there has from then on.
TRAPS = [(only_two, {FEW}), (dominated, {LEADER}), (few_people, {FEW}), (alone_twice, {FEW, LEADER})]


def lay(rows_of, groups):
    """Rewrites roles in groups of organisations, in each those with the most respondents first; what was done, in words."""
    done = []
    for (trap, roles), (group, members) in zip(TRAPS, groups.items()):
        own = sorted((rows_of[one] for one in members if one in rows_of), key=len, reverse=True)
        for row in (row for rows in own for row in rows if row["role"] in roles):
            row["role"] = OTHERS
        trap(own)
        done.append(f"{trap.__name__} in {group}")
    return done


def main():
    """Rewrites a file in layout `standard`."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("source", type=Path, help="survey file as `mognad sample` makes it")
    parser.add_argument("target", type=Path, help="survey file to write")
    parser.add_argument("--public", type=Path, required=True, help="public store that has the same surveys as they are")
    parser.add_argument("--register", type=Path, required=True, help="folder of the register")
    parser.add_argument("--year", type=int, required=True, help="year of the survey")
    parser.add_argument("--kind", default="county", help="kind of the groups that are a table's rows")
    parser.add_argument("--sector", default="municipality", help="sector that a table is about")
    given = parser.parse_args()
    groups = smallest_groups(given.public, given.kind, given.sector, given.year)
    if len(groups) < len(TRAPS):
        fail(JUDGE, f"{given.year} has {len(groups)} groups of the kind `{given.kind}`, and {len(TRAPS)} are needed")
    id_of, rows_of = names(given.register), {}
    with open(given.source, encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    for row in rows:
        rows_of.setdefault(id_of.get(row["organisation"]), []).append(row)
    done = lay(rows_of, groups)
    with open(given.target, "w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, rows[0])
        writer.writeheader()
        writer.writerows(rows)
    print(f"crossing: {'; '.join(done)}")


if __name__ == "__main__":
    main()
