"""Opens both stores as files: follows the commit log, verifies every digest, and loads receipts, definitions and published tables; nothing is computed here."""

import argparse
import csv
import hashlib
import json
import re
import sys
import tomllib
from pathlib import Path
from types import SimpleNamespace

import duckdb

# a version without a last year is in use until here
LAST_YEAR = 2100


def fail(judge, message):
    """Ends the judge with a message and a non-zero code."""
    sys.exit(f"{judge}: FAILED, {message}")


def arguments(description):
    """The arguments that every judge takes."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--private", type=Path, required=True, help="folder of the private store")
    parser.add_argument("--public", type=Path, required=True, help="folder of the public store")
    parser.add_argument("--schemas", type=Path, required=True, help="folder of the definitions")
    parser.add_argument("--register", type=Path, help="folder of the register (beside the definitions unless given)")
    given = parser.parse_args()
    given.register = given.register or given.schemas.parent / "data-samples" / "register"
    return given


def open_stores(judge, given):
    """Everything that a judge needs: policy, editions, receipts, instruments, and a connection with the published tables."""
    editions = read_log(judge, given.public)
    standing = [edition for edition in editions if not edition.withdrawn]
    if not standing:
        fail(judge, "the commit log has no standing release")
    current = standing[-1]
    connection = duckdb.connect()
    connection.execute("create schema published")
    for name, path in current.tables.items():
        connection.execute(f"create table published.{name} as select * from read_parquet(?)", [str(path)])
    connection.execute(
        "create macro half_even(x) as case when x - floor(x) < 0.5 then floor(x) when x - floor(x) > 0.5 then floor(x) + 1"
        " else 2 * floor((floor(x) + 1) / 2) end"
    )
    return SimpleNamespace(
        connection=connection,
        manifest=current.manifest,
        policy=current.manifest["policy"],
        release=current.release,
        editions=[edition for edition in editions if edition.tables],
        receipts=read_receipts(judge, given.private, editions[-1].release),
        waiting=read_waiting(judge, given.private, editions[-1].release),
        instruments=read_instruments(given.schemas),
        given=given,
    )


def digest_of(content):
    """SHA-256 of bytes, as 64 hexadecimal digits."""
    return hashlib.sha256(content).hexdigest()


def compact(value):
    """JSON without blanks, keys in the order in which they were read."""
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False).encode()


def read_log(judge, public):
    """Every publication, oldest first, with verified manifest and tables; those of a release taken back may be erased."""
    paths = sorted((public / "commits").glob("*.json"))
    previous, commits = None, []
    for at, path in enumerate(paths, start=1):
        content = path.read_bytes()
        commit = json.loads(content)
        if path.name != f"{at:020}.json" or commit["sequence"] != at:
            fail(judge, f"{path.name} is number {commit['sequence']} in the log and should be {at}")
        if commit["previous"] != previous:
            fail(judge, f"{path.name} does not name the digest of the entry before it")
        previous = digest_of(content)
        commits.append(commit)
    withdrawn = set()
    for commit in commits:
        (withdrawn.add if commit["kind"] == "withdraw" else withdrawn.discard)(commit["release"])
    publications = [commit for commit in commits if commit["kind"] == "publish"]
    return [read_edition(judge, public, commit, commit["release"] in withdrawn) for commit in publications]


def read_edition(judge, public, commit, withdrawn):
    """One publication: its manifest and the paths of its tables by name, after their digests are verified."""
    edition = SimpleNamespace(release=commit["release"], withdrawn=withdrawn, manifest=None, tables={})
    path = public / "releases" / f"{commit['publishedAs']:020}" / f"{commit['manifest']}.json"
    if withdrawn and not path.exists():
        return edition
    content = path.read_bytes()
    if digest_of(content) != commit["manifest"]:
        fail(judge, f"manifest {path.name} does not match the digest in the log")
    manifest = edition.manifest = json.loads(content)
    if digest_of(compact(manifest["policy"])) != manifest["policyDigest"]:
        fail(judge, f"the policy in manifest {path.name} does not match its digest")
    tables = {table["name"]: table["digest"] for table in sorted(manifest["tables"], key=lambda table: table["name"])}
    identity = digest_of(compact([tables, manifest["policyDigest"], manifest["methodDigests"]]))
    if not identity == manifest["release"] == commit["release"]:
        fail(judge, f"release {commit['release']} is not named by its tables, policy and methods")
    for table in manifest["tables"]:
        path = public / "data" / f"{table['digest']}.parquet"
        if withdrawn and not path.exists():
            return edition
        content = path.read_bytes()
        if digest_of(content) != table["digest"]:
            fail(judge, f"table {table['name']} does not match the digest in its manifest")
        [(rows,)] = duckdb.execute("select count(*) from read_parquet(?)", [str(path)]).fetchall()
        if (len(content), rows) != (table["bytes"], table["rows"]):
            fail(judge, f"table {table['name']} does not have the bytes and rows that its manifest says")
        edition.tables[table["name"]] = path
    return edition


def all_receipts(private):
    """Every receipt by id, and the ids of those that another one supersedes."""
    receipts = [json.loads(path.read_bytes()) for path in sorted((private / "receipts").glob("*/*.json"))]
    return {own["id"]: own for own in receipts}, {old for own in receipts for old in own["supersedes"]}


def read_receipts(judge, private, release):
    """The receipts that a release is made of, each with the paths of its parts, after their digests are verified.

    Beside an earlier edition some organisations' results wait: those come from the receipts that the audit names, `only` for
    them, and are `left_out` of the receipts that count now.
    """
    receipts, superseded = all_receipts(private)
    waiting = read_waiting(judge, private, release)
    chosen = []
    for receipt in receipts.values():
        if receipt["id"] not in superseded:
            waits = [own["organisations"] for own in waiting.get(receipt["instrument"], []) if own["year"] == receipt["year"]]
            chosen.append({**receipt, "only": None, "left_out": sorted(set().union(*waits))})
    for own in (own for many in waiting.values() for own in many):
        chosen += [{**receipts[one], "only": own["organisations"], "left_out": []} for one in own["receipts"]]
    for receipt in chosen:
        folder = private / "microdata" / receipt["instrument"] / f"year={receipt['year']}"
        receipt["paths"] = [folder / f"{part['digest']}.parquet" for part in receipt["parts"]]
        for part, path in zip(receipt["parts"], receipt["paths"]):
            if digest_of(path.read_bytes()) != part["digest"]:
                fail(judge, f"microdata part {path.name} does not match the digest in its receipt")
    return chosen


def read_waiting(judge, private, release):
    """What waits beside an earlier edition, by instrument: year, receipts that it comes from, organisations."""
    paths = sorted((private / "audit" / release).glob("*.json"))
    if not paths:
        fail(judge, f"there is no audit of release {release}")
    instruments = json.loads(paths[0].read_bytes())["instruments"]
    return {instrument: own["basis"].get("waiting", []) for instrument, own in instruments.items()}


def read_instruments(schemas):
    """Definitions of instruments by id, as written."""
    files = sorted((schemas / "instrument").glob("*.toml"))
    return {own["id"]: own for own in (tomllib.loads(path.read_text("utf-8")) for path in files)}


def read_register(folder, name):
    """A table of the register as a list of rows; lines that open with # say where it comes from."""
    lines = (folder / f"{name}.csv").read_text("utf-8").splitlines()
    return list(csv.DictReader(line for line in lines if not re.match(r"\s*#", line)))


def main():
    """Verifies both stores."""
    given = arguments(__doc__)
    stores = open_stores("opened", given)
    rows = sum(table["rows"] for table in stores.manifest["tables"])
    parts = sum(len(receipt["paths"]) for receipt in stores.receipts)
    print(
        f"opened: ok, {len(stores.editions)} editions, current {stores.release[:12]} with {len(stores.manifest['tables'])}"
        f" tables and {rows} rows, {len(stores.receipts)} receipts with {parts} parts, every digest verified"
    )


if __name__ == "__main__":
    main()
