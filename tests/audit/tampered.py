"""Judges the judges: damages copies of a release in known ways, re-made so that every digest fits, and demands that each is found."""

import json
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import duckdb

from opened import arguments, compact, digest_of, fail

# which judge must fail, a part of what it must say, and how the tables are changed
CHANGES = [
    ("means", "mean", {"figures": "update t set mean = mean + 1 where rowid = (select max(rowid) from t where status = 'ok')"}),
    ("means", "respondents", {"figures": "update t set respondents = respondents + 10 where rowid = (select min(rowid) from t"
                                         " where respondents is not null)"}),
    ("means", "median", {"figures": "update t set median = median + 5 where rowid = (select max(rowid) from t where median < 90)"}),
    ("means", "is not published", {"figures": "delete from t where rowid = (select min(rowid) from t where status = 'ok')"}),
    ("means", "organisations", {"blocks": "update t set organisations = organisations + 1 where rowid = 0"}),
    ("means", "change_matched", {"changes": "update t set change_matched = change_matched + 1 where rowid ="
                                            " (select min(rowid) from t where change_matched is not null)"}),
    # a size band without one of its members: the sector less the other bands gives that one away
    ("anonymity", "effective anonymity of 1.000", {"group_members": "delete from t where rowid = (select min(rowid) from t"
                                                                     " where group_id like 'size:%')"}),
    # a county that is said to be withheld although it is the sector less the other counties
    ("anonymity", "follows from shown ones", {
        "figures": "update t set status = 'withheld', mean = null, answers_with = 'sector:municipality' where (instrument, group_id, year) in"
                   " (select instrument, group_id, year from t where status = 'ok' and group_id like 'county:%'"
                   " and group_id not like '%+%' order by all limit 1)",
        "group_members": "delete from t where (instrument, group_id, year) in (select instrument, group_id, year from t"
                         " where group_id like 'county:%' and group_id not like '%+%' order by all limit 1)",
    }),
]


def changed(public, changes):
    """Changes tables of a copied public store and makes manifest and log fit them."""
    log = sorted((public / "commits").glob("*.json"))
    commit = json.loads(log[-1].read_bytes())
    folder = public / "releases" / f"{commit['publishedAs']:020}"
    manifest = json.loads((folder / f"{commit['manifest']}.json").read_bytes())
    for table in manifest["tables"]:
        if table["name"] not in changes:
            continue
        connection = duckdb.connect()
        source, target = public / "data" / f"{table['digest']}.parquet", public / "data" / "changed.parquet"
        connection.execute("create table t as select * from read_parquet(?)", [str(source)])
        [(touched,)] = connection.execute(changes[table["name"]]).fetchall()
        if not touched:
            fail("tampered", f"a change of {table['name']} finds nothing to change; adapt it to the release")
        connection.execute(f"copy t to '{target}' (format parquet)")
        [(table["rows"],)] = connection.execute("select count(*) from t").fetchall()
        table["digest"], table["bytes"] = digest_of(target.read_bytes()), target.stat().st_size
        target.rename(public / "data" / f"{table['digest']}.parquet")
    tables = {table["name"]: table["digest"] for table in manifest["tables"]}
    # the private audit stays where the untouched release has it
    was = manifest["release"]
    manifest["release"] = digest_of(compact([tables, manifest["policyDigest"], manifest["methodDigests"]]))
    commit["release"] = manifest["release"]
    content = compact(manifest)
    commit["manifest"] = digest_of(content)
    (folder / f"{commit['manifest']}.json").write_bytes(content)
    log[-1].write_bytes(compact(commit))
    return was, manifest["release"]


def judged(judge, private, public, given):
    """Exit code and output of a judge."""
    script = Path(__file__).with_name(f"{judge}.py")
    command = [sys.executable, script, "--private", private, "--public", public, "--schemas", given.schemas]
    done = subprocess.run([*map(str, command), "--register", str(given.register)], capture_output=True, text=True)
    return done.returncode, done.stdout + done.stderr


def expect(judge, message, private, public, given):
    """Ends with a failure unless the judge does, for the reason expected."""
    code, said = judged(judge, private, public, given)
    if code == 0 or f"{judge}: FAILED" not in said or message not in said:
        fail("tampered", f"{judge} should have failed with `{message}`; it ended with {code} and said:\n{said}")


def main():
    """Damages and demands."""
    given = arguments(__doc__)
    count = 0
    with tempfile.TemporaryDirectory() as scratch:
        scratch = Path(scratch)

        def copy(count):
            private, public = scratch / f"{count}-private", scratch / f"{count}-public"
            shutil.copytree(given.private, private)
            shutil.copytree(given.public, public)
            return private, public

        for judge, message, changes in CHANGES:
            private, public = copy(count)
            was, now = changed(public, changes)
            (private / "audit" / was).rename(private / "audit" / now)
            expect(judge, message, private, public, given)
            count += 1

        # a flipped bit in a table, in an answer, and a log whose last entry has another predecessor
        for message, folder, pattern in [
            ("does not match the digest in its manifest", "public", "data/*.parquet"),
            ("does not match the digest in its receipt", "private", "microdata/*/*/*.parquet"),
        ]:
            places = dict(zip(["private", "public"], copy(count)))
            # in every file, since some may be named by no release any more
            for path in places[folder].glob(pattern):
                content = bytearray(path.read_bytes())
                content[len(content) // 2] ^= 1
                path.write_bytes(content)
            expect("opened", message, places["private"], places["public"], given)
            count += 1
        private, public = copy(count)
        last = sorted((public / "commits").glob("*.json"))[-1]
        commit = json.loads(last.read_bytes())
        commit["previous"] = digest_of(b"another entry")
        last.write_bytes(compact(commit))
        expect("opened", "the entry before it", private, public, given)
        count += 1
    print(f"tampered: ok, each of {count} damaged copies is found by its judge")


if __name__ == "__main__":
    main()
