"""Publishes from witnesses of a release, drawn at random, and fails unless each gives the same release and the same answer to every request; how witnesses are found is not asked."""

import argparse
import csv
import json
import random
import shutil
import statistics
import tempfile
import time
from collections import Counter
from pathlib import Path
from types import SimpleNamespace

import duckdb

from asked import read_suite
from opened import digest_of, fail, read_log
from proven import Program, definitions_with
from replay import read_corpus, replay, same_release, times_of
from served import serving

JUDGE = "witnessed"
ROOT = Path(__file__).resolve().parents[2]
METHODS = ("walk", "pull", "solver")
MILLION = 1_000_000
SHOWN = 5
# what the requests of the test suite have in their places: the first of what the release has
PAGES, VALUES, ORGANISATIONS, GROUPS = range(1, 6), (0, 47, 100), 2, 12


# ---- the release and its witnesses ----


def read_audit(private, release):
    """The private audit of a release that names its witnesses."""
    for path in sorted((private / "audit" / release).glob("*.json")):
        content = path.read_bytes()
        if digest_of(content) != path.stem:
            fail(JUDGE, f"audit {path.name} does not match its name")
        audit = json.loads(content)
        if any(own["witnesses"] for own in audit["instruments"].values()):
            return audit
    fail(JUDGE, f"release {release[:12]} has no witnesses; publish without --without-witnesses")


def read_scores(private):
    """The scores that were taken in, by instrument and year: rows of organisation, measure, score and respondents.

    Read before there is an edition as well as after, so that no audit is asked which receipts count: all do, one for each year.
    """
    scores = {}
    for path in sorted((private / "receipts").glob("*/*.json")):
        receipt = json.loads(path.read_bytes())
        own = (receipt["instrument"], receipt["year"])
        if receipt["kind"] != "scores" or receipt["supersedes"] or own in scores:
            fail(JUDGE, f"{own[0]} {own[1]} is not one file of organisation scores, and a witness is nothing else")
        folder = private / "microdata" / own[0] / f"year={own[1]}"
        parts = {part["digest"]: folder / f"{part['digest']}.parquet" for part in receipt["parts"]}
        if any(digest_of(part.read_bytes()) != digest for digest, part in parts.items()):
            fail(JUDGE, f"a part of {own[0]} {own[1]} does not match the digest in its receipt")
        rows = "select organisation, measure, score, respondents from read_parquet(?) order by all"
        scores[own] = duckdb.execute(rows, [list(map(str, parts.values()))]).fetchall()
    return scores


def list_witnesses(private, audit):
    """Every witness of every year, by the method that made it."""
    found = []
    for instrument, own in sorted(audit["instruments"].items()):
        for year, digest in sorted(own["witnesses"].items()):
            path = private / "witnesses" / f"{digest}.parquet"
            if digest_of(path.read_bytes()) != digest:
                fail(JUDGE, f"the witnesses of {instrument} {year} do not match the digest in the audit")
            rows = duckdb.execute("select distinct witness, method from read_parquet(?) order by all", [str(path)]).fetchall()
            for number, method in rows:
                found.append(SimpleNamespace(instrument=instrument, year=int(year), path=path, number=number, method=method))
    return found


def draw(witnesses, number, seed):
    """So many witnesses at random, those first that a solver made, which are few."""
    chance = random.Random(seed)
    solved = [one for one in witnesses if one.method == "solver"]
    other = [one for one in witnesses if one.method != "solver"]
    drawn = chance.sample(solved, min(number, len(solved)))
    return drawn + chance.sample(other, min(number - len(drawn), len(other)))


def replaced(rows, witness):
    """A year's rows with a witness in place of the truth, and how many organisations have other scores in it."""
    query = "select organisation, measure, score from read_parquet(?) where witness = ?"
    scores = {row[:2]: row[2] for row in duckdb.execute(query, [str(witness.path), witness.number]).fetchall()}
    if scores.keys() - {row[:2] for row in rows}:
        fail(JUDGE, f"witness {witness.number} of {witness.instrument} {witness.year} has scores of somebody who took no part")
    moved = {row[0] for row in rows if scores.get(row[:2], row[2]) != row[2]}
    return [(*row[:2], scores.get(row[:2], row[2]), row[3]) for row in rows], len(moved)


