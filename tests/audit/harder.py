"""Prepares what the demo has nothing of: coded ends that many means reach, questions for some roles only, uneven weights, and a second round; it judges nothing."""

import argparse
import csv
import re
import shutil
from pathlib import Path

MEAN_ENDS = "[43, 48]"
ROLES = {"q08": ["leader", "staff"], "q11": ["elected"], "q22": ["leader"], "q23": ["leader", "elected"]}
WEIGHTS = {"q05": 1.7, "q29": 0.3}


def replace_once(text, pattern, replacement):
    """A text with the one place that a pattern fits replaced."""
    text, count = re.subn(pattern, replacement, text, flags=re.MULTILINE)
    if count != 1:
        raise SystemExit(f"harder: FAILED, `{pattern}` fits {count} places of a definition and should fit one")
    return text


def with_policy(schemas, target, changes):
    """A copy of the definitions with other values in the policy."""
    shutil.copytree(schemas, target)
    policy = target / "disclosure.toml"
    text = policy.read_text("utf-8")
    for name, value in changes.items():
        text = replace_once(text, rf"^{name} = .*$", f"{name} = {value}")
    policy.write_text(text, "utf-8")


def write_definitions(schemas, target):
    """A copy of the definitions with another policy and a more varied instrument."""
    with_policy(schemas, target, {"mean_ends": MEAN_ENDS})
    instrument = target / "instrument" / "digital-maturity.toml"
    text = instrument.read_text("utf-8")
    for question, roles in ROLES.items():
        names = ", ".join(f'"{role}"' for role in roles)
        text = replace_once(text, rf'^key = "{question}"$', f'key = "{question}"\nroles = [{names}]')
    for question, weight in WEIGHTS.items():
        text = replace_once(text, rf'^key = "{question}"$', f'key = "{question}"\nweight = {weight}')
    instrument.write_text(text, "utf-8")


def write_round(survey, target):
    """Every third organisation's rows of a survey file, as a second round."""
    with open(survey, encoding="utf-8-sig", newline="") as file:
        header, *rows = csv.reader(file)
    place = header.index("organisation")
    kept = set(sorted({row[place] for row in rows})[::3])
    with open(target, "w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([header, *(row for row in rows if row[place] in kept)])


def main():
    """Runs one of the two."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("what", choices=["definitions", "round"])
    parser.add_argument("source", type=Path)
    parser.add_argument("target", type=Path)
    given = parser.parse_args()
    (write_definitions if given.what == "definitions" else write_round)(given.source, given.target)


if __name__ == "__main__":
    main()
