"""Asks our own JSON for everything that a client has to read, and compares what it read with that; clients are in the files beside this one."""

import argparse
import sys
from dataclasses import dataclass
from functools import cached_property

import requests

# an answer that takes longer is one of the findings
PATIENCE_S = 60
# rows of an answer at most
ROWS_MAX = 100_000
# differences that are told of one comparison
TOLD_MAX = 5
# words of a row's status with which there are values
VALUED = {"ok", "provisional", "frozen"}
LANGUAGES = ("sv", "en")
# where there is no row at all
MISSING = (None, "missing")


def fail(judge, message):
    """Ends the judge with a message and a non-zero code."""
    sys.exit(f"{judge}: FAILED, {message}")


def start(judge, description):
    """The arguments that every judge takes, and what our own JSON says."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--address", required=True, help="where the server listens, such as http://127.0.0.1:8080")
    return Expected(judge, parser.parse_args().address.rstrip("/"))


def same(judge, what, read, expected):
    """Fails unless two dictionaries are the same, key by key."""
    missing, added = expected.keys() - read.keys(), read.keys() - expected.keys()
    if missing or added:
        some = sorted(map(str, missing))[:TOLD_MAX] + sorted(map(str, added))[:TOLD_MAX]
        fail(judge, f"{what}: {len(missing)} of {len(expected)} are missing and {len(added)} are not ours: {some}")
    wrong = [f"{key}: {read[key]!r} for {value!r}" for key, value in expected.items() if read[key] != value]
    if wrong:
        fail(judge, f"{what}: {len(wrong)} of {len(expected)} differ: {'; '.join(wrong[:TOLD_MAX])}")


def refused(judge, what, error, call, *said):
    """Fails unless a call ends with this error, and the error's text has these parts."""
    try:
        call()
    except error as refusal:
        for part in said:
            if part not in str(refusal):
                fail(judge, f"{what} is refused without {part!r}: {refusal}")
        return
    fail(judge, f"{what} is not refused")


@dataclass(frozen=True)
class Key:
    """Where a figure stands; a tuple with names."""

    instrument: str
    indicator: str
    group: str
    year: str


class Expected:
    """What our own JSON says, asked for when it is needed."""

    def __init__(self, judge, address):
        self.judge = judge
        self.address = address

    def fail(self, message):
        fail(self.judge, message)

    def same(self, what, read, expected):
        same(self.judge, what, read, expected)

    def refused(self, what, error, call, *said):
        refused(self.judge, what, error, call, *said)

    def get(self, target, status=200, **parameters):
        """An answer of ours, whatever its format."""
        answer = requests.get(self.address + target, params=parameters, timeout=PATIENCE_S)
        if answer.status_code != status:
            self.fail(f"{answer.request.path_url} is answered {answer.status_code}: {answer.text[:400]}")
        return answer

    def document(self, target, **parameters):
        """All rows of a resource in one document."""
        document = self.get(target, limit=ROWS_MAX, **parameters).json()
        if len(document["data"]) != document["page"]["total"]:
            self.fail(f"{target} has {document['page']['total']} rows, more than an answer holds")
        return document

    def table(self, target, **parameters):
        """All rows of a resource."""
        return self.document(target, **parameters)["data"]

    @cached_property
    def instruments(self):
        """Ids in the order of the definitions."""
        return list(dict.fromkeys(row["instrument"] for row in self.table("/v1/indicators")))

    @cached_property
    def indicators(self):
        """Rows by instrument and id."""
        return {(row["instrument"], row["indicator"]): row for row in self.table("/v1/indicators")}

    @cached_property
    def groups(self):
        """Rows by instrument and id."""
        return {(row["instrument"], row["groupId"]): row for row in self.table("/v1/groups")}

    @cached_property
    def columns(self):
        """Descriptions of the columns of figures, by name."""
        return {row["columnName"]: row for row in self.table("/v1/tables/figures")}

    @cached_property
    def measures(self):
        """Names of the measures of figures."""
        return [name for name, row in self.columns.items() if row["isMeasure"]]

    @cached_property
    def about(self):
        """What comes with the figures: release, licence, source, notice."""
        one = self.get("/v1/figures", limit=1).json()
        release = self.get("/v1/releases", limit=ROWS_MAX).json()["data"]
        one["policy"] = next(row["policyDigest"] for row in release if row["release"] == one["release"]["id"])
        one["licence"] = self.get("/v1/api-info").json()["licence"]
        return one

    @cached_property
    def figures(self):
        """Rows by where they stand. A judge that has neither shown nor withheld ones to compare would pass whatever it reads."""
        rows = {}
        for instrument in self.instruments:
            for row in self.table("/v1/figures", instrument=instrument, indicator="*", group="*", year="*"):
                rows[Key(row["instrument"], row["indicator"], row["groupId"], str(row["year"]))] = row
        words = {row["status"] for row in rows.values()}
        if not words & VALUED or "withheld" not in words:
            self.fail(f"the release has no figures that are shown and no withheld ones: {sorted(words)}")
        return rows

    def years(self, instrument):
        """The years of an instrument, ascending."""
        return sorted({key.year for key in self.figures if key.instrument == instrument})

    def cell(self, key, measure):
        """Value and status of a measure. A part of a row that is shown can be held back too."""
        row = self.figures.get(key)
        if row is None:
            return MISSING
        value, status = row[camel(measure)], row["status"]
        if value is None:
            return None, "withheld" if status in VALUED else status
        return value, status if status in VALUED else "ok"

    def cube(self, instrument, indicators=None, groups=None, measures=None, years=None):
        """Every cell of a selection by (indicator, group, measure, year); all of the instrument unless told."""
        own = [key for key in self.figures if key.instrument == instrument]
        axes = (
            indicators or dict.fromkeys(key.indicator for key in own),
            groups or dict.fromkeys(key.group for key in own),
            measures or self.measures,
            years or self.years(instrument),
        )
        return {
            (indicator, group, measure, year): self.cell(Key(instrument, indicator, group, year), measure)
            for indicator in axes[0]
            for group in axes[1]
            for measure in axes[2]
            for year in axes[3]
        }

    def names(self, instrument, language):
        """What indicators and groups are called, by their ids: two dictionaries."""
        name = f"name{language.capitalize()}"
        indicators = {id: row[name] for (own, id), row in self.indicators.items() if own == instrument}
        groups = {id: row[name] for (own, id), row in self.groups.items() if own == instrument}
        return indicators, groups


def camel(name):
    """A column's name as it is in our JSON."""
    first, *others = name.split("_")
    return first + "".join(word.capitalize() for word in others)


def values(cube):
    """A cube's values without their statuses."""
    return {key: value for key, (value, _) in cube.items()}


def told(cube):
    """How much of a cube there is to compare, in words."""
    shown = sum(value is not None for value, _ in cube.values())
    return f"{len(cube)} cells, {shown} of them shown"