# ---- stores made of scores ----


def publish(program, scores, folder):
    """Takes every year's scores in as a publisher's files, publishes, and returns the public store."""
    private, public = folder / "private", folder / "public"
    folder.mkdir()
    for (instrument, year), rows in sorted(scores.items()):
        source = folder / f"{instrument}-{year}.csv"
        write_scores(source, rows)
        program.take_in(private, instrument, year, source)
    if read_scores(private) != scores:
        fail(JUDGE, "scores written with six decimals are not taken in as they are")
    program.run("publish", "--without-witnesses", "--private", private, "--public", public)
    return public


def write_scores(target, rows):
    """A publisher's file of organisation scores, exact to the millionth of a point."""
    with open(target, "w", encoding="utf-8", newline="") as file:
        out = csv.writer(file)
        out.writerow(["organisation", "measure", "value", "respondents"])
        for organisation, measure, score, respondents in rows:
            out.writerow([organisation, measure, f"{score // MILLION}.{score % MILLION:06}", respondents])


def release_of(public):
    """The id of a store's only edition."""
    return read_log(JUDGE, public)[-1].release


def tables_of(public):
    """Digests of the tables of a store's only edition."""
    return {table["name"]: table["digest"] for table in read_log(JUDGE, public)[-1].manifest["tables"]}


def compared_with(given, edition, audit, scores, scratch):
    """The program for witnesses, and the public store that theirs have to equal: the release itself if its blocks have the policy's size."""
    sizes = {own["minBlock"] for own in audit["instruments"].values()}
    if len(sizes) > 1:
        fail(JUDGE, f"the instruments' blocks have different sizes, {sorted(sizes)}, which no policy asks for")
    [size] = sizes
    program = Program(JUDGE, given.mognad, given.definitions)
    larger = size != edition.manifest["policy"]["min_block"]
    if larger:
        # the release's name covers the policy's text, so that it is made again from the data under one that asks for this size
        changes = {"min_block": size, "catalogues": f"[{size}]"}
        program.definitions = definitions_with(changes, given.definitions or ROOT, scratch / "definitions")
    again = publish(program, scores, scratch / "truth")
    if not larger:
        same_release([given.public, again])
        return program, given.public
    if tables_of(given.public) != tables_of(again):
        fail(JUDGE, f"with blocks of {size} from the start the data are published otherwise than after a search that ended there")
    return program, again


# ---- the judge ----


def places(public):
    """What stands in the places of the test suite's requests."""
    table = str(read_log(JUDGE, public)[-1].tables["group_members"])
    rows = duckdb.execute("select group_id, organisation from read_parquet(?) order by all", [table]).fetchall()
    groups, organisations = sorted({row[0] for row in rows}), sorted({row[1] for row in rows})
    blocks = [group for group in groups if group.startswith("block:")]
    members = [",".join(sorted({row[1] for row in rows if row[0] == block})) for block in blocks]
    return {
        "group": groups[:GROUPS], "block": blocks[:GROUPS], "": members[:ORGANISATIONS], "page": PAGES, "value": VALUES,
        "one": organisations[:ORGANISATIONS], "organisation": organisations[:ORGANISATIONS], "id": groups[:GROUPS], "last": PAGES,
        **{name: [release_of(public), "current"] for name in ("release", "earlier", "later", "old", "new")},
        **{name: ["instrument=digital-maturity"] for name in ("DIGITAL", "QUERY", "query")},
        "instrument": ["digital-maturity"], "indicator": ["index", "sense"], "peers": ["block", "similar:12"], "beside": ["own-mean", "all"],
        "gone": organisations[:ORGANISATIONS], "route": ["comparisons", "strengths"], "years": ["2018,2020", "last(2)", "1999"],
        "role": ["leader"], "name": ["figures", "excel-sv"], "format": ["csv", "json-stat"], "language": ["sv", "en"],
    }  # fmt: skip


