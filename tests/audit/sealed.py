"""Opens an organisation's sealed results with its key, a library for the `age` format and the program `rage`, and judges their size and thresholds."""

import argparse
import subprocess
import tempfile
from pathlib import Path

import duckdb
import pyrage

from opened import fail

STEP = 64 * 1024


def opened_by(program, key, path):
    """What a program for `age` files makes of a sealed file with nothing but the key."""
    done = subprocess.run([program, "--decrypt", "--identity", key, path], capture_output=True, check=False)
    if done.returncode:
        fail("sealed", f"{program.name} does not open {path.name}: {done.stderr.decode(errors='replace').strip()}")
    return done.stdout


def main():
    """Judges the newest sealed file of the organisation."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--public", type=Path, required=True, help="folder of the public store")
    parser.add_argument("--key", type=Path, required=True, help="file with the organisation's key")
    parser.add_argument("--organisation", required=True, help="organisation id")
    parser.add_argument("--rage", type=Path, required=True, help="the program `rage`")
    given = parser.parse_args()
    files = sorted((given.public / "own").glob(f"*/{given.organisation}.parquet.age"))
    if not files:
        fail("sealed", f"there are no sealed results of {given.organisation}")
    content = files[-1].read_bytes()
    plain = pyrage.decrypt(content, [pyrage.x25519.Identity.from_str(given.key.read_text().strip())])
    if opened_by(given.rage, given.key, files[-1]) != plain:
        fail("sealed", "the program and the library find different things")
    if len(plain) % STEP:
        fail("sealed", f"the results are {len(plain)} bytes long, which is no multiple of {STEP} and tells how much there is")
    try:
        pyrage.decrypt(content, [pyrage.x25519.Identity.generate()])
        fail("sealed", "a key of nobody opens the results")
    except pyrage.DecryptError:
        pass
    with tempfile.TemporaryDirectory() as folder:
        table = Path(folder) / "own.parquet"
        table.write_bytes(plain)
        rows = duckdb.execute(
            "select instrument, scope, status, respondents, score, change from read_parquet(?)", [str(table)]
        ).fetchall()
    # an instrument that an organisation answers as one has no respondents to be kept apart
    of_people = [row for row in rows if row[0] != "indicator-list"]
    few = [row for row in of_people if row[2] == "ok" and row[3] < {"unit": 10, "unit-role": 10}.get(row[1], 5)]
    told = [row for row in rows if row[2] != "ok" and (row[4] is not None or row[5] is not None)]
    if few or told or not of_people:
        fail("sealed", f"{len(few)} rows are about too few people, {len(told)} hold a number though they are not shown")
    shown = sum(row[2] == "ok" for row in rows)
    print(f"sealed: ok, {len(plain)} bytes opened with the key and with no other, {shown} of {len(rows)} rows shown, none of few people")


if __name__ == "__main__":
    main()
