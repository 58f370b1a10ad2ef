"""pxstatspy reads the PxWeb face: tables, metadata, all cells in both languages, selections, code lists, splitting, refusals; files are read in others."""

import contextlib
import io

import numpy
from pxstatspy import OutputFormat, OutputFormatParam, PxAPI, PxAPIConfig, PxAPIError

import pxweb_face as face
from expected import LANGUAGES, start, told, values
from pxweb_face import GROUP, INDICATOR, MEASURE, TIME, VARIABLES

JUDGE = "pxstatspy_reads"
EVERYTHING = {variable: ["*"] for variable in VARIABLES}
# what a client that splits thinks the limit is; our own is above every table
CELLS_FEW = 5_000
# a table with fewer has too few to choose from
YEARS_MIN = 3


def quietly(call, *arguments, **named):
    """The client prints what it does."""
    with contextlib.redirect_stdout(io.StringIO()) as said:
        answer = call(*arguments, **named)
    return answer, said.getvalue()


def opened(expected, language):
    """A client; it hides that it cannot read the configuration, so that is asked for again."""
    api = PxAPI(PxAPIConfig(base_url=expected.address + face.FACE, language=language))
    configuration = api.get_config()
    limits = api.max_data_cells, api.rate_limiter.max_calls, api.rate_limiter.time_window
    if limits != tuple(configuration[name] for name in ("maxDataCells", "maxCallsPerTimeWindow", "timeWindow")):
        expected.fail(f"the limits {limits} are not those of {configuration}")
    return api


def tables_are_found(expected, api):
    """The list, in pages, by words and by age."""
    listed, _ = quietly(api.find_tables_as_dataframe, all_pages=True)
    if len(listed) != listed.attrs["total_elements"] or listed["id"].duplicated().any():
        expected.fail(f"{listed.attrs['total_elements']} tables are promised, and listed are {list(listed['id'])}")
    pages = [api.find_tables(page_number=number, page_size=1, display=False) for number in range(1, len(listed) + 1)]
    if [page["tables"][0]["id"] for page in pages] != list(listed["id"]) or pages[0]["page"]["totalPages"] != len(listed):
        expected.fail("pages of one table are not the list")
    expected.refused("a page beyond the last", PxAPIError, lambda: api.find_tables(page_number=len(listed) + 1, page_size=1, display=False))
    _, printed = quietly(api.find_tables)
    for table in api.find_tables(display=False)["tables"]:
        if table["label"] not in printed:
            expected.fail(f"the printed list lacks {table['label']}")
    wanted = face.tables(expected, listed["id"])
    for table, instrument in wanted.items():
        label = listed.set_index("id").loc[table, "label"]
        found, _ = quietly(api.find_tables_as_dataframe, query=label.split()[0].strip(":,"), all_pages=True)
        if table not in set(found.get("id", [])):
            expected.fail(f"a search for the first word of {label!r} does not find {table}")
    nothing = api.find_tables(query="zzzxyqq", display=False)
    if nothing["tables"] or nothing["page"]["totalElements"]:
        expected.fail(f"a search for nonsense finds {nothing}")
    ages = [len(api.find_tables(past_days=days, include_discontinued=True, display=False)["tables"]) for days in (36_500,)]
    if ages != [len(listed)]:
        expected.fail(f"updated within a hundred years are {ages} tables of {len(listed)}")
    return wanted


