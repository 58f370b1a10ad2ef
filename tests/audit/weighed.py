"""Handlers of figures that are set beside each other: differences with their uncertainty, strengths, paces, before and after; all have to follow from published cells."""

import re
from fractions import Fraction

from compared import mixed, part_sizes
from handled import JUDGE, NOTHING, NUMBER, as_number, cell_of, half_even
from opened import fail

# answers are written in tenths
TENTH = 0.05 + NOTHING
# a difference counts from two standard errors on
ERRORS = 2
RANKED = 3
OTHERS_ERROR_MAX = 2


def demand(row, what, value, again):
    """Ends the judge unless a number is what follows from published cells."""
    if again is None or abs(value - float(again)) > TENTH:
        fail(JUDGE, f"{row['instrument']} {row.get('indicator')} {row.get('group_id')}: {what} is {value}, and {again} follows")


# ---- two sides ----


def side_of(edition, row):
    """Weights of organisations in a row's peers, the squared error of a mixture over that of results, and the rounding."""
    step = edition.policy["mean_step"]
    if row["group_id"]:
        own = edition.members[(row["instrument"], row["group_id"], row["year"])]
        return dict.fromkeys(own, 1 / len(own)), 0.0, step / 2
    parts, weights = part_sizes(row), {}
    total = sum(members for _, members, _ in parts)
    for block, members, size in parts:
        weights |= dict.fromkeys(edition.members[(row["instrument"], block, row["year"])], members / total / size)
    mixture = sum((members / total) ** 2 * (1 - members / size) / members for _, members, size in parts)
    return weights, mixture, step / 2 + 0.5


def uncertainty_of(edition, row, indicator, *sides):
    """How far a difference may be off: roundings, and two standard errors by the published spread."""
    if len(sides) == 2 and sides[0] == sides[1]:
        return 0.0
    weights, mixture, rounding = zip(*sides)
    other = weights[1] if len(weights) == 2 else {}
    apart = sum((weights[0].get(one, 0) - other.get(one, 0)) ** 2 for one in weights[0].keys() | other.keys())
    within = edition.spread.get((row["instrument"], indicator, row["year"]))
    return None if within is None else sum(rounding) + ERRORS * within * (apart + sum(mixture)) ** 0.5


def group_side(edition, row, group):
    """The same for a published group."""
    return side_of(edition, {**row, "group_id": group})


def subject_mean(edition, row, indicator):
    """The peers' mean in a measure: that of their group, or of their blocks'; none where an end is coded."""
    groups = [row["group_id"]] if row["group_id"] else [block for block, _, _ in part_sizes(row)]
    told = {group: edition.means.get((row["instrument"], indicator, group, row["year"])) for group in groups}
    if None in told.values():
        return None
    return told[row["group_id"]] if row["group_id"] else half_even(mixed(row, lambda block: told[block]))


# ---- comparisons ----


def mean_beside(group_of):
    """A handler that demands the published mean of another group."""

    def read(edition, _, row, value):
        demand(row, "the mean beside", value, edition.means.get((row["instrument"], row["indicator"], group_of(row), row["year"])))

    return read


def less(first, second):
    """A handler that demands the difference of two columns of the row."""

    def read(_, __, row, value):
        demand(row, f"{first} less {second}", value, row[first] - row[second])

    return read


def uncertainty_beside(group_of):
    """A handler that demands the uncertainty of the difference from another group; from a number in which nobody counts without one."""

    def read(edition, _, row, value):
        other = [group_side(edition, row, group_of(row))] if group_of else []
        demand(row, "an uncertainty", value, uncertainty_of(edition, row, row["indicator"], side_of(edition, row), *other))

    return read


def value_target_gap(edition, _, row, value):
    """What a value that is tried lacks of the published target."""
    own = row["instrument"], row["indicator"], "all"
    known = [target["to_value"] for target in edition.tables["targets"] if (target["instrument"], target["indicator"], target["group_id"]) == own]
    demand(row, "a value's gap", value, known[0] - row["value"] if known else None)


def no_uncertainty(_, __, row, value):
    """A value that is tried is what it is, and a target too."""
    demand(row, "an uncertainty", value, 0)


def exceeds(difference, uncertainty):
    """A handler that demands whether a difference of the row is larger than its uncertainty, as both are written."""

    def read(_, __, row, value):
        if value != (abs(row[difference]) > row[uncertainty]):
            place = row["instrument"], row["indicator"], row["group_id"]
            fail(JUDGE, f"{place}: {difference} {row[difference]} and {row[uncertainty]}, and it says {value}")

    return read


def change_of(column):
    """A handler that demands what the published table of changes says of the row's group."""

    def read(edition, _, row, value):
        own = edition.changes.get(cell_of(row))
        if own is None or own[column] != value:
            fail(JUDGE, f"{cell_of(row)}: {column} is {value}, and the table of changes does not say so")

    return read


