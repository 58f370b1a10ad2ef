"""Makes stores of organisation scores and publishes them with witnesses; what is done with the witnesses is said elsewhere."""

import argparse
import json
import os
import shutil
import subprocess
from pathlib import Path
from types import SimpleNamespace

from harder import with_policy
from opened import fail

JUDGE = "proven"
# with smaller blocks some results of samples of this size lack witnesses, and the search begins again with larger ones
BLOCKS = {"min_block": "30", "catalogues": "[30]"}
# Draws settle nearly everything, and a pull the rest. Something is left for programmes only where so much width is asked for that
# it can hardly be had; where that is too much, the next of these is asked for.
WIDTHS = (28, 26, 23, 20)
# A probability is estimated, and among twenty thousand one lies a little above the limit now and then; 0.75 is the policy's.
PROBABILITIES = (0.75, 0.85, 0.9)
STORES = {
    "small": SimpleNamespace(
        surveys={"digital-maturity": [2020]},
        sample=("--sectors", "municipality", "--participation", "0.3", "--seed", "4"),
        policies=[BLOCKS | {"witness_width": str(width), "bin_probability_max": str(PROBABILITIES[-1])} for width in WIDTHS],
    ),
    "large": SimpleNamespace(
        surveys={"digital-maturity": [2018, 2019, 2020], "indicator-list": [2019, 2020]},
        sample=("--participation", "0.3", "--seed", "2"),
        policies=[BLOCKS | {"bin_probability_max": str(probability)} for probability in PROBABILITIES],
    ),
}
REFUSED = 1


class Program:
    """The program with its definitions, for a judge that ends if it does not succeed."""

    def __init__(self, judge, path, definitions):
        self.judge, self.path, self.definitions = judge, path.resolve(), definitions

    def run(self, command, *options, may_refuse=False):
        """What it prints; none if it refuses and may."""
        own = ["--definitions", self.definitions] if self.definitions else []
        # any key will do for scores, which have no respondents
        environment = os.environ | {"MOGNAD_PSEUDONYM_KEY": "ab" * 32}
        line = [str(part) for part in (self.path, command, *own, *options)]
        done = subprocess.run(line, env=environment, capture_output=True, text=True)
        if done.returncode == REFUSED and may_refuse:
            return None
        if done.returncode:
            fail(self.judge, f"`mognad {command}` failed: {(done.stderr + done.stdout).strip()[-600:]}")
        return done.stdout

    def take_in(self, private, instrument, year, source):
        """Takes in a file of organisation scores."""
        survey = ("--strict", "--instrument", instrument, "--year", year, "--mapping", "organisation-scores")
        self.run("ingest", *survey, "--private", private, source)


def definitions_with(changes, source, folder):
    """A copy of the definitions with other values in the policy."""
    with_policy(source / "schemas", folder / "schemas", changes)
    if (source / "sql").exists():
        shutil.copytree(source / "sql", folder / "sql")
    return folder


def main():
    """Makes one of the stores."""
    root = Path(__file__).resolve().parents[2]
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--mognad", type=Path, required=True, help="the program")
    parser.add_argument("--definitions", type=Path, default=root, help="folder with `schemas/`")
    parser.add_argument("--store", choices=STORES, required=True, help="which store")
    parser.add_argument("--to", type=Path, required=True, help="folder to make anew, with stores and definitions")
    given = parser.parse_args()
    store, definitions = STORES[given.store], given.to / "definitions"
    program = Program(JUDGE, given.mognad, None)
    shutil.rmtree(given.to, ignore_errors=True)
    for instrument, years in store.surveys.items():
        span = ("--instrument", instrument, "--years", f"{years[0]}-{years[-1]}")
        program.run("sample", *span, *store.sample, "--form", "organisation-scores", "--to", given.to / "sample")
        for year in years:
            [source] = (given.to / "sample").glob(f"{instrument}-{year}.*csv")
            program.take_in(given.to / "private", instrument, year, source)
    said = None
    for policy in store.policies:
        shutil.rmtree(definitions, ignore_errors=True)
        program.definitions = definitions_with(policy, given.definitions, definitions)
        stores = ("--private", given.to / "private", "--public", given.to / "public")
        said = program.run("publish", "--json", *stores, may_refuse=True)
        if said:
            break
    if not said:
        fail(JUDGE, f"the {given.store} store is not published, since some results have no witnesses")
    asked = ", ".join(f"{name} = {value}" for name, value in policy.items())
    for instrument, own in json.loads(said)["instruments"].items():
        for year, outcome in own["witnesses"].items():
            settled = ", ".join(f"{outcome['settled'][method]} by {method}" for method in ("walk", "pull", "solver"))
            told = f"{outcome['witnesses']} witnesses of {outcome['organisations']} organisations, results settled: {settled}"
            print(f"proven: {instrument} {year}: {told} ({asked})")


if __name__ == "__main__":
    main()
