"""Handlers of published numbers: makes linear rows and histograms of some, and demands that all others follow from what is public anyway; which column has which handler is the registry's."""

import re
from collections import defaultdict, namedtuple
from fractions import Fraction

from opened import fail

JUDGE = "published"
# numbers that come as floating point are equal if they are closer than this
NOTHING = 1e-6
# a number in a text
NUMBER = r"\d+(?:[.,]\d+)?"

# What a mean is taken over: a year's members, and for a change the year before; `coded` are the blocks whose mean is only told as
# lying beyond an end, of which every other number holds the end: (members, year, end).
Shape = namedtuple("Shape", "year before members coded")


class Collected:
    """Rows by instrument and indicator, histograms, and the facts that handlers look things up in."""

    def __init__(self):
        self.rows = defaultdict(dict)
        self.histograms = {}
        self.handled = defaultdict(int)
        self.responses = 0
        self.measures = {}
        self.answers = defaultdict(dict)
        self.headline = {}
        self.sector = {}
        self.values = defaultdict(set)

    def add(self, instrument, indicator, shape, low, high, what):
        """A row: what the shape's value lies between."""
        own = self.rows[(instrument, indicator)]
        if own.setdefault(shape, (low, high)) != (low, high):
            fail(JUDGE, f"{what}: two numbers are published of the same organisations and measure; corrections are not covered")


def terms(shape):
    """Weights by (organisation, year), and the constant part, of what a row tells."""
    weights, constant, share = defaultdict(float), 0.0, 1.0 / len(shape.members)
    for year, sign in ((shape.year, 1.0), (shape.before, -1.0)):
        if year is None:
            continue
        for member in shape.members:
            weights[(member, year)] += sign * share
        for block, when, end in shape.coded:
            if when == year:
                # coded blocks' members are moved together until their mean is at the end
                part = len(block & shape.members) * share * sign
                constant += part * end
                for member in block:
                    weights[(member, year)] -= part / len(block)
    return {place: weight for place, weight in weights.items() if abs(weight) > 1e-15}, constant


def whole(number):
    """The number as a whole one; a finer one would tell more than the rows made of it."""
    if number != int(number):
        fail(JUDGE, f"{number} is no whole number, so that it tells more than its row says")
    return int(number)


def as_number(text):
    """A number in a text file, with the point or comma that it has."""
    return float(text.replace(",", ".").replace("\u2212", "-"))


def half_even(number):
    """A fraction rounded, ties to even."""
    return round(Fraction(number))


# ---- handlers: (edition, collected, row, value) ----


def words(*_):
    """Names, keys and texts: nothing about anybody's result."""


def key(*_):
    """A number that says which row it is."""


def public_fact(*_):
    """A number of the register, of a definition or of a target: known before anybody answered."""


def bookkeeping(*_):
    """A number of the publication itself: its place in the log, sizes, pages."""


def of_a_file(_, collected, row, value):
    """A value that one release has and another has not: it must stand in that column of a published file."""
    if str(value) not in collected.values[(row["table_name"], row["column_name"])]:
        fail(JUDGE, f"a difference tells {value} of {row['table_name']}.{row['column_name']}, which no file does")


def cell_of(row):
    """Instrument, indicator, group and year of a figure's row."""
    return row["instrument"], row["indicator"], row.get("group_id") or row.get("population"), row["year"]


def coded_within(edition, instrument, indicator, year, members):
    """The coded blocks of a year that share members with a set."""
    coded = edition.coded.get((instrument, indicator, year), ())
    return tuple((block, year, end) for block, end in coded if block & members)


def mean_row(edition, collected, row, value):
    """A mean: of every member of the group, to the nearest step, or beyond an end."""
    instrument, indicator, group, year = cell_of(row)
    members = edition.members.get((instrument, group, year))
    what = f"{instrument} {indicator} {group} {year}"
    if not members:
        fail(JUDGE, f"{what} has a mean, and nobody is told to be in it")
    step = edition.policy["mean_step"]
    if whole(value) % step:
        fail(JUDGE, f"{what}: {value} is no multiple of {step}")
    bound = row.get("mean_bound") or row.get("value_bound")
    low = 0 if bound == "le" else value if bound == "ge" else value - step / 2
    high = 100 if bound == "ge" else value if bound == "le" else value + step / 2
    coded = coded_within(edition, instrument, indicator, year, members)
    if any(members == block for block, _, _ in coded):
        # its own bound is what is told of a coded block
        coded = ()
    collected.add(instrument, indicator, Shape(year, None, members, coded), low, high, what)


def matched_row(edition, collected, row, value):
    """The change of the organisations in both years, to the nearest step."""
    instrument, indicator, group, year = cell_of(row)
    members = edition.panels[(instrument, group, year)]
    coded = sum((coded_within(edition, instrument, indicator, of, members) for of in (year, year - 1)), ())
    step = edition.policy["mean_step"]
    if whole(value) % step:
        fail(JUDGE, f"{instrument} {indicator} {group} {year}: {value} is no multiple of {step}")
    shape = Shape(year, year - 1, members, coded)
    collected.add(instrument, indicator, shape, value - step / 2, value + step / 2, f"change of {group} {year}")


def change(edition, _, row, value):
    """The difference of two published means, which adds nothing to them."""
    instrument, indicator, group, year = cell_of(row)
    now, before = (edition.means.get((instrument, indicator, group, of)) for of in (year, year - 1))
    if now is None or before is None or value != now - before:
        fail(JUDGE, f"{instrument} {indicator} {group} {year}: the change of {value} is not the difference of {now} and {before}")


