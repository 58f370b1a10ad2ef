"""Finds the PxWeb face's tables of figures and says what JSON-stat's members mean; the clients that read them are in files of their own."""

from expected import MISSING

FACE = "/pxweb/api/v2"
# one table for each instrument
TABLE = "figures-{}"
GROUP, INDICATOR, MEASURE, TIME = VARIABLES = "group_id", "indicator", "ContentsCode", "Tid"
# what stands for a status where there is no value; the PX format's symbols, as our documentation lists them
SYMBOLS = {"withheld": "..", "not-applicable": ".", "not-comparable": "...", "missing": "...."}


def tables(expected, ids):
    """Instruments by their tables' ids; every instrument has one."""
    wanted = {TABLE.format(instrument): instrument for instrument in expected.instruments}
    if not wanted.keys() <= set(ids):
        expected.fail(f"of the tables {sorted(wanted)} there are {sorted(set(ids))}")
    return wanted


def codes(dataset, variable):
    """A dimension's codes in the order of its values."""
    index = dataset["dimension"][variable]["category"]["index"]
    return sorted(index, key=index.get)


def cells(expected, dataset):
    """Value and symbol of each cell by (indicator, group, measure, year), as JSON-stat's text says and not as a client reads it."""
    ids, size = dataset["id"], dataset["size"]
    axes = {variable: codes(dataset, variable) for variable in ids}
    if set(ids) != set(VARIABLES) or size != [len(axes[variable]) for variable in ids]:
        expected.fail(f"a dataset has the dimensions {ids} of {size}")
    status = dataset.get("status", {})
    found = {}
    for at, value in enumerate(dataset["value"]):
        rest, place = at, {}
        for variable, length in zip(reversed(ids), reversed(size)):
            rest, position = divmod(rest, length)
            place[variable] = axes[variable][position]
        found[place[INDICATOR], place[GROUP], place[MEASURE], place[TIME]] = value, status.get(str(at))
    return found


def symbols(expected, cube):
    """A cube with symbols in place of statuses; a value that is shown has none, unless its status is worth telling."""
    for value, word in [*cube.values(), MISSING]:
        if value is None and word not in SYMBOLS:
            expected.fail(f"no symbol is known for a cell without a value that is {word}")
    return {key: (value, SYMBOLS[word] if value is None else None) for key, (value, word) in cube.items()}


def unmarked(cells):
    """Cells without what is said beside a value; only its lack needs a reason."""
    return {key: (value, symbol if value is None else None) for key, (value, symbol) in cells.items()}


def of_one_kind(expected, instrument, groups):
    """Whether these are exactly the groups of a kind that have figures, or of a version of its classification."""
    known = {key.group for key in expected.figures if key.instrument == instrument}
    kinds = {}
    for (own, group), row in expected.groups.items():
        if own == instrument and group in known:
            for kind in (row["kind"], (row["kind"], row["version"])):
                kinds.setdefault(kind, set()).add(group)
    return set(groups) in kinds.values()
