"""pxwebpy reads the PxWeb face: tables, variables, all cells in both languages, code lists, splitting over threads, refusals; it does not read statuses."""

from pxweb import PxApi
from requests.exceptions import HTTPError

import pxweb_face as face
from expected import LANGUAGES, start, told, values
from pxweb_face import GROUP, INDICATOR, MEASURE, TIME, VARIABLES

JUDGE = "pxwebpy_reads"
EVERYTHING = dict.fromkeys(VARIABLES, "*")
# what a client that splits thinks the limit is; our own is above every table
CELLS_FEW = 5_000
# a table with fewer has too few to choose from
YEARS_MIN = 3
VALUE = "value"


def opened(expected, language=None):
    """A client that asks again for what it has asked for."""
    return PxApi(expected.address + face.FACE, language=language, disable_cache=True)


def tables_are_found(expected, api):
    """The list, by words and by paths."""
    listed = api.all_tables()
    ids = [table["id"] for table in listed]
    if len(set(ids)) != api.number_of_tables:
        expected.fail(f"{api.number_of_tables} tables are promised, and listed are {ids}")
    first = api.search(page_size=1)
    if [table["id"] for table in first["tables"]] != ids[:1] or first["page"]["totalElements"] != len(ids):
        expected.fail(f"a page of one table has {first['tables']}")
    if len(api.search(include_discontinued=True, past_days=36_500)["tables"]) != len(ids):
        expected.fail("discontinued tables and a hundred years leave fewer tables")
    wanted = face.tables(expected, ids)
    for table in listed:
        word = table["label"].split()[0].strip(":,")
        if table["id"] not in [found["id"] for found in api.search(word)["tables"]]:
            expected.fail(f"a search for {word!r} does not find {table['id']}")
    for path in api.get_paths():
        if not api.tables_on_path(path["id"]):
            expected.fail(f"no table is on the path {path['id']}")
    return wanted


def codes_of(expected, api, table):
    """A table's variables with their codes, as the client trims them."""
    variables = api.get_table_variables(table)
    metadata = api.get_table_metadata(table)
    for name, variable in variables.items():
        if variable["label"] != metadata["dimension"][name]["label"] or list(variable["category"]["label"]) != face.codes(metadata, name):
            expected.fail(f"the client reads {name} of {table} as {variable['label']}, or its codes in another order")
    return {name: list(variable["category"]["label"]) for name, variable in variables.items()}, metadata


def placed(expected, metadata, rows):
    """Rows of codes as values by (indicator, group, measure, year)."""
    label = {variable: metadata["dimension"][variable]["label"] for variable in VARIABLES}
    read = {tuple(row[label[variable]] for variable in (INDICATOR, GROUP, MEASURE, TIME)): row[VALUE] for row in rows}
    if len(read) != len(rows):
        expected.fail(f"{len(rows)} rows stand in {len(read)} places")
    return read


def cells_are_ours(expected, api, table, instrument, codes, metadata):
    """Every cell, at once, and in parts one after the other and beside each other."""
    cube = expected.cube(instrument, codes[INDICATOR], codes[GROUP])
    rows = api.get_table_data_all(table, show="code")
    expected.same(f"rows of {table}", placed(expected, metadata, rows), values(cube))
    most = api._client.configuration["maxDataCells"]
    for workers in (1, 4):
        api.max_workers = workers
        # the client's own idea of the limit, so that it splits what the server would give at once
        api._client.configuration["maxDataCells"] = CELLS_FEW
        rows = list(api.get_table_data_iter(table, EVERYTHING, show="code"))
        api._client.configuration["maxDataCells"] = most
        expected.same(f"rows of {table} in parts by {workers}", placed(expected, metadata, rows), values(cube))
    return cube


def names_are_ours(expected, api, table, instrument, metadata, cube, language):
    """What the client shows unless told, which is names, and codes with names."""
    label = {variable: metadata["dimension"][variable]["label"] for variable in VARIABLES}
    measures = metadata["dimension"][MEASURE]["category"]["label"]
    indicators, groups = expected.names(instrument, language)
    rows = api.get_table_data(table, EVERYTHING)
    read = {tuple(row[label[variable]] for variable in (INDICATOR, GROUP, MEASURE, TIME)): row[VALUE] for row in rows}
    named = {(indicators[i], groups[g], measures[m], y): value for (i, g, m, y), (value, _) in cube.items()}
    expected.same(f"rows of {table} by names", read, named)
    both = api.get_table_data(table, {**EVERYTHING, TIME: "TOP(1)"}, show="code_value")
    if both[0][label[GROUP]].split(": ")[0] not in both[0][label[GROUP]] or ": " not in both[0][label[GROUP]]:
        expected.fail(f"codes with names are {both[0]}")


