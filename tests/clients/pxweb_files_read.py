"""pxstatspy fetches the PxWeb face's files, and openpyxl, pyarrow and parsers of the standard library read them: every cell with its symbol, by codes and by names."""

import contextlib
import csv
import io
from html.parser import HTMLParser

import openpyxl
from pxstatspy import OutputFormat, OutputFormatParam, PxAPI, PxAPIConfig
from pyarrow import parquet

import pxweb_face as face
from expected import LANGUAGES, start, told
from pxweb_face import GROUP, INDICATOR, MEASURE, TIME, VARIABLES

JUDGE = "pxweb_files_read"
STUB, HEADING = [INDICATOR, GROUP, TIME], [MEASURE]
SEPARATORS = {
    None: ",",
    OutputFormatParam.SEPARATOR_TAB: "\t",
    OutputFormatParam.SEPARATOR_SPACE: " ",
    OutputFormatParam.SEPARATOR_SEMICOLON: ";",
}


def fetch(api, table, form, parameters=(), stub=STUB, heading=HEADING):
    """A file of everything; the client prints what it does."""
    everything = {variable: ["*"] for variable in VARIABLES}
    with contextlib.redirect_stdout(io.StringIO()):
        return api.get_table_data(table, everything, output_format=form, output_format_params=list(parameters) or None, stub=stub, heading=heading)


def cell(text):
    """Value and symbol of what stands in a cell."""
    if isinstance(text, int | float):
        return text, None
    try:
        return float(text), None
    except ValueError:
        return None, text


def placed(expected, lines, measures):
    """Lines below a header, with the stub in front, as cells by (indicator, group, measure, year)."""
    found = {}
    for indicator, group, year, *values in lines:
        for measure, value in zip(measures, values, strict=True):
            found[indicator, group, measure, str(year)] = cell(value)
    if len(found) != len(lines) * len(measures):
        expected.fail(f"{len(lines)} lines stand in {len(found) / len(measures)} places")
    return found


def csv_is_read(expected, api, table, wanted):
    """By codes with each separator, and years across the top."""
    for separator, character in SEPARATORS.items():
        parameters = [OutputFormatParam.USE_CODES] + ([separator] if separator else [])
        text = fetch(api, table, OutputFormat.CSV, parameters)
        header, *lines = csv.reader(io.StringIO(text), delimiter=character)
        if header != [*STUB, *expected.measures]:
            expected.fail(f"the header of CSV is {header}")
        expected.same(f"CSV of {table} with {character!r}", placed(expected, lines, expected.measures), wanted)
    text = fetch(api, table, OutputFormat.CSV, [OutputFormatParam.USE_CODES], [GROUP, INDICATOR], [TIME, MEASURE])
    header, *lines = csv.reader(io.StringIO(text))
    columns = [tuple(name.split(" ")) for name in header[2:]]
    found = {(i, g, measure, year): cell(value) for g, i, *values in lines for (year, measure), value in zip(columns, values, strict=True)}
    expected.same(f"CSV of {table} with years across", found, wanted)


def csv_is_named(expected, api, table, instrument, wanted, language, metadata):
    """By names, with codes in front of them, and with the title as the first line."""
    indicators, groups = expected.names(instrument, language)
    text = fetch(api, table, OutputFormat.CSV, [OutputFormatParam.USE_TEXTS, OutputFormatParam.INCLUDE_TITLE])
    (title, *_), header, *lines = [line for line in csv.reader(io.StringIO(text)) if line]
    labels = metadata["dimension"]
    if header != [*(labels[name]["label"] for name in STUB), *labels[MEASURE]["category"]["label"].values()] or not title:
        expected.fail(f"the header of CSV by names is {header} below {title!r}")
    by_name = {(indicators[i], groups[g], m, y): value for (i, g, m, y), value in wanted.items()}
    expected.same(f"CSV of {table} by names", placed(expected, lines, expected.measures), by_name)
    text = fetch(api, table, OutputFormat.CSV, [OutputFormatParam.USE_CODES_AND_TEXTS])
    _, *lines = csv.reader(io.StringIO(text))
    for indicator, group, *_ in lines:
        if not any(indicator.startswith(code) and indicator.endswith(name) for code, name in indicators.items()):
            expected.fail(f"an indicator is {indicator!r} by code and name")
        if not any(group.startswith(code) and group.endswith(name) for code, name in groups.items()):
            expected.fail(f"a group is {group!r} by code and name")


