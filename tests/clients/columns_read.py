"""DuckDB, Polars and pyarrow read Parquet and Arrow: every row, types as described, and what the files say of themselves; text formats are read in `text_read`."""

import datetime
import io
import tempfile
from pathlib import Path

import duckdb
import polars
import pyarrow
from pyarrow import ipc, parquet

from expected import ROWS_MAX, camel, start

JUDGE = "columns_read"
SELECTION = {"indicator": "*", "group": "*", "year": "*", "limit": ROWS_MAX}
# what each reader calls the kinds of columns
ARROW = {"text": pyarrow.string(), "whole": pyarrow.int64(), "number": pyarrow.float64(), "flag": pyarrow.bool_()}
POLARS = {"text": polars.String, "whole": polars.Int64, "number": polars.Float64, "flag": polars.Boolean}
DUCKDB = {"text": "VARCHAR", "whole": "BIGINT", "number": "DOUBLE", "flag": "BOOLEAN"}


def rows_are_ours(expected, what, read):
    """Rows as dictionaries, in our order."""
    ours = [{name: row[camel(name)] for name in expected.columns} for row in expected.figures.values()]
    if len(read) != len(ours):
        expected.fail(f"{what} has {len(read)} rows of {len(ours)}")
    expected.same(what, dict(enumerate(read)), dict(enumerate(ours)))


def is_said(expected, what, metadata):
    """What a file says of itself is what comes with an answer in JSON."""
    about = expected.about
    said = {
        "table": "figures",
        "release": about["release"]["id"],
        "sequence": str(about["release"]["sequence"]),
        "kind": about["release"]["kind"],
        "published_at": about["release"]["publishedAt"],
        "policy": about["policy"],
        "licence": about["licence"],
        "source_sv": about["source"]["sv"],
        "source_en": about["source"]["en"],
        "synthetic": str(about["synthetic"]).lower(),
        "notice_sv": about["notice"]["sv"],
        "notice_en": about["notice"]["en"],
    }
    expected.same(f"what {what} says of itself", {key: metadata.get(key) for key in said}, said)
    datetime.datetime.fromisoformat(metadata["published_at"])


def are_described(expected, what, schema):
    """Types of pyarrow's columns, and the texts that they carry."""
    kinds = {name: ARROW[row["kind"]] for name, row in expected.columns.items()}
    expected.same(f"types of {what}", dict(zip(schema.names, schema.types)), kinds)
    for name, row in expected.columns.items():
        texts = {key.decode(): value.decode() for key, value in (schema.field(name).metadata or {}).items()}
        wanted = {"title_sv": row["titleSv"], "title_en": row["titleEn"], "text_sv": row["textSv"], "text_en": row["textEn"]}
        if row["unit"]:
            wanted["unit"] = row["unit"]
        expected.same(f"texts of {name} in {what}", {key: texts.get(key) for key in wanted}, wanted)


def decoded(metadata):
    return {key.decode(): value.decode() for key, value in metadata.items()}


def parquet_is_read(expected, path):
    """One file by three readers."""
    file = parquet.ParquetFile(path)
    table = file.read()
    rows_are_ours(expected, "Parquet by pyarrow", table.to_pylist())
    are_described(expected, "Parquet by pyarrow", table.schema)
    is_said(expected, "Parquet by pyarrow", decoded(file.metadata.metadata))

    frame = polars.read_parquet(path)
    rows_are_ours(expected, "Parquet by Polars", frame.to_dicts())
    expected.same("types of Parquet by Polars", dict(frame.schema), {name: POLARS[row["kind"]] for name, row in expected.columns.items()})
    is_said(expected, "Parquet by Polars", polars.read_parquet_metadata(path))

    connection = duckdb.connect()
    found = connection.execute("select * from read_parquet(?)", [str(path)])
    names = [column[0] for column in found.description]
    rows_are_ours(expected, "Parquet by DuckDB", [dict(zip(names, row)) for row in found.fetchall()])
    types = connection.execute("describe select * from read_parquet(?)", [str(path)]).fetchall()
    expected.same("types of Parquet by DuckDB", {row[0]: row[1] for row in types}, {name: DUCKDB[row["kind"]] for name, row in expected.columns.items()})
    pairs = connection.execute("select decode(key), decode(value) from parquet_kv_metadata(?)", [str(path)]).fetchall()
    is_said(expected, "Parquet by DuckDB", dict(pairs))
    withheld = connection.execute("select count(*) from read_parquet(?) where status = 'withheld' and mean is not null", [str(path)]).fetchone()
    if withheld != (0,):
        expected.fail(f"{withheld[0]} withheld means have a value")


def arrow_is_read(expected, content):
    """One stream by three readers; DuckDB takes it from pyarrow."""
    with ipc.open_stream(io.BytesIO(content)) as stream:
        table = stream.read_all()
    rows_are_ours(expected, "Arrow by pyarrow", table.to_pylist())
    are_described(expected, "Arrow by pyarrow", table.schema)
    is_said(expected, "Arrow by pyarrow", decoded(table.schema.metadata))
    frame = polars.read_ipc_stream(io.BytesIO(content))
    rows_are_ours(expected, "Arrow by Polars", frame.to_dicts())
    names = list(expected.columns)
    found = duckdb.from_arrow(table)
    rows_are_ours(expected, "Arrow by DuckDB", [dict(zip(names, row)) for row in found.fetchall()])


def main():
    expected = start(JUDGE, __doc__)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "figures.parquet"
        path.write_bytes(expected.get("/v1/figures", **SELECTION, format="parquet").content)
        parquet_is_read(expected, path)
    arrow_is_read(expected, expected.get("/v1/figures", **SELECTION, format="arrow").content)
    print(f"{JUDGE}: {len(expected.figures)} rows of Parquet and Arrow, each by pyarrow, Polars and DuckDB")


if __name__ == "__main__":
    main()