def of_holder(_, __, row, value):
    """Told to the holder of a key only, which no judge is."""
    fail(JUDGE, f"{cell_of(row)}: {value} is told, which is of an organisation's own results")


# ---- paces ----


def pace(edition, _, row, value):
    """Two published means, over the years between."""
    before = edition.means[(row["instrument"], row["indicator"], row["group_id"], row["pace_from_year"])]
    demand(row, "a pace", value, (row["mean"] - before) / (row["year"] - row["pace_from_year"]))


def pace_error(edition, _, row, value):
    """Two halves of a step, over the years between."""
    demand(row, "a pace's error", value, edition.policy["mean_step"] / (row["year"] - row["pace_from_year"]))


def pace_from(edition, _, row, value):
    """A year before, in the same series."""
    series = edition.series.get((row["instrument"], value))
    if value >= row["year"] or series is None or series != edition.series[(row["instrument"], row["year"])]:
        fail(JUDGE, f"{cell_of(row)}: a pace from {value}, which is of the series {series}")


# ---- strengths ----


def ranked_of(edition, instrument):
    """The measures that are ranked: categories, or where there are none the areas below an index."""
    own = [row for row in edition.tables["indicators"] if row["instrument"] == instrument and row["parent"]]
    of_level = {level: [row["indicator"] for row in own if row["level"] == level] for level in ("category", "area")}
    return of_level["category"] or of_level["area"]


def beside_of(edition, row, indicator):
    """What a category is set beside, and how far the difference may be off."""
    side = side_of(edition, row)
    if row["beside"] != "own-mean":
        other = group_side(edition, row, row["beside_group"])
        mean = edition.means.get((row["instrument"], indicator, row["beside_group"], row["year"]))
        return mean, uncertainty_of(edition, row, indicator, side, other)
    shown = [own for own in ranked_of(edition, row["instrument"]) if subject_mean(edition, row, own) is not None]
    if indicator not in shown or len(shown) < 2:
        return None, None
    weights, mixture, rounding = side
    factor, variance, roundings = sum(weight**2 for weight in weights.values()) + mixture, 0.0, 0.0
    for own in shown:
        share = 1 - 1 / len(shown) if own == indicator else 1 / len(shown)
        variance += share**2 * edition.spread[(row["instrument"], own, row["year"])] ** 2 * factor
        roundings += share * rounding
    return Fraction(sum(subject_mean(edition, row, own) for own in shown), len(shown)), roundings + ERRORS * variance**0.5


def strength_organisations(edition, _, row, value):
    """How many peers there are: the members of their group, or those that their blocks are told to have among them."""
    parts = part_sizes(row)
    sizes = {block: len(edition.members[(row["instrument"], block, row["year"])]) for block, _, _ in parts}
    again = sum(members for _, members, _ in parts)
    if row["group_id"]:
        again = len(edition.members[(row["instrument"], row["group_id"], row["year"])])
    if value != again or any(sizes[block] != size or members > size for block, members, size in parts):
        fail(JUDGE, f"{row['instrument']} {row['year']}: {value} organisations, divided as {row['blocks']}")


def strength_value(edition, _, row, value):
    """A category's published mean, or that of the peers' blocks."""
    demand(row, "a category's value", value, subject_mean(edition, row, row["indicator"]))


def strength_beside(edition, _, row, value):
    """The published mean of another group, or the mean of the categories."""
    demand(row, "what a category is set beside", value, beside_of(edition, row, row["indicator"])[0])


def strength_difference(edition, _, row, value):
    """The one less the other."""
    other = beside_of(edition, row, row["indicator"])[0]
    demand(row, "a category's difference", value, None if other is None else subject_mean(edition, row, row["indicator"]) - other)


def strength_uncertainty(edition, _, row, value):
    """How far that may be off."""
    demand(row, "a category's uncertainty", value, beside_of(edition, row, row["indicator"])[1])


def finding(_, __, row, value):
    """Whether the difference exceeds its uncertainty, and which way."""
    again = "not-known"
    if row["difference"] is not None and row["uncertainty"] is not None:
        way = "weaker" if row["difference"] < 0 else "stronger"
        again = way if abs(row["difference"]) > row["uncertainty"] else "within-uncertainty"
    if value != again:
        fail(JUDGE, f"{row['instrument']} {row['indicator']}: said to be {value}, and is {again}")


def rank(edition, _, row, value):
    """One of the three furthest of those that exceed, which no other category shares."""
    if row["finding"] not in ("weaker", "stronger") or not 1 <= value <= RANKED:
        fail(JUDGE, f"{row['instrument']} {row['indicator']}: ranked {value} as {row['finding']}")
    further = 0
    for other in ranked_of(edition, row["instrument"]):
        mean, (reference, uncertainty) = subject_mean(edition, row, other), beside_of(edition, row, other)
        if other == row["indicator"] or None in (mean, reference, uncertainty):
            continue
        own = float(mean - reference)
        further += own * row["difference"] > 0 and abs(own) > max(uncertainty, abs(row["difference"])) + TENTH
        if own * row["difference"] > 0 and abs(own) > uncertainty + TENTH and abs(own - row["difference"]) < NOTHING:
            fail(JUDGE, f"{row['instrument']} {row['indicator']}: ranked {value}, and {other} is as far")
    if further > value - 1:
        fail(JUDGE, f"{row['instrument']} {row['indicator']}: ranked {value}, and {further} are further")