def selections_are_kept(expected, api, table, instrument, codes, metadata):
    """Expressions, which the client sends as they are, and patterns, which it works out from the metadata."""
    years, indicator, groups = expected.years(instrument), codes[INDICATOR][0], codes[GROUP]
    if len(years) < YEARS_MIN:
        return
    prefix = groups[-1].split(":")[0]
    cases = {
        "the latest year": ({TIME: "TOP(1)"}, groups, years[-1:]),
        "the latest years but one": ({TIME: "top(2,1)"}, groups, years[-3:-1]),
        "the first years": ({TIME: "BOTTOM(2)"}, groups, years[:2]),
        "a range": ({TIME: f"RANGE({years[1]},{years[-2]})"}, groups, years[1:-1]),
        "a range from its end": ({TIME: f"range({years[-2]},{years[1]})"}, groups, years[1:-1]),
        "years from one": ({TIME: f"FROM({years[-2]})"}, groups, years[-2:]),
        "years to one": ({TIME: f"TO({years[1]})"}, groups, years[:2]),
        "years that overlap": ({TIME: [years[-1], "TOP(2)"]}, groups, years[-2:]),
        "the first groups": ({GROUP: "TOP(2)", TIME: years[-1]}, groups[:2], years[-1:]),
        "the last groups": ({GROUP: "BOTTOM(2)", TIME: years[-1]}, groups[-2:], years[-1:]),
        "groups by their beginning": ({GROUP: f"{prefix}*", TIME: years[-1]}, [own for own in groups if own.startswith(prefix)], years[-1:]),
        "groups by a part": ({GROUP: "*:*", TIME: years[-1]}, [own for own in groups if ":" in own], years[-1:]),
    }
    for name, (selection, wanted, when) in cases.items():
        rows = api.get_table_data(table, {INDICATOR: indicator, GROUP: "*", MEASURE: "*", **selection}, show="code")
        cube = expected.cube(instrument, [indicator], wanted, years=when)
        expected.same(f"{name} of {table}", placed(expected, metadata, rows), values(cube))


def default_is_given(expected, api, table):
    """Nothing chosen, by GET and by POST."""
    for selection in (None, {}):
        rows = api.get_table_data(table, selection, show="code")
        if not rows or len(rows) > api.get_config()["maxDataCells"]:
            expected.fail(f"the default selection of {table} has {len(rows)} cells")


def code_lists_choose(expected, api, table, instrument, codes, metadata):
    """Each code list of groups: what it has is a kind of groups, and patterns stay within it."""
    lists = metadata["dimension"][GROUP]["extension"]["codelists"]
    if not lists:
        expected.fail(f"{table} has no code list of groups")
    for own in lists:
        known = api.get_code_list(own["id"])
        members = [value["code"] for value in known["values"]]
        if own["type"] == "Valueset" and not face.of_one_kind(expected, instrument, set(members) & set(codes[GROUP])):
            expected.fail(f"the code list {own['id']} has {members}, which are not the groups of a kind")
        selection = {INDICATOR: codes[INDICATOR][0], GROUP: "*", MEASURE: "*", TIME: "TOP(1)"}
        rows = api.get_table_data(table, selection, code_list={GROUP: own["id"]}, show="code")
        cube = expected.cube(instrument, codes[INDICATOR][:1], members, years=expected.years(instrument)[-1:])
        expected.same(f"{own['id']} of {table}", placed(expected, metadata, rows), values(cube))
        other = next((group for group in codes[GROUP] if group not in members), None)
        if other:
            selection[GROUP] = other
            call = lambda: api.get_table_data(table, selection, code_list={GROUP: own["id"]})  # noqa: E731
            expected.refused(f"a group outside {own['id']}", HTTPError, call, "Error 400")


def refusals_are_told(expected, api, table):
    """The client hands on the whole problem; `None` would be a member that it does not have."""
    def ask(**selection):
        return lambda: api.get_table_data(table, selection)

    everything = {INDICATOR: "*", GROUP: "*", MEASURE: "*", TIME: "*"}
    cases = {
        "an unknown table": (lambda: api.get_table_metadata("zzz"), "Error 404", "Title: Non-existent table"),
        "an unknown code list": (lambda: api.get_code_list("zzz"), "Error 404"),
        "an unknown variable": (ask(**everything, zzz="1"), "Error 400", "Title: Non-existent variable"),
        "an unknown value": (ask(**{**everything, TIME: "1066"}), "Error 400", "Title: Non-existent value"),
        "a selection without years": (ask(**{INDICATOR: "*", GROUP: "*", MEASURE: "*"}), "Error 400", "Title: Missing selection for mandantory variable"),
        "an expression that is none": (ask(**{**everything, TIME: "TOP(0)"}), "Error 400", "Title: Illegal selection expression"),
        "no days": (lambda: api.search(past_days=0), "Error 400"),
    }
    for name, (call, *said) in cases.items():
        expected.refused(name, HTTPError, call, *said, "Status: 4", "Detail: ")
        try:
            call()
        except HTTPError as error:
            if "None" in str(error):
                expected.fail(f"the problem of {name} lacks members: {error}")
    expected.refused("an unknown language", HTTPError, lambda: opened(expected, "xx"), "Error 400")


def main():
    expected = start(JUDGE, __doc__)
    compared = []
    for language in LANGUAGES:
        api = opened(expected, language)
        tables = tables_are_found(expected, api)
        if max(len(expected.years(instrument)) for instrument in tables.values()) < YEARS_MIN:
            expected.fail("no table has years to choose from")
        for table, instrument in tables.items():
            codes, metadata = codes_of(expected, api, table)
            cube = cells_are_ours(expected, api, table, instrument, codes, metadata)
            names_are_ours(expected, api, table, instrument, metadata, cube, language)
            selections_are_kept(expected, api, table, instrument, codes, metadata)
            default_is_given(expected, api, table)
            code_lists_choose(expected, api, table, instrument, codes, metadata)
            refusals_are_told(expected, api, table)
            compared.append(f"{table} in {language}: {told(cube)}")
    if opened(expected).language != "sv":
        expected.fail("a client that names no language does not get Swedish")
    print(f"{JUDGE}: {'; '.join(compared)}")


if __name__ == "__main__":
    main()
