"""koladapy reads the Kolada face: measures, groups, municipalities, data by group and for the country, pages and batches; no municipality has a value of its own."""

import datetime
import logging

import pandas
from koladapy import KoladaAPI
from koladapy.exceptions import KoladaAPIError

from expected import Key, start

JUDGE = "koladapy_reads"
FACE = "/kolada/v3/"
# the client waits between requests out of courtesy to Kolada's own server
REQUESTS_PER_SECOND = 1_000
COUNTRY = "0000"
# group of everybody, which stands for the country
ALL = "all"
WITHHELD = ".."


class Refusals(logging.Handler):
    """The client goes on without a batch that is refused, and only logs that."""

    def __init__(self, expected):
        super().__init__(logging.WARNING)
        self.expected = expected
        self.ignored = False

    def emit(self, record):
        if not self.ignored:
            self.expected.fail(f"the client goes on after: {record.getMessage()}")


def measures(expected, kpis):
    """Instrument and indicator of each measure: its title is the instrument's name, the indicator's and the unit, its area the instrument's."""
    named = {}
    for key, row in expected.indicators.items():
        area, name = row["instrumentNameSv"], row["nameSv"]
        named[area, f"{area} (%)" if name == area else f"{area}: {name} (%)"] = key
    found = {}
    for kpi in kpis:
        key = named.get((kpi["operating_area"], kpi["title"]))
        if key is None or not kpi["id"].startswith("M"):
            expected.fail(f"the measure {kpi['id']} is called {kpi['title']} of {kpi['operating_area']}, as none of ours")
        datetime.date.fromisoformat(kpi["publication_date"])
        found[kpi["id"]] = key
    if sorted(found.values()) != sorted(expected.indicators):
        expected.fail(f"{len(found)} measures stand for {len(set(found.values()))} of {len(expected.indicators)}")
    return found


def groups_of(expected, own):
    """Instrument and id of each group: its title is the group's name with the instrument's in brackets."""
    instruments = {row["instrument"]: row["instrumentNameSv"] for row in expected.indicators.values()}
    named = {f"{row['nameSv']} ({instruments[key[0]]})": key for key, row in expected.groups.items() if key[1] != ALL}
    found = {}
    for group in own:
        key = named.get(group["title"])
        if key is None or not group["id"].startswith("G"):
            expected.fail(f"the group {group['id']} is called {group['title']}, as none of ours")
        found[group["id"]] = key
    if sorted(found.values()) != sorted(named.values()):
        expected.fail(f"{len(found)} groups stand for {len(set(found.values()))} of {len(named)}")
    return found