def said(_, __, row, value):
    """A text that repeats numbers of its row and has no others."""
    known = {abs(number) for number in row.values() if isinstance(number, (int, float)) and not isinstance(number, bool)}
    strange = [text for text in re.findall(NUMBER, value) if as_number(text) not in known]
    if strange:
        fail(JUDGE, f"{row['instrument']} {row['indicator']}: the text says {strange[0]}, which its row does not")


def offered(edition, _, row, value):
    """Ids of published courses, for the weakest only."""
    known = {course["course"] for course in edition.tables["courses"]}
    if set(value.split()) - known or row["finding"] != "weaker":
        fail(JUDGE, f"{row['instrument']} {row['indicator']}: courses {value} for what is {row['finding']}")


# ---- before and after ----


def group_mean(when):
    """A handler that demands the group's published mean in the year before or after."""

    def read(edition, _, row, value):
        place = row["instrument"], row["indicator"], row["group_id"], row[f"year_{when}"]
        demand(row, "the group's mean", value, edition.means.get(place))

    return read


def counts(edition, row, when):
    """Organisations in the group and in its sectors."""
    year = row[f"year_{when}"]
    own = edition.members[(row["instrument"], row["group_id"], year)]
    sectors = [edition.members[(row["instrument"], sector, year)] for sector in row["sectors"].split()]
    if own - frozenset().union(*sectors):
        fail(JUDGE, f"{row['group_id']} {year}: members who are in none of {row['sectors']}")
    return len(own), sum(map(len, sectors))


def group_count(when):
    """A handler that demands how many are in the group."""

    def read(edition, _, row, value):
        demand(row, "the group's number", value, counts(edition, row, when)[0])

    return read


def others_count(when):
    """A handler that demands how many stand beside the group."""

    def read(edition, _, row, value):
        own, every = counts(edition, row, when)
        demand(row, "the others' number", value, every - own if row["beside"] == "rest" else every)

    return read


def others(edition, row, when):
    """The others' mean from published means, and how far it may be off."""
    year, step = row[f"year_{when}"], edition.policy["mean_step"]
    own, every = counts(edition, row, when)
    total = Fraction(0)
    for sector in row["sectors"].split():
        size = len(edition.members[(row["instrument"], sector, year)])
        total += size * edition.means[(row["instrument"], row["indicator"], sector, year)]
    if row["beside"] == "sectors":
        return total / every, step / 2
    mean = edition.means[(row["instrument"], row["indicator"], row["group_id"], year)]
    error = step / 2 * (every + own) / (every - own)
    if error > OTHERS_ERROR_MAX + NOTHING:
        fail(JUDGE, f"{row['group_id']} {year}: the others' mean is told, and may be {error} off")
    return (total - own * mean) / (every - own), error


def others_mean(when):
    """A handler that demands the others' mean."""

    def read(edition, _, row, value):
        demand(row, "the others' mean", value, others(edition, row, when)[0])

    return read


def others_error(when):
    """A handler that demands how far that may be off."""

    def read(edition, _, row, value):
        demand(row, "the others' error", value, others(edition, row, when)[1])

    return read


def others_change(edition, _, row, value):
    """The others' means, the later less the earlier."""
    demand(row, "the others' change", value, others(edition, row, "after")[0] - others(edition, row, "before")[0])


def difference_of_changes(edition, _, row, value):
    """The group's change less the others'."""
    change = others(edition, row, "after")[0] - others(edition, row, "before")[0]
    demand(row, "the difference of changes", value, row["group_after"] - row["group_before"] - change)


def errors_of_changes(edition, row):
    """Roundings of both sides in both years."""
    return edition.policy["mean_step"] + others(edition, row, "before")[1] + others(edition, row, "after")[1]


def difference_error(edition, _, row, value):
    """How far the difference may be off through rounding."""
    demand(row, "the difference's error", value, errors_of_changes(edition, row))


def difference_uncertainty(edition, _, row, value):
    """The same with two standard errors, the years unrelated."""
    variance = 0.0
    for when in ("before", "after"):
        own, every = counts(edition, row, when)
        factor = 1 / own + 1 / (every - own) if row["beside"] == "rest" else 1 / own - 1 / every
        variance += edition.spread[(row["instrument"], row["indicator"], row[f"year_{when}"])] ** 2 * factor
    demand(row, "the difference's uncertainty", value, errors_of_changes(edition, row) + ERRORS * variance**0.5)
