"""pandas and DuckDB read the text formats as their readers would: CSV, CSV for a Swedish Excel, SDMX-CSV; every row of each."""

import io
import tempfile
from pathlib import Path

import duckdb
import pandas

from expected import ROWS_MAX, Key, camel, start

JUDGE = "text_read"
SELECTION = {"indicator": "*", "group": "*", "year": "*"}
# what travels with every row
OWN = ["release", "synthetic", "source", "licence"]
# codes of SDMX's list of statuses, version 2.3
SDMX = {"ok": "A", "frozen": "A", "withheld": "Q", "missing": "M", "not-applicable": "O", "not-comparable": "B", "provisional": "P"}


def content(expected, name, **parameters):
    return expected.get("/v1/figures", **SELECTION, format=name, **parameters).content


def numbers(expected):
    """Columns of numbers."""
    return [name for name, row in expected.columns.items() if row["kind"] in ("whole", "number")]


def rows(frame):
    """Rows as dictionaries, without pandas' idea of what is not there."""
    return [{name: None if pandas.isna(value) else value for name, value in row.items()} for row in frame.to_dict("records")]


def rows_are_ours(expected, what, read):
    """Rows of all columns, and what travels with them."""
    about = expected.about
    said = (about["release"]["id"], about["synthetic"], about["source"]["sv"], about["licence"])
    ours = [{name: row[camel(name)] for name in expected.columns} | dict(zip(OWN, said)) for row in expected.figures.values()]
    expected.same(what, dict(enumerate(read)), dict(enumerate(ours)))


def csv_is_read(expected):
    """A reader that guesses has to guess right: whole numbers, empty cells, codes that look like numbers."""
    data = content(expected, "csv", limit=ROWS_MAX)
    frame = pandas.read_csv(io.BytesIO(data), dtype=dict.fromkeys(numbers(expected), "Int64"))
    rows_are_ours(expected, "CSV by pandas", rows(frame))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "figures.csv"
        path.write_bytes(data)
        found = duckdb.connect().execute("select * from read_csv(?, sample_size = -1)", [str(path)])
        names = [column[0] for column in found.description]
        rows_are_ours(expected, "CSV by DuckDB", [dict(zip(names, row)) for row in found.fetchall()])


def excel_is_read(expected):
    """Semicolons, decimal commas and a byte order mark."""
    data = content(expected, "excel-sv", limit=ROWS_MAX)
    if not data.startswith(b"\xef\xbb\xbf"):
        expected.fail("CSV for Excel has no byte order mark, without which Excel spoils å, ä and ö")
    types = dict.fromkeys(numbers(expected), "Int64")
    frame = pandas.read_csv(io.BytesIO(data), sep=";", decimal=",", encoding="utf-8-sig", dtype=types)
    rows_are_ours(expected, "CSV for Excel by pandas", rows(frame))


def sdmx_is_read(expected):
    """A row for each cell; structure, codes and our own words for the same status."""
    for instrument in expected.instruments:
        frame = pandas.read_csv(io.BytesIO(content(expected, "sdmx-csv", instrument=instrument)), dtype={"TIME_PERIOD": str})
        read = {}
        for row in rows(frame):
            key = Key(row["INSTRUMENT"], row["INDICATOR"], row["GROUP_ID"], row["TIME_PERIOD"])
            read[key, row["MEASURE"]] = row["OBS_VALUE"], row["STATUS"], row["OBS_STATUS"]
        own = [key for key in expected.figures if key.instrument == instrument]
        cells = {(key, measure): expected.cell(key, measure) for key in own for measure in expected.measures}
        expected.same(f"SDMX-CSV of {instrument}", read, {key: (value, word, SDMX[word]) for key, (value, word) in cells.items()})
        if len(read) != len(frame) or set(frame["STRUCTURE"]) != {"dataflow"} or set(frame["ACTION"]) != {"I"}:
            expected.fail(f"SDMX-CSV of {instrument} repeats cells or is of another structure")
        if set(frame["RELEASE"]) != {expected.about["release"]["id"]} or set(frame["LICENCE"]) != {expected.about["licence"]}:
            expected.fail(f"SDMX-CSV of {instrument} does not say its release or licence")


def main():
    expected = start(JUDGE, __doc__)
    csv_is_read(expected)
    excel_is_read(expected)
    sdmx_is_read(expected)
    print(f"{JUDGE}: {len(expected.figures)} rows as CSV for two kinds of readers and as SDMX-CSV")


if __name__ == "__main__":
    main()