def control(program, scores, witness, public, folder):
    """Ends the judge unless a witness in which one score is thirty points elsewhere gives another release."""
    own = (witness.instrument, witness.year)
    rows, _ = replaced(scores[own], witness)
    inside = duckdb.execute("select distinct organisation from read_parquet(?)", [str(witness.path)]).fetchall()
    at = next(at for at, row in enumerate(rows) if (row[0],) in inside)
    score = rows[at][2] + (30 if rows[at][2] < 50 * MILLION else -30) * MILLION
    rows[at] = (*rows[at][:2], score, rows[at][3])
    other = publish(program, scores | {own: rows}, folder)
    if release_of(other) == release_of(public):
        fail(JUDGE, "a witness with one score thirty points elsewhere gives the same release, so that equal releases say nothing")


def replayed(program, public, scores, drawn, requests, scratch):
    """Publishes from each witness and sends both stores every request: counts of answers by status, and of organisations that moved."""
    statuses, moved, found = Counter(), [], []
    with serving(JUDGE, program.path, public) as address:
        first = SimpleNamespace(address=address, times=times_of(public))
        for witness in drawn:
            own, folder = (witness.instrument, witness.year), scratch / "witness"
            name = f"witness {witness.number} of {own[0]} {own[1]}, by {witness.method},"
            rows, organisations = replaced(scores[own], witness)
            other = publish(program, scores | {own: rows}, folder)
            if release_of(other) != release_of(public):
                was, now = tables_of(public), tables_of(other)
                differing = [table for table in was if was[table] != now.get(table)]
                fail(JUDGE, f"{name} gives another release; these tables differ: {', '.join(differing)}")
            with serving(JUDGE, program.path, other) as address:
                second = SimpleNamespace(address=address, times=times_of(other))
                differences, answered = replay((first, second), requests)
            found += [[name, *difference] for difference in differences]
            statuses.update(answered)
            moved.append(organisations)
            shutil.rmtree(folder)
    if found:
        for difference in found[:SHOWN]:
            print("\n".join(difference))
        fail(JUDGE, f"{len(found)} answers differ")
    return statuses, moved


def main():
    """Draws, publishes and replays."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--mognad", type=Path, required=True, help="the program")
    parser.add_argument("--private", type=Path, required=True, help="folder of the private store of organisation scores")
    parser.add_argument("--public", type=Path, required=True, help="folder of the public store, published with witnesses once")
    parser.add_argument("--definitions", type=Path, help="folder with `schemas/` that it was published with, if not the built-in ones")
    parser.add_argument("--number", type=int, default=100, help="witnesses to draw")
    parser.add_argument("--seed", type=int, default=1, help="another seed draws others")
    given = parser.parse_args()
    began, editions = time.monotonic(), read_log(JUDGE, given.public)
    if len(editions) != 1:
        fail(JUDGE, f"the store has {len(editions)} editions, and a witness is of the only one")
    [edition] = editions
    audit, scores = read_audit(given.private, edition.release), read_scores(given.private)
    witnesses = list_witnesses(given.private, audit)
    drawn = draw(witnesses, given.number, given.seed)
    corpus = [request for request in read_corpus() if not request["own"]]
    suite = read_suite(JUDGE, ROOT, places(given.public))
    with tempfile.TemporaryDirectory() as scratch:
        scratch = Path(scratch)
        program, public = compared_with(given, edition, audit, scores, scratch)
        control(program, scores, drawn[0], public, scratch / "control")
        release = release_of(public)
        statuses, moved = replayed(program, public, scores, drawn, corpus + suite, scratch)
    methods, out_of = (Counter(one.method for one in some) for some in (drawn, witnesses))
    years = Counter(f"{one.instrument} {one.year}" for one in drawn)
    print(
        f"witnessed: ok, {len(drawn)} witnesses ({', '.join(f'{methods[own]} of {out_of[own]} by {own}' for own in METHODS)};"
        f" {', '.join(f'{years[own]} of {own}' for own in sorted(years))}), in which {min(moved)} to {max(moved)}, mostly"
        f" {statistics.median(moved):.0f}, organisations have other scores, are taken in to the millionth and published as release"
        f" {release[:12]}, as the data are; {len(corpus)} requests of the corpus and {len(suite)} of the test suite are each"
        f" time answered alike ({', '.join(f'{count} times {status}' for status, count in sorted(statuses.items()))});"
        f" {time.monotonic() - began:.0f} s"
    )


if __name__ == "__main__":
    main()
