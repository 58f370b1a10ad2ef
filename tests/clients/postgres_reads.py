"""psycopg, psql and ODBC ask the worked examples by the PostgreSQL protocol, and get the rows that HTTP gives."""

import argparse
import csv
import io
import re
import shutil
import subprocess

import psycopg
import pyodbc

from expected import PATIENCE_S, Expected
from sql_reads import compare, examples, plain, rows_of

JUDGE = "postgres_reads"
# the name under which Debian's package registers its driver
DRIVER = "PostgreSQL Unicode"


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--address", required=True, help="where the server listens, such as http://127.0.0.1:8080")
    parser.add_argument("--postgres", required=True, help="where it answers the PostgreSQL protocol, such as 127.0.0.1:5432")
    arguments = parser.parse_args()
    expected = Expected(JUDGE, arguments.address.rstrip("/"))
    host, port = arguments.postgres.split(":")
    connection = psycopg.connect(host=host, port=port, user="reader", dbname="mognad", connect_timeout=PATIENCE_S)
    binary = connection.cursor(binary=True)
    office = pyodbc.connect(f"Driver={{{DRIVER}}};Server={host};Port={port};Database=mognad;Uid=reader;Pwd=none") if DRIVER in pyodbc.drivers() else None
    psql = shutil.which("psql")
    number = rows = 0
    for name, sql, parameters in examples():
        answer = expected.get("/v1/sql", q=sql, **parameters)
        ours = [[plain(value) for value in row] for row in rows_of("json", answer)]
        bound, values = sql, []
        for at, (key, value) in enumerate(parameters.items()):
            bound = re.sub(rf":{key}\b", f"${at + 1}", bound)
            values.append(int(value) if value.isdigit() else value)
        # psycopg writes its own
        named = re.sub(r"\$(\d+)", lambda found: f"%({found[1]})s", bound.replace("%", "%%"))
        asked = {str(at + 1): value for at, value in enumerate(values)}
        compare(expected, f"{name} by psycopg", connection.execute(named, asked).fetchall(), ours)
        compare(expected, f"{name} by psycopg, in binary", binary.execute(named, asked).fetchall(), ours)
        literal = re.sub(r"\$(\d+)", lambda found: str(values[int(found[1]) - 1]) if isinstance(values[int(found[1]) - 1], int) else f"'{values[int(found[1]) - 1]}'", bound)
        if office:
            read = office.cursor().execute(literal).fetchall()
            # ODBC has truth as a digit in text
            compare(expected, f"{name} by ODBC", [[value == "1" if isinstance(own, bool) else value for value, own in zip(row, beside)] for row, beside in zip(read, ours)], ours)
        if psql:
            said = subprocess.run([psql, "--no-psqlrc", "--csv", f"host={host} port={port} user=reader dbname=mognad", "-c", literal], capture_output=True, text=True, timeout=PATIENCE_S)
            if said.returncode:
                expected.fail(f"{name} by psql: {said.stderr}")
            read = [[{"t": True, "f": False}.get(value, value) for value in row] for row in csv.reader(io.StringIO(said.stdout))][1:]
            compare(expected, f"{name} by psql", read, ours)
        number, rows = number + 1, rows + len(ours)
    for sql, state in (("select nothing from figures", "42703"), ("drop table figures", "25006"), ("select * from nowhere", "42P01"), ("select 1 / 0", "22012"), ("selec", "42601")):
        try:
            connection.execute(sql)
            expected.fail(f"{sql} is not refused")
        except psycopg.Error as error:
            if error.sqlstate != state:
                expected.fail(f"{sql} is refused as {error.sqlstate}, and not {state}: {error}")
            connection.rollback()
    tables = {row[0] for row in connection.execute("select tablename from pg_tables").fetchall()}
    if tables < {row["tableName"] for row in expected.table("/v1/tables")}:
        expected.fail(f"the catalogue lists {sorted(tables)}")
    readers = ["psycopg in text and binary", *(["ODBC"] if office else []), *(["psql"] if psql else [])]
    print(f"{JUDGE}: {number} examples, {rows} rows, by {', '.join(readers)}")


if __name__ == "__main__":
    main()
