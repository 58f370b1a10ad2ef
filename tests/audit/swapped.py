"""Makes a witness: the demo's survey with the answers of organisations exchanged that no published number tells apart, so that it has to give the same release; it judges nothing."""

import argparse
import csv
import shutil
from collections import defaultdict
from pathlib import Path

import duckdb

from opened import fail, read_log, read_register

JUDGE = "swapped"


def classes(public, instrument):
    """Organisations that are in the same groups in every year of every edition: lists of two and more."""
    said = defaultdict(set)
    for edition in read_log(JUDGE, public):
        rows = duckdb.execute(
            "select organisation, group_id, year from read_parquet(?) where instrument = ?",
            [str(edition.tables["group_members"]), instrument],
        ).fetchall()
        for organisation, *place in rows:
            said[organisation].add((edition.release, *place))
    alike = defaultdict(list)
    for organisation, places in sorted(said.items()):
        alike[frozenset(places)].append(organisation)
    return [own for own in alike.values() if len(own) > 1]


def names(register):
    """Ids by name, for names that only one organisation has."""
    known = defaultdict(set)
    for row in read_register(register, "organisations"):
        for name in {row["id"], row["code"], row["name"], row["official_name"]} - {""}:
            known[name].add(row["id"])
    return {name: own.pop() for name, own in known.items() if len(own) == 1}


def exchanged(source, target, next_of, id_of):
    """Writes a survey file with every row of an exchanged organisation under the next one's id; returns how many rows that were."""
    with open(source, encoding="utf-8-sig", newline="") as file:
        header, *rows = csv.reader(file)
    place, moved = header.index("organisation"), 0
    for row in rows:
        if row[place] not in id_of:
            fail(JUDGE, f"{source.name}: `{row[place]}` is the name of no or of several organisations")
        own = id_of[row[place]]
        moved += own in next_of
        row[place] = next_of.get(own, own)
    with open(target, "w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([header, *rows])
    return moved


def main():
    """Copies a demo's surveys; the demo run on the copy publishes from the exchanged answers."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--demo", type=Path, required=True, help="folder of a demo that has been published once")
    parser.add_argument("--register", type=Path, required=True, help="folder of the register")
    parser.add_argument("--instrument", default="digital-maturity", help="instrument whose answers are exchanged")
    parser.add_argument("--to", type=Path, required=True, help="folder to make, for `mognad demo --to`")
    given = parser.parse_args()
    # everybody's answers go to the next in the class, so that nobody in it keeps the own ones
    next_of = {}
    for own in classes(given.demo / "public", given.instrument):
        next_of.update(zip(own, own[1:] + own[:1]))
    if not next_of:
        fail(JUDGE, "every organisation is told apart from every other by its groups")
    (given.to / "sample").mkdir(parents=True)
    shutil.copy(given.demo / "pseudonym-key", given.to)
    id_of, moved = names(given.register), 0
    for source in sorted((given.demo / "sample").glob("*.csv")):
        if source.name.startswith(f"{given.instrument}-"):
            moved += exchanged(source, given.to / "sample" / source.name, next_of, id_of)
        else:
            shutil.copy(source, given.to / "sample")
    print(f"swapped: {len(next_of)} organisations have another's answers, in {moved} rows")


if __name__ == "__main__":
    main()