class Table(HTMLParser):
    """The rows of the only table of a page, and its text."""

    def __init__(self, text):
        super().__init__()
        self.rows, self.text, self.is_cell = [], [], False
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        if tag == "tr":
            self.rows.append([])
        if tag in ("td", "th"):
            self.rows[-1].append("")
            self.is_cell = True

    def handle_endtag(self, tag):
        if tag in ("td", "th"):
            self.is_cell = False

    def handle_data(self, data):
        self.text.append(data)
        if self.is_cell:
            self.rows[-1][-1] += data


def page_is_read(expected, api, table, wanted, language):
    page = Table(fetch(api, table, OutputFormat.HTML, [OutputFormatParam.USE_CODES]))
    header, *lines = page.rows
    if header != [*STUB, *expected.measures]:
        expected.fail(f"the header of HTML is {header}")
    expected.same(f"HTML of {table}", placed(expected, lines, expected.measures), wanted)
    about, text = expected.about, " ".join(page.text)
    for said in [about["source"][language]] + ([about["notice"][language]] if about["synthetic"] else []):
        if said not in text:
            expected.fail(f"HTML of {table} does not say {said!r}")


def workbook_is_read(expected, api, table, wanted, language):
    """Numbers are numbers; symbols are text; the second sheet says what it is."""
    book = openpyxl.load_workbook(io.BytesIO(fetch(api, table, OutputFormat.XLSX, [OutputFormatParam.USE_CODES])))
    data, notes = (book[name] for name in book.sheetnames)
    header, *lines = data.iter_rows(values_only=True)
    if list(header) != [*STUB, *expected.measures] or data.freeze_panes is None:
        expected.fail(f"the header of the workbook is {header}, and what stays is {data.freeze_panes}")
    texts = [value for line in lines for value in line[len(STUB) :] if isinstance(value, str)]
    if set(texts) - set(face.SYMBOLS.values()):
        expected.fail(f"the workbook has the texts {sorted(set(texts))[:5]} among its numbers")
    expected.same(f"the workbook of {table}", placed(expected, lines, expected.measures), wanted)
    about, said = expected.about, [value for line in notes.iter_rows(values_only=True) for value in line]
    lacking = {about["release"]["id"], about["licence"], about["policy"], about["source"][language]} - set(said)
    if lacking:
        expected.fail(f"the workbook's notes lack {sorted(lacking)}")


def columns_are_read(expected, api, table, wanted):
    """A column for each measure and one for its symbols."""
    file = parquet.ParquetFile(io.BytesIO(fetch(api, table, OutputFormat.PARQUET, stub=None, heading=None)))
    found = {}
    for row in file.read().to_pylist():
        for measure in expected.measures:
            name = f"{MEASURE}_{measure}"
            found[row[INDICATOR], row[GROUP], measure, row[TIME]] = row[name], row[f"{name}_symbol"]
    expected.same(f"Parquet of {table}", found, wanted)
    metadata = {key.decode(): value.decode() for key, value in file.metadata.metadata.items()}
    about = expected.about
    if (metadata["release"], metadata["licence"], metadata["policy"]) != (about["release"]["id"], about["licence"], about["policy"]):
        expected.fail(f"Parquet of {table} says of itself {metadata}")


def main():
    expected = start(JUDGE, __doc__)
    compared = []
    for language in LANGUAGES:
        api = PxAPI(PxAPIConfig(base_url=expected.address + face.FACE, language=language))
        offered = set(api.get_config()["dataFormats"])
        wanted_formats = {form.value for form in (OutputFormat.CSV, OutputFormat.HTML, OutputFormat.XLSX, OutputFormat.PARQUET, OutputFormat.PX, OutputFormat.JSON_STAT2)}
        if offered != wanted_formats:
            expected.fail(f"the formats are {sorted(offered)}")
        for table, instrument in face.tables(expected, [own["id"] for own in api.find_tables(page_size=1_000, display=False)["tables"]]).items():
            metadata = api.get_table_metadata(table)
            cube = expected.cube(instrument, face.codes(metadata, INDICATOR), face.codes(metadata, GROUP))
            wanted = face.symbols(expected, cube)
            csv_is_read(expected, api, table, wanted)
            csv_is_named(expected, api, table, instrument, wanted, language, metadata)
            page_is_read(expected, api, table, wanted, language)
            workbook_is_read(expected, api, table, wanted, language)
            columns_are_read(expected, api, table, wanted)
            compared.append(f"{table} in {language}: {told(cube)}")
    print(f"{JUDGE}: {'; '.join(compared)}")


if __name__ == "__main__":
    main()
