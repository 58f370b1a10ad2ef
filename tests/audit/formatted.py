"""Has readers that others wrote read every format of the served figures, and demands the published values and statuses from each; whether those are right is not asked."""

import argparse
import contextlib
import io
import json
import math
import re
import tempfile
import warnings
from pathlib import Path

import duckdb
import openpyxl
import pandas
import pyarrow.ipc
import pyarrow.parquet
from jsonstat_validator import validate_jsonstat
from pyaxis import pyaxis
from pyjstat import pyjstat

from opened import fail, read_log
from served import ask, serving

JUDGE = "formatted"
KEY = ["indicator", "group_id", "year"]
MEASURES = ["mean", "organisations", "respondents", "lower_quartile", "median", "upper_quartile"]
SYMBOLS = {".", "..", "...", "...."}
CODES = {"ok": "A", "frozen": "A", "withheld": "Q", "missing": "M", "not-applicable": "O", "not-comparable": "B", "provisional": "P"}


def parse():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--mognad", type=Path, required=True, help="the program")
    parser.add_argument("--public", type=Path, required=True, help="folder of the public store")
    return parser.parse_args()


def published(path, instrument):
    """Every figure by indicator, group, year and measure, with its row's status."""
    columns = ", ".join([*KEY, "status", *MEASURES])
    rows = duckdb.execute(f"select {columns} from read_parquet(?) where instrument = ?", [str(path), instrument]).fetchall()
    return {(*row[:3], measure): (row[4 + at], row[3]) for row in rows for at, measure in enumerate(MEASURES)}


def of_rows(frame):
    """The same of a table with a column for each measure."""
    frame = frame.astype(object).where(frame.notna(), None)
    found = {}
    for row in frame.to_dict("records"):
        for measure in MEASURES:
            found[(row["indicator"], row["group_id"], int(row["year"]), measure)] = (row[measure], row["status"])
    return found


def of_workbook(content):
    book = openpyxl.load_workbook(io.BytesIO(content))
    head, *rows = book["Data"].iter_rows(values_only=True)
    # titles stand in the head, and names beside ids; the second sheet says which title is which column's
    about = [[cell for cell in row[:2]] for row in book["About"].iter_rows(values_only=True)]
    start = about.index(["Column", "Title"]) + 1
    titles = {title: name for name, title in about[start : about.index([None, None], start)]}
    named = [{titles[title]: cell for title, cell in zip(head, row) if title in titles} for row in rows]
    return of_rows(pandas.DataFrame(named))


def of_cube(frame, dataset):
    """The same of a cube's long form, as far as it has values; and the words for those that it has not."""
    values = [None if pandas.isna(value) else value for value in frame["value"]]
    places = zip(frame["indicator"], frame["group_id"], frame["year"].astype(int), frame["measure"])
    words = dataset.get("status", {})
    return {place: (value, words.get(str(at), "ok")) for at, (place, value) in enumerate(zip(places, values))}


def of_px(content, codes):
    """Values and symbols in the order of the cells."""
    with tempfile.NamedTemporaryFile(suffix=".px") as file:
        file.write(content)
        file.flush()
        # it prints what kind of file it found
        with contextlib.redirect_stdout(io.StringIO()):
            read = pyaxis.parse(file.name, encoding="utf-8", null_values="never", sd_values="never")
    cells = [cell.strip('"') for cell in read["DATA"]["DATA"]]
    pairs = [(None, cell) if cell in SYMBOLS else (float(cell), "") for cell in cells]
    return dict(zip(codes, pairs, strict=True))


def compare(name, expected, found, statuses=True):
    """Demands that every figure is there with its value, and with its row's status where the format has rows."""
    if missing := expected.keys() - found.keys():
        fail(JUDGE, f"{name} lacks {len(missing)} figures, among them {sorted(missing)[0]}")
    for place, (value, status) in found.items():
        wanted, word = expected.get(place, (None, "missing"))
        same = wanted is value or (wanted is not None and value is not None and math.isclose(float(wanted), float(value)))
        if not same or (statuses and status != word):
            fail(JUDGE, f"{name} says {value} ({status}) of {place}, published is {wanted} ({word})")


def judge(address, release, expected, instrument):
    def content(name):
        answer = ask(address, f"/v1/figures.{name}?instrument={instrument}&limit=100000&lang=en")
        fields = dict(answer.fields)
        if answer.status != 200 or fields.get("x-mognad-release") != release:
            fail(JUDGE, f"figures.{name} is answered with {answer.status}")
        return answer.body

    rows = pandas.DataFrame(json.loads(content("json"))["data"])
    compare("json", expected, of_rows(rows.rename(columns=lambda name: re.sub("[A-Z]", lambda found: f"_{found[0].lower()}", name))))
    compare("csv", expected, of_rows(pandas.read_csv(io.BytesIO(content("csv")))))
    rows = pandas.read_csv(io.BytesIO(content("excel-sv")), sep=";", decimal=",", encoding="utf-8-sig")
    compare("excel-sv", expected, of_rows(rows))
    compare("xlsx", expected, of_workbook(content("xlsx")))
    table = pyarrow.parquet.read_table(io.BytesIO(content("parquet")))
    compare("parquet", expected, of_rows(table.to_pandas()))
    stream = pyarrow.ipc.open_stream(content("arrow")).read_all()
    if not stream.equals(table) or stream.schema.metadata != table.schema.metadata:
        fail(JUDGE, "the Arrow stream and the Parquet file are not the same table")
    if table.schema.metadata[b"release"].decode() != release:
        fail(JUDGE, "the Parquet file names another release")

    dataset = json.loads(content("json-stat"))
    validate_jsonstat(dataset)
    frame = pyjstat.Dataset.read(json.dumps(dataset)).write("dataframe", naming="id")
    cube = of_cube(frame, dataset)
    compare("json-stat", expected, cube, statuses=False)
    for place, (value, status) in cube.items():
        if (value is None) != (status in ("withheld", "missing", "not-applicable", "not-comparable")):
            fail(JUDGE, f"json-stat says {value} ({status}) of {place}")
    compare("px", expected, of_px(content("px"), list(cube)), statuses=False)

    observed = pandas.read_csv(io.BytesIO(content("sdmx-csv")))
    values = observed["OBS_VALUE"].astype(object).where(observed["OBS_VALUE"].notna(), None)
    places = list(zip(observed["INDICATOR"], observed["GROUP_ID"], observed["TIME_PERIOD"], observed["MEASURE"]))
    compare("sdmx-csv", expected, dict(zip(places, zip(values, observed["STATUS"]))), statuses=False)
    if wrong := [(word, code) for word, code in zip(observed["STATUS"], observed["OBS_STATUS"]) if CODES[word] != code]:
        fail(JUDGE, f"sdmx-csv has the code {wrong[0][1]} for {wrong[0][0]}")
    if len(places) != len(expected) or len(set(places)) != len(places):
        fail(JUDGE, f"sdmx-csv has {len(places)} rows for {len(expected)} figures")


def main():
    given = parse()
    warnings.filterwarnings("ignore")
    current = [edition for edition in read_log(JUDGE, given.public) if not edition.withdrawn][-1]
    instruments = sorted(current.manifest["instruments"])
    figures = 0
    with serving(JUDGE, given.mognad, given.public) as address:
        for instrument in instruments:
            expected = published(current.tables["figures"], instrument)
            figures += len(expected)
            judge(address, current.release, expected, instrument)
    print(f"{JUDGE}: {figures} figures of {len(instruments)} instruments are read as they are published from 9 formats")


if __name__ == "__main__":
    main()