def composition(_, __, row, value):
    """The change less the matched one."""
    if value != row["change"] - row["change_matched"]:
        fail(JUDGE, f"{cell_of(row)}: the change by composition is no difference of the other two")


def organisations(edition, _, row, value):
    """How many are in the group, which its members tell."""
    members = edition.members.get((row["instrument"], cell_of(row)[2], row["year"]), ())
    if value != len(members):
        fail(JUDGE, f"{cell_of(row)}: {value} organisations, and {len(members)} members are told")


def organisations_matched(edition, _, row, value):
    """How many are in the group in both years."""
    members = edition.panels.get((row["instrument"], cell_of(row)[2], row["year"]), ())
    if value != len(members):
        fail(JUDGE, f"{cell_of(row)}: {value} organisations in both years, and {len(members)} members are told")


def respondents(edition, _, row, value):
    """People, not results: in tens, and no small number."""
    if value % 10 or value < edition.policy["min_respondents_cell"]:
        fail(JUDGE, f"{cell_of(row)}: {value} respondents are told")


def cross_respondents(edition, _, row, value):
    """People in a cell of a publisher's own table, not results: nobody, or in tens and no small number."""
    if value:
        respondents(edition, _, {**row, "indicator": row["category"]}, value)


def class_count(edition, collected, row, value):
    """Organisations in a class of a histogram."""
    instrument, indicator, group, year = cell_of(row)
    width = edition.policy["histogram_step"]
    if (row["class_to"] - row["class_from"], row["class_from"] % width) != (width, 0):
        fail(JUDGE, f"{cell_of(row)}: a class from {row['class_from']} to {row['class_to']}")
    members = edition.members.get((instrument, group, year))
    if not members:
        fail(JUDGE, f"{cell_of(row)} has a distribution, and nobody is told to be in it")
    own = edition.histograms.setdefault((instrument, indicator, group, year), {})
    if own.setdefault(row["class_from"] // width, value) != value:
        fail(JUDGE, f"{cell_of(row)}: two counts of the class from {row['class_from']}")
    collected.histograms.setdefault((instrument, indicator, year), {})[members] = own


def quantile(quarter):
    """A handler that demands what a quantile read off the published histogram is."""

    def read(edition, _, row, value):
        instrument, indicator, group, year = cell_of(row)
        own = edition.histograms.get((instrument, indicator, group, year), {})
        total, before = sum(own.values()), 0
        width, step = edition.policy["histogram_step"], edition.policy["quantile_step"]
        for place, count in sorted(own.items()):
            if count and (before + count) * 4 >= total * quarter:
                position = width * (place + (Fraction(total * quarter, 4) - before) / count)
                if value == half_even(position / step) * step:
                    return
                break
            before += count
        fail(JUDGE, f"{cell_of(row)}: the quantile {value} is not what the published histogram gives")

    return read


def deviation(edition, _, row, value):
    """The spread within blocks, read off the published histograms."""
    instrument, indicator, year = row["instrument"], row["indicator"], row["year"]
    width, squares, freedom = edition.policy["histogram_step"], 0.0, 0
    for group in edition.blocks.get((instrument, year), ()):
        own = edition.histograms.get((instrument, indicator, group, year), {})
        count = sum(own.values())
        middle = sum((place + 0.5) * width * number for place, number in own.items()) / max(count, 1)
        squares += sum(((place + 0.5) * width - middle) ** 2 * number for place, number in own.items())
        freedom += max(count - 1, 0)
    again = max(squares / max(freedom, 1) - width**2 / 12, 0.0) ** 0.5
    if abs(value - again) > 0.05 + NOTHING:
        fail(JUDGE, f"{instrument} {indicator} {year}: the spread {value} is not what the published histograms give")


def target_of(edition, row):
    """The published target of a headline."""
    found = [own for own in edition.tables["targets"] if (own["instrument"], own["indicator"], own["group_id"]) == cell_of(row)[:3]]
    if len(found) != 1:
        fail(JUDGE, f"{cell_of(row)}: there are {len(found)} published targets for a headline that has one")
    return found[0]


def of_target(reckon):
    """A handler that demands a number reckoned from the headline and the published target."""

    def read(edition, _, row, value):
        again = reckon(row, target_of(edition, row))
        if again is None or abs(value - again) > 0.05 + NOTHING:
            fail(JUDGE, f"{cell_of(row)}: {value} beside the target, and {again} follows from what is published")

    return read


def path_value(row, target):
    """Where the straight line to the target stands."""
    gone = min(row["year"], target["to_year"]) - target["from_year"]
    return target["from_value"] + (target["to_value"] - target["from_value"]) * gone / (target["to_year"] - target["from_year"])


def value_at_pace(row, target):
    """Where last year's change leads in the target's year."""
    return min(100, max(0, row["value"] + row["change"] * (target["to_year"] - row["year"])))


def sentence(_, __, row, value):
    """A text that repeats numbers of its row, also those in the group's name, and has no others."""
    known = {abs(number) for number in row.values() if isinstance(number, (int, float)) and not isinstance(number, bool)}
    named = re.findall(NUMBER, row["population_name_sv"] + " " + row["population_name_en"])
    known |= {as_number(text) for text in named}
    strange = [text for text in re.findall(NUMBER, value) if as_number(text) not in known]
    if strange:
        fail(JUDGE, f"{cell_of(row)}: the sentence says {strange[0]}, which its row does not")