def lists_are_whole(expected, api):
    """Measures, their groups, groups of municipalities and municipalities: at once, page by page, one by one and by words."""
    kpis = api.search_kpis()
    known = measures(expected, kpis)
    for what, list_all, get_one in [
        ("measures", api.search_kpis, api.get_kpi),
        ("groups of measures", api.get_kpi_groups, api.get_kpi_group),
        ("groups", api.get_municipality_groups, api.get_municipality_group),
        ("municipalities", api.get_municipalities, api.get_municipality),
    ]:
        every = list_all()
        if not every or len({own["id"] for own in every}) != len(every):
            expected.fail(f"{what} are {len(every)}, or have the same id")
        small = api.DEFAULT_PER_PAGE
        api.DEFAULT_PER_PAGE = max(1, len(every) // 3)
        if list_all() != every:
            expected.fail(f"{what} in pages of {api.DEFAULT_PER_PAGE} are not those of one page")
        api.DEFAULT_PER_PAGE = small
        for own in (every[0], every[-1]):
            if get_one(own["id"]) != own:
                expected.fail(f"{own['id']} alone is not the one in the list of {what}")
            if own not in list_all(own["title"]):
                expected.fail(f"a search for {own['title']!r} does not find {own['id']}")
        if list_all("zzzxyqq"):
            expected.fail(f"a search for nonsense finds {what}")
        expected.refused(f"one of {what} that is not there", KoladaAPIError, lambda: get_one("zzz"))
    if [kpi["id"] for kpi in api.get_kpis(list(known))] != list(known):
        expected.fail("measures by their ids are not the list")
    if api.get_organizational_units():
        expected.fail("there are units")
    return known


def rows(expected, what, frame):
    """Rows by (measure, where, year)."""
    found = {}
    for row in frame.to_dict("records"):
        value = None if pandas.isna(row["value"]) else row["value"]
        count = None if pandas.isna(row["count"]) else row["count"]
        found[row["kpi"], row["municipality"], str(row["period"])] = value, count, row["status"] or ""
        if row["gender"] != "T" or row["isdeleted"]:
            expected.fail(f"{what} has the row {row}")
    if len(found) != len(frame):
        expected.fail(f"{what} has {len(frame)} rows in {len(found)} places")
    return found


def is_ours(expected, what, found, known, places):
    """Values and counts are those of our figures, and a row without a value says why."""
    read, ours = {}, {}
    for (kpi, place, year), (value, count, status) in found.items():
        instrument, indicator = known[kpi]
        key = Key(instrument, indicator, places[place], year)
        (mean, word), (organisations, _) = expected.cell(key, "mean"), expected.cell(key, "organisations")
        if value is None and not status or word == "withheld" and status != WITHHELD:
            expected.fail(f"{what}: {kpi} of {place} in {year} is {word}, and its status is {status!r}")
        read[kpi, place, year], ours[kpi, place, year] = (value, count), (mean, organisations)
    expected.same(what, read, ours)


def instrument_is_ours(expected, api, instrument, known, groups):
    """All measures of all groups and the country in all years, in batches; then of one group, of one year, in pages and since a day."""
    kpis = [kpi for kpi, (own, _) in known.items() if own == instrument]
    places = {COUNTRY: ALL} | {group: id for group, (own, id) in groups.items() if own == instrument}
    years = [int(year) for year in expected.years(instrument)]
    what = f"data of {instrument}"
    found = rows(expected, what, api.get_data_as_dataframe(kpis, list(places), years))
    is_ours(expected, what, found, known, places)
    own = {(key.indicator, key.group, key.year) for key in expected.figures if key.instrument == instrument}
    # a group that is named is told also of years in which it was not formed
    formed = {key: row for key, row in found.items() if (known[key[0]][1], places[key[1]], key[2]) in own}
    empty = {row[:2] for key, row in found.items() if key not in formed}
    if empty - {(None, None)}:
        expected.fail(f"{what} has figures that we have not: {empty}")
    found = formed
    there = {(known[kpi][1], places[place], year) for kpi, place, year in found}
    if there != own:
        expected.fail(f"{what} has {len(there)} rows, and we have {len(own)}: {sorted(there ^ own)[:5]}")

    kpi, place, _ = next(key for key, (value, _, _) in found.items() if value is not None and key[1] != COUNTRY)
    one = {key: row for key, row in found.items() if key[:2] == (kpi, place)}
    alone = rows(expected, what, api.get_data_as_dataframe(kpi, place))
    expected.same(f"{what} of one group", {key: row for key, row in alone.items() if key in found}, one)
    latest = {key: row for key, row in found.items() if key[0] == kpi and key[2] == str(years[-1])}
    expected.same(f"{what} of one year", rows(expected, what, api.get_data_as_dataframe(kpi, years=years[-1])), latest)
    most, api.DEFAULT_PER_PAGE = api.DEFAULT_PER_PAGE, 7
    paged = rows(expected, what, api.get_data_as_dataframe(kpi, list(places), years))
    expected.same(f"{what} in pages of seven", {key: row for key, row in paged.items() if key in found}, {key: row for key, row in found.items() if key[0] == kpi})
    api.DEFAULT_PER_PAGE = most
    country = rows(expected, what, api.get_data_as_dataframe(kpis, COUNTRY, years))
    if all(value is None for value, _, _ in country.values()):
        expected.fail(f"{what}: the country has no value")
    future = datetime.date.today() + datetime.timedelta(days=2)
    if api.get_values(kpi, place, updated_since=future) or len(api.get_values(kpi, place, updated_since="2000-01-01")) != len(alone):
        expected.fail(f"{what} since a day are not those since then")
    titled = api.get_data_as_dataframe(kpi, COUNTRY, years, include_metadata=True)
    if len(set(titled["kpi_title"])) != 1 or expected.indicators[known[kpi]]["nameSv"] not in titled["kpi_title"].iloc[0] or titled["municipality_title"].isna().any():
        expected.fail(f"{what} with titles is {titled.to_dict('records')[:2]}")
    return found


def nobody_is_shown(expected, api, known):
    """No municipality or region has a value, whatever is asked for."""
    ids = [own["id"] for own in api.get_municipalities() if own["id"] != COUNTRY]
    kinds = {own["type"] for own in api.get_municipalities()}
    if len(ids) < 290 or not kinds <= {"K", "L"}:
        expected.fail(f"there are {len(ids)} municipalities and regions of the types {kinds}")
    if {own["id"] for own in api.get_municipalities(municipality_type="K")} | {own["id"] for own in api.get_municipalities(municipality_type="L")} != {*ids, COUNTRY}:
        expected.fail("municipalities and regions are not all")
    for item in api.get_values(list(known), ids):
        for value in item["values"]:
            if value["value"] is not None or value["status"] != WITHHELD:
                expected.fail(f"{item['municipality']} has a value of its own: {item}")


def refusals_are_told(expected, api, known):
    """The client reads the status of a refusal and not its words."""
    kpi = next(iter(known))
    for what, call in {
        "an unknown measure": lambda: api.get_values("Mzzz", COUNTRY),
        "an unknown group": lambda: api.get_values(kpi, "Gzzz"),
        "a year that is none": lambda: api.get_values(kpi, COUNTRY, years=[19]),
    }.items():
        expected.refused(what, KoladaAPIError, call, " Client Error: ")


def main():
    expected = start(JUDGE, __doc__)
    refusals = Refusals(expected)
    logging.getLogger("koladapy.api").addHandler(refusals)
    logging.getLogger("koladapy.api").propagate = False
    logging.getLogger("backoff").disabled = True
    api = KoladaAPI(base_url=expected.address + FACE, max_requests_per_second=REQUESTS_PER_SECOND)
    refusals.ignored = True
    known = lists_are_whole(expected, api)
    refusals_are_told(expected, api, known)
    refusals.ignored = False
    groups = groups_of(expected, api.get_municipality_groups())
    found = {}
    for instrument in expected.instruments:
        found |= instrument_is_ours(expected, api, instrument, known, groups)
    nobody_is_shown(expected, api, known)
    shown = sum(value is not None for value, _, _ in found.values())
    print(f"{JUDGE}: {len(known)} measures of {len(groups)} groups and the country, {len(found)} data, {shown} of them shown")


if __name__ == "__main__":
    main()
