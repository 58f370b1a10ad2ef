"""Publishes the cases, surveys of many and of few and registers that set a trap, and has every judge look at each; what the cases are stands in the files that are named after them."""

import argparse
import sys
import tempfile
import time
from pathlib import Path

import cases_members
import cases_values
import cases_years
from cased import CASES, judge
from surveyed import Workshop

# the files whose cases are run, in this order
FILES = (cases_members, cases_values, cases_years)


def arguments():
    """The program, what it is given, and which cases."""
    root = Path(__file__).resolve().parents[2]
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--mognad", type=Path, required=True, help="the program")
    parser.add_argument("--schemas", type=Path, default=root / "schemas", help="folder of the definitions")
    parser.add_argument("--register", type=Path, default=root / "data-samples" / "register", help="folder of the register")
    parser.add_argument("--work", type=Path, help="folder to make and keep; a temporary one unless given")
    parser.add_argument("names", nargs="*", help="cases to run; all unless given")
    given = parser.parse_args()
    unknown = set(given.names) - {own.name for own in CASES}
    if unknown:
        parser.error(f"there is no case `{min(unknown)}`; there are: {', '.join(own.name for own in CASES)}")
    return given


def run(own, workshop):
    """Runs a case and prints its line; whether it held."""
    began, held = time.monotonic(), True
    try:
        stores = own.run(workshop)
        look = stores.look()
        groups = look.groups[max(look.groups)]
        said = f"{len(set().union(*groups.values()))} organisations, {len(groups)} groups, {judge(own, stores)}: ok"
    except SystemExit as end:
        held, said = False, f"FAILED, {end}"
    print(f"{own.name}: {said} [{time.monotonic() - began:.0f} s]", flush=True)
    return held


def main():
    """Runs the cases; one that fails does not keep others from running."""
    given, began = arguments(), time.monotonic()
    chosen = [own for own in CASES if not given.names or own.name in given.names]
    with tempfile.TemporaryDirectory(prefix="mognad-cases-") as folder:
        workshop = Workshop(given.mognad.resolve(), given.schemas.resolve(), given.register.resolve(), given.work or Path(folder))
        failed = [own.name for own in chosen if not run(own, workshop)]
    if failed:
        sys.exit(f"cases: FAILED, {len(failed)} of {len(chosen)}: {', '.join(failed)}")
    print(f"cases: ok, {len(chosen)} of {len(CASES)} [{time.monotonic() - began:.0f} s]")


if __name__ == "__main__":
    main()
