"""Makes the surveys and definitions of cases out of the program's samples, takes them in and publishes them; what a case is and whether it holds is said elsewhere."""

import csv
import os
import shutil
import subprocess
import tomllib
from types import SimpleNamespace

import numpy as np

from anonymity import read_groups
from opened import fail, open_stores, all_receipts, read_register
from scored import score
from swapped import names

JUDGE = "cases"
INSTRUMENT = "digital-maturity"
SECTOR = "sector:municipality"
YEARS = (2016, 2017, 2018)
# for what needs no more
TWO = YEARS[1:]
LAST = YEARS[-1]
# forms of the files, by the names that `sample` has for them
SCORES, ANSWERS = "organisation-scores", "standard"
# on average; with fewer, many an organisation has less than five who answer enough
RESPONDENTS = 12


def run(program, *options):
    """Ends the judge if the program does not succeed."""
    # any key will do for answers that are made up
    environment = os.environ | {"MOGNAD_PSEUDONYM_KEY": "ab" * 32}
    done = subprocess.run([str(program), *map(str, options)], env=environment, capture_output=True, text=True)
    if done.returncode:
        fail(JUDGE, f"`mognad {options[0]}` failed: {(done.stderr + done.stdout).strip()[-600:]}")


class Workshop:
    """The program, the real register and definitions, and what every organisation answers in a year."""

    def __init__(self, program, schemas, register, folder):
        self.program, self.schemas, self.register, self.folder = program, schemas, register, folder
        self.organisations = {row["id"]: row for row in read_register(register, "organisations")}
        self.instrument = tomllib.loads((schemas / "instrument" / f"{INSTRUMENT}.toml").read_text("utf-8"))
        self.id_of = names(register)
        self.sampled = {}

    def sector(self, name):
        """Ids of a sector's organisations."""
        return sorted(one for one, row in self.organisations.items() if row["kind"] == name)

    def county(self, code):
        """Ids of a county's municipalities."""
        return [one for one in self.sector("municipality") if self.organisations[one]["county"] == code]

    def skr_group(self, code):
        """Ids of the municipalities of one of SKR's groups."""
        rows = read_register(self.register, "memberships")
        return sorted(row["organisation"] for row in rows if (row["version"], row["code"]) == ("2023", code))

    def sample(self, year, sector, form):
        """Rows of every organisation of a sector, by id."""
        key = year, sector, form
        if key not in self.sampled:
            # each year by itself, since participation rises within a plan
            folder = self.folder / "sample" / "-".join(map(str, key))
            run(
                self.program, "sample", "--definitions", self.schemas.parent, "--register", self.register, "--instrument", INSTRUMENT,
                "--years", f"{year}-{year}", "--sectors", sector, "--participation", 1, "--respondents", RESPONDENTS,
                "--form", form, "--to", folder,
            )
            rows = {}
            with open(next(folder.glob("*.csv")), encoding="utf-8-sig", newline="") as file:
                for row in csv.DictReader(file):
                    row["organisation"] = self.id_of[row["organisation"]]
                    rows.setdefault(row["organisation"], []).append(row)
            self.sampled[key] = rows
        return self.sampled[key]

    def survey(self, year, participants, form=SCORES):
        """What participants answer in a year: organisation -> rows, which a case may change."""
        sectors = sorted({self.organisations[one]["kind"] for one in participants})
        rows = {one: own for sector in sectors for one, own in self.sample(year, sector, form).items()}
        return {one: [dict(row) for row in rows[one]] for one in sorted(participants)}

    def surveys(self, years, participants, form=SCORES):
        """The same organisations' answers in several years."""
        return {year: self.survey(year, participants, form) for year in years}

    def definitions(self, name):
        """A copy of the definitions, which a case may change."""
        folder = self.folder / "definitions" / name / "schemas"
        shutil.copytree(self.schemas, folder)
        return folder

    def stores(self, name, schemas=None):
        """Empty stores of their own."""
        folder = self.folder / "stores" / name
        folder.mkdir(parents=True)
        return Stores(self.program, folder, schemas or self.schemas, self.register)

    def published(self, name, surveys, schemas=None):
        """Stores with surveys published together."""
        stores = self.stores(name, schemas)
        for year, survey in surveys.items():
            stores.ingest(year, survey)
        stores.publish()
        return stores


def some(workshop, number, without=()):
    """So many municipalities, always the same ones."""
    pool = sorted(set(workshop.sector("municipality")) - set(without))
    return np.random.default_rng(number).choice(pool, number, replace=False).tolist()


class Stores:
    """A private and a public store, and by what they are made."""

    def __init__(self, program, folder, schemas, register):
        self.program, self.folder, self.schemas, self.register = program, folder, schemas, register
        self.private, self.public = folder / "private", folder / "public"

    @property
    def options(self):
        """What every command takes."""
        return ["--definitions", self.schemas.parent, "--register", self.register, "--private", self.private]

    def ingest(self, year, survey, *options):
        """Takes in what a year's participants answered, in either form; what has findings is left out."""
        rows = [row for own in survey.values() for row in own]
        form = SCORES if "measure" in rows[0] else ANSWERS
        path = self.folder / "survey.csv"
        with open(path, "w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, rows[0])
            writer.writeheader()
            writer.writerows(rows)
        run(self.program, "ingest", *self.options, "--instrument", INSTRUMENT, "--year", year, "--mapping", form, *options, path)

    def replace(self, year, survey):
        """Takes in a corrected survey for the one that a year has."""
        receipts, superseded = all_receipts(self.private)
        [receipt] = [own for own in receipts.values() if own["year"] == year and own["id"] not in superseded]
        self.ingest(year, survey, "--replace", receipt["id"])

    def publish(self, *options):
        """Publishes everything that has been taken in."""
        run(self.program, "publish", "--without-witnesses", *self.options, "--public", self.public, *options)

    def look(self):
        """Both stores opened: groups shown by year, every organisation's scores, and the published tables to ask."""
        own = open_stores(JUDGE, self)
        score(own)
        groups = read_groups(own.connection, "published.group_members", "published.figures").get(INSTRUMENT, {})
        scores = own.connection.execute("select organisation, year, measure, score / 1e6 from scores").fetchall()
        return SimpleNamespace(
            opened=own,
            groups=groups,
            scores={(organisation, year, measure): points for organisation, year, measure, points in scores},
            ask=lambda query, *values: own.connection.execute(query, values).fetchall(),
        )
