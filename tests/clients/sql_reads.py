"""Researchers' SQL and files: every worked example gives the same rows through HTTP in each format, and in DuckDB over the files, read where they lie;
Polars and pyarrow read the files there too."""

import csv
import io
import math
import re
from importlib import metadata
from pathlib import Path

import duckdb
import fsspec
import openpyxl
import polars
import pyarrow
import pyarrow.compute
import pyarrow.dataset
import pyarrow.fs
import requests
from pyarrow import ipc, parquet

from expected import PATIENCE_S, start

JUDGE = "sql_reads"
SQL = Path(__file__).resolve().parents[2] / "sql"
# formats that hold rows
FORMATS = ("json", "csv", "excel-sv", "xlsx", "parquet", "arrow")
# columns that come with every row of text
BESIDE = 4
# a number that was computed in another order
NEAR = 1e-9


def header(text):
    """What a file's first lines say, and the rest."""
    lines = text.splitlines()
    said = [line[3:].split(": ", 1) for line in lines if line.startswith("-- ")]
    return dict(pair for pair in said if len(pair) == 2), "\n".join(line for line in lines if not line.startswith("--"))


def examples():
    """Name, query and parameters of each."""
    for path in sorted((SQL / "example").glob("*.sql")):
        said, sql = header(path.read_text())
        yield path.stem, sql, dict(pair.split("=", 1) for pair in said.get("parameters", "").split())


def tables_where_they_lie(expected):
    """DuckDB with the release's files as tables, and our views over them."""
    connection = duckdb.connect()
    # from the package registry, since DuckDB's own server of extensions is not reached
    extension = next(file for file in metadata.files("duckdb-ext-httpfs") if file.name == "httpfs.duckdb_extension")
    connection.execute(f"load '{extension.locate()}'")
    release = expected.about["release"]["id"]
    connection.execute("create schema published")
    connection.execute("set schema = 'published'")
    listed = expected.table("/v1/tables")
    names = [row["tableName"] for row in listed if not row["isView"]]
    for name in names:
        connection.execute(f"create view {name} as select * from read_parquet('{expected.address}/v1/files/{release}/{name}.parquet')")
    log = polars.DataFrame(expected.table("/v1/releases")).to_arrow()
    connection.register("log", log)
    connection.execute(
        "create view releases as select sequence, release, kind, \"publishedAt\" as published_at, supersedes, withdrawn, \"policyDigest\" as policy_digest from log"
    )
    views = [row["tableName"] for row in listed if row["isView"]]
    for name in views:
        connection.execute(f"create view {name} as {header((SQL / 'view' / f'{name}.sql').read_text())[1]}")
    return connection, names, views


def plain(value):
    """A value as all readers have it."""
    if isinstance(value, bool) or value is None:
        return value
    if isinstance(value, (int, float)):
        return float(value)
    text = str(value)
    if text == "":
        return None
    if text in ("true", "false"):
        return text == "true"
    try:
        return float(text)
    except ValueError:
        return text


def is_same(one, other):
    if isinstance(one, float) and isinstance(other, float):
        return math.isclose(one, other, rel_tol=NEAR, abs_tol=NEAR)
    return one == other


def compare(expected, what, rows, ours):
    if len(rows) != len(ours):
        expected.fail(f"{what} has {len(rows)} rows of {len(ours)}")
    for at, (row, own) in enumerate(zip(rows, ours)):
        row = [plain(value) for value in row]
        if not all(map(is_same, row, own)) or len(row) != len(own):
            expected.fail(f"{what}, row {at + 1}: {row} for {own}")


def rows_of(kind, answer):
    """The rows of an answer, without what comes with each."""
    match kind:
        case "json":
            return [list(row.values()) for row in answer.json()["data"]]
        case "csv":
            return [row[:-BESIDE] for row in csv.reader(io.StringIO(answer.text))][1:]
        case "excel-sv":
            rows = [row[:-BESIDE] for row in csv.reader(io.StringIO(answer.content.decode("utf-8-sig")), delimiter=";")][1:]
            return [[cell.replace(",", ".") if cell.replace(",", "", 1).lstrip("-").isdigit() else cell for cell in row] for row in rows]
        case "xlsx":
            book = openpyxl.load_workbook(io.BytesIO(answer.content), read_only=True)
            return [list(row) for row in book.worksheets[0].iter_rows(min_row=2, values_only=True)]
        case "parquet":
            return [list(row.values()) for row in parquet.read_table(io.BytesIO(answer.content)).to_pylist()]
        case "arrow":
            with ipc.open_stream(io.BytesIO(answer.content)) as stream:
                return [list(row.values()) for row in stream.read_all().to_pylist()]


def files_are_read_where_they_lie(expected, connection, names):
    """One table by three readers, of which none fetches the whole file to count it."""
    release = expected.about["release"]["id"]
    address = f"{expected.address}/v1/files/{release}/figures.parquet"
    ours = connection.execute("select count(*), sum(mean) from figures").fetchone()
    frame = polars.scan_parquet(address).select(polars.len(), polars.col("mean").sum()).collect()
    expected.same("figures by Polars", dict(enumerate(frame.row(0))), dict(enumerate(ours)))
    files = pyarrow.fs.PyFileSystem(pyarrow.fs.FSSpecHandler(fsspec.filesystem("http")))
    table = pyarrow.dataset.dataset(address, format="parquet", filesystem=files).to_table(columns=["mean"])
    expected.same("figures by pyarrow", {"rows": table.num_rows, "sum": pyarrow.compute.sum(table["mean"]).as_py()}, {"rows": ours[0], "sum": ours[1]})
    for name in names:
        rows = connection.execute(f"select count(*) from {name}").fetchone()[0]
        said = next(row["rows"] for row in expected.table("/v1/tables") if row["tableName"] == name)
        if rows != said:
            expected.fail(f"{name} has {rows} rows where it lies, and {said} are said")


def main():
    expected = start(JUDGE, __doc__)
    connection, names, views = tables_where_they_lie(expected)
    files_are_read_where_they_lie(expected, connection, names)
    number = rows = 0
    for name, sql, parameters in examples():
        bound = sql
        for key, value in parameters.items():
            bound = re.sub(rf":{key}\b", value if value.isdigit() else f"'{value}'", bound)
        ours = [[plain(value) for value in row] for row in connection.execute(bound).fetchall()]
        if not ours:
            expected.fail(f"{name} has no rows")
        for kind in FORMATS:
            answer = expected.get("/v1/sql", q=sql, format=kind, **parameters)
            compare(expected, f"{name} as {kind}", rows_of(kind, answer), ours)
        posted = requests.post(f"{expected.address}/v1/sql", params=parameters, data=sql.encode(), headers={"content-type": "application/sql"}, timeout=PATIENCE_S)
        compare(expected, f"{name} by POST", rows_of("json", posted), ours)
        number, rows = number + 1, rows + len(ours)
    for view in views:
        ours = [[plain(value) for value in row] for row in connection.execute(f"select * from {view} order by all").fetchall()]
        columns = [column[0] for column in connection.execute(f"select * from {view} limit 0").description]
        answer = expected.get("/v1/sql", q=f"select * from {view} order by {', '.join(str(at + 1) + ' nulls last' for at in range(len(columns)))}", format="parquet")
        compare(expected, f"the view {view}", rows_of("parquet", answer), ours)
    print(f"{JUDGE}: {number} examples, {rows} rows, in {len(FORMATS)} formats as DuckDB has them over {len(names)} files where they lie; {len(views)} views")


if __name__ == "__main__":
    main()