def table_is_described(expected, api, table, instrument, language):
    """What is said of a table agrees with itself and with our own names."""
    entry, metadata = api.get_table_by_id(table), api.get_table_metadata(table, output_format="json-stat2")
    if metadata != api.get_table_metadata(table):
        expected.fail(f"{table} has other metadata when their format is named")
    years = face.codes(metadata, TIME)
    if (entry["firstPeriod"], entry["lastPeriod"]) != (years[0], years[-1]) or years != expected.years(instrument):
        expected.fail(f"{table} goes from {entry['firstPeriod']} to {entry['lastPeriod']} and has the years {years}")
    if entry["variableNames"] != [metadata["dimension"][variable]["label"] for variable in metadata["id"]]:
        expected.fail(f"{table} has the variables {entry['variableNames']}")
    for variable, names in zip((INDICATOR, GROUP), expected.names(instrument, language)):
        labels = metadata["dimension"][variable]["category"]["label"]
        expected.same(f"labels of {variable} of {table}", labels, {code: names[code] for code in labels})
        order = list(metadata["dimension"][variable]["category"]["index"])
        if order != list(labels) or order != face.codes(metadata, variable):
            expected.fail(f"codes of {variable} of {table} are not written in their order, so the client misplaces values")
    _, printed = quietly(api.print_table_variables, table, max_values="*")
    if any(f"Code: {code})" not in printed for variable in metadata["id"] for code in face.codes(metadata, variable)):
        expected.fail(f"the printed variables of {table} lack codes")
    return metadata


def framed(expected, metadata, frame):
    """A data frame of codes, with a column for each measure, as values by (indicator, group, measure, year)."""
    label = {variable: metadata["dimension"][variable]["label"] for variable in metadata["id"]}
    read = {}
    for row in frame.to_dict("records"):
        for measure in face.codes(metadata, MEASURE):
            if measure in row:
                value = row[measure]
                gone = value is None or numpy.isnan(value)
                read[row[label[INDICATOR]], row[label[GROUP]], measure, row[label[TIME]]] = None if gone else value
    if len(read) != len(frame) * sum(measure in frame for measure in face.codes(metadata, MEASURE)):
        expected.fail("rows of a data frame overwrite each other")
    return read


def cells_are_ours(expected, api, table, instrument, metadata):
    """Every cell, as the client's data frame has it and as JSON-stat with its status, at once and in parts."""
    cube = expected.cube(instrument, face.codes(metadata, INDICATOR), face.codes(metadata, GROUP))
    raw, _ = quietly(api.get_table_data, table, value_codes=EVERYTHING, output_format=OutputFormat.JSON_STAT2)
    parts = raw if isinstance(raw, list) else [raw]
    read = {}
    for part in parts:
        read |= face.unmarked(face.cells(expected, part))
    expected.same(f"cells of {table}", read, face.symbols(expected, cube))
    frame, _ = quietly(api.get_data_as_dataframe, table, EVERYTHING, output_format_param=OutputFormatParam.USE_CODES)
    expected.same(f"the data frame of {table}", framed(expected, metadata, frame), values(cube))
    most, api.max_data_cells = api.max_data_cells, CELLS_FEW
    frame, said = quietly(api.get_data_as_dataframe, table, EVERYTHING, output_format_param=OutputFormatParam.USE_CODES)
    if len(cube) > CELLS_FEW and "split into" not in said:
        expected.fail(f"{table} was not split")
    expected.same(f"the data frame of {table} in parts", framed(expected, metadata, frame), values(cube))
    api.max_data_cells = most
    if len(cube) > most:
        selection = [{"variableCode": variable, "valueCodes": ["*"]} for variable in VARIABLES]
        expected.refused("all of a large table", PxAPIError, lambda: api.get_table_data_post(table, {"selection": selection}), "API error")
    return cube


def labels_are_columns(expected, api, table, instrument, metadata, cube, language):
    """The client's default: a data frame of texts, in which groups with the same name would be one."""
    frame, _ = quietly(api.get_data_as_dataframe, table, EVERYTHING)
    if len(frame) != len(cube) / len(expected.measures):
        expected.fail(f"by labels {table} has {len(frame)} rows instead of {len(cube) / len(expected.measures)}")
    label = {variable: metadata["dimension"][variable] for variable in metadata["id"]}
    indicators, groups = expected.names(instrument, language)
    measure = expected.measures[0]
    column = label[MEASURE]["category"]["label"][measure]
    read = {
        (row[label[INDICATOR]["label"]], row[label[GROUP]["label"]], row[label[TIME]["label"]]): None if numpy.isnan(row[column]) else row[column]
        for row in frame.to_dict("records")
    }
    named = {(indicators[i], groups[g], y): value for (i, g, m, y), (value, _) in cube.items() if m == measure}
    expected.same(f"{column} of {table} by labels", read, named)
    clean, _ = quietly(api.get_data_as_dataframe, table, {**EVERYTHING, TIME: ["TOP(1)"]}, clean_colnames=True)
    if len(set(clean.columns)) != len(frame.columns):
        expected.fail(f"cleaned names of columns fall together: {list(clean.columns)}")


def selections_are_kept(expected, api, table, instrument, metadata):
    """What is sent as codes, as patterns and as expressions; the client works out those expressions that stand alone by itself."""
    years, indicator = expected.years(instrument), face.codes(metadata, INDICATOR)[0]
    groups = face.codes(metadata, GROUP)
    if len(years) < YEARS_MIN:
        return
    prefix = groups[-1].split(":")[0]
    cases = {
        "the first years": ({TIME: ["TOP(2)"]}, groups, years[:2]),
        "the last years": ({TIME: ["BOTTOM(2)"]}, groups, years[-2:]),
        "a range": ({TIME: [f"RANGE({years[1]},{years[-2]})"]}, groups, years[1:-1]),
        "years from one": ({TIME: [f"FROM({years[-2]})"]}, groups, years[-2:]),
        "years to one": ({TIME: [f"TO({years[1]})"]}, groups, years[:2]),
        # from here on the server has to work them out
        "a year and the latest": ({TIME: [years[0], "TOP(1)"]}, groups, [years[0], years[-1]]),
        "a year and a range": ({TIME: [years[0], f"RANGE({years[-2]},{years[-1]})"]}, groups, [years[0], *years[-2:]]),
        "a year twice": ({TIME: [years[0], years[0]]}, groups, years[:1]),
        "years by pattern": ({TIME: [f"{years[0][:3]}?"]}, groups, [year for year in years if year.startswith(years[0][:3])]),
        "groups by their beginning": ({GROUP: [f"{prefix}*"], TIME: [years[-1]]}, [own for own in groups if own.startswith(prefix)], years[-1:]),
        "codes": ({GROUP: [groups[-1], groups[0]], TIME: [years[-1]]}, [groups[0], groups[-1]], years[-1:]),
    }
    for name, (selection, wanted, when) in cases.items():
        chosen = {INDICATOR: [indicator], GROUP: ["*"], MEASURE: ["*"], TIME: ["*"], **selection}
        data, _ = quietly(api.get_table_data, table, value_codes=chosen, output_format=OutputFormat.JSON_STAT2)
        if (face.codes(data, GROUP), face.codes(data, TIME)) != (wanted, when):
            expected.fail(f"{name} of {table} are {face.codes(data, TIME)} with {len(face.codes(data, GROUP))} groups, not {when} with {len(wanted)}")
        cube = expected.cube(instrument, [indicator], wanted, years=when)
        expected.same(f"{name} of {table}", face.unmarked(face.cells(expected, data)), face.symbols(expected, cube))
    body = {"selection": [{"variableCode": variable, "valueCodes": ["*"]} for variable in (INDICATOR, GROUP, MEASURE)]}
    body["selection"].append({"variableCode": TIME.lower(), "valueCodes": ["top(1)"]})
    posted = api.get_table_data_post(table, body, OutputFormat.JSON_STAT2)
    if face.codes(posted, TIME) != years[-1:]:
        expected.fail(f"the latest year of {table}, asked for in lower case, is {face.codes(posted, TIME)}")


def default_is_given(expected, api, table, cube):
    """Nothing chosen: the client counts all cells and, where they are too many, asks for parts that the server cannot give."""
    if len(cube) > api.max_data_cells:
        return
    default, _ = quietly(api.get_table_data, table)
    if not default["value"] or len(default["value"]) > api.max_data_cells:
        expected.fail(f"the default selection of {table} has {len(default['value'])} cells")


def code_lists_choose(expected, api, table, instrument, metadata):
    """Each code list of groups leaves the groups of a kind."""
    lists = metadata["dimension"][GROUP]["extension"]["codelists"]
    if not lists:
        expected.fail(f"{table} has no code list of groups")
    for own in lists:
        chosen = {**EVERYTHING, MEASURE: [expected.measures[0]]}
        data, _ = quietly(api.get_table_data, table, value_codes=chosen, code_lists={GROUP: own["id"]}, output_format=OutputFormat.JSON_STAT2)
        groups = face.codes(data, GROUP)
        if own["type"] == "Valueset" and not face.of_one_kind(expected, instrument, groups):
            expected.fail(f"the code list {own['id']} of {table} leaves {groups}, which are not the groups of a kind")
        cube = expected.cube(instrument, face.codes(data, INDICATOR), groups, expected.measures[:1])
        expected.same(f"{own['id']} of {table}", face.unmarked(face.cells(expected, data)), face.symbols(expected, cube))


def refusals_are_told(expected, api, table):
    """Each refusal reaches the reader with its reason, which the client shows for this content type and no other."""
    def ask(**named):
        return lambda: quietly(api.get_table_data, table, **named)

    selection = {"selection": [{"variableCode": "zzz", "valueCodes": ["*"]}]}
    said = "API error: "
    expected.refused("an unknown table", PxAPIError, lambda: api.get_table_by_id("zzz"), said)
    expected.refused("metadata of an unknown table", PxAPIError, lambda: api.get_table_metadata("zzz"), said)
    expected.refused("an unknown variable", PxAPIError, lambda: api.get_table_data_post(table, selection), said)
    expected.refused("an unknown value", PxAPIError, lambda: api.get_table_data_post(table, {"selection": [{"variableCode": TIME, "valueCodes": ["1066"]}]}), said)
    expected.refused("an unknown code list", PxAPIError, ask(value_codes=EVERYTHING, code_lists={GROUP: "zzz"}), said)
    expected.refused("a selection without years", PxAPIError, ask(value_codes={INDICATOR: ["*"], GROUP: ["*"], MEASURE: ["*"]}), said)
    expected.refused("an expression that is none", PxAPIError, ask(value_codes={**EVERYTHING, TIME: ["*", "TOP(x)"]}), said)
    expected.refused("no days", PxAPIError, lambda: api.find_tables(past_days=0, display=False), said)
    expected.refused("texts in JSON-stat", PxAPIError, lambda: api.get_table_data_post(table, {"selection": []}, OutputFormat.JSON_STAT2, [OutputFormatParam.SEPARATOR_TAB]), said)
    other = PxAPI(PxAPIConfig(base_url=expected.address + face.FACE, language="xx"), fetch_config=False)
    expected.refused("an unknown language", PxAPIError, lambda: other.get_table_by_id(table), said)


def main():
    expected = start(JUDGE, __doc__)
    compared = []
    for language in LANGUAGES:
        api = opened(expected, language)
        tables = tables_are_found(expected, api)
        if max(len(expected.years(instrument)) for instrument in tables.values()) < YEARS_MIN:
            expected.fail("no table has years to choose from")
        for table, instrument in tables.items():
            metadata = table_is_described(expected, api, table, instrument, language)
            cube = cells_are_ours(expected, api, table, instrument, metadata)
            labels_are_columns(expected, api, table, instrument, metadata, cube, language)
            selections_are_kept(expected, api, table, instrument, metadata)
            default_is_given(expected, api, table, cube)
            code_lists_choose(expected, api, table, instrument, metadata)
            refusals_are_told(expected, api, table)
            compared.append(f"{table} in {language}: {told(cube)}")
    print(f"{JUDGE}: {'; '.join(compared)}")


if __name__ == "__main__":
    main()
