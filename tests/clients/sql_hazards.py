"""Queries that have hurt query engines, asked of a server that runs as an unprivileged user: each has the outcome it should have, figures are answered
meanwhile, no process keeps growing, and nothing that the server could read is read."""

import argparse
import concurrent.futures
import os
import pwd
import re
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

import requests

from expected import PATIENCE_S, fail

JUDGE = "sql_hazards"
# nobody's
USER = "nobody"
# beyond its time limit a query is answered within this
GRACE_S = 6
# a server that runs no query itself needs no more than it has for figures, in bytes
SERVER_MAX = 1_500_000_000
# the address space of a worker, and a little for what counts it differently
WORKER_MAX = 3_300_000_000

BIG = "group_members as a join group_members as b on a.instrument = b.instrument"
FEW = "(select organisation from group_members limit 900)"


def nested(before, inner, after, times):
    return before * times + inner + after * times


def hazards():
    """Name, query and the outcomes that are right."""
    limit = {"complexity-limit"}
    slow = {"time-limit", "memory-limit"}
    yield "parentheses, 60 deep", f"select {nested('(', '1', ')', 60)}", limit
    yield "parentheses, 10,000 deep", f"select {nested('(', '1', ')', 10_000)}", limit
    yield "functions within each other", f"select {nested('abs(', '1', ')', 60)}", limit
    yield "subqueries within each other", f"select * from {nested('(select * from ', 'figures', ') as t', 60)}", limit
    yield "a chain of or, 500", "select 1 where " + " or ".join(["1 = 2"] * 500), limit
    yield "a chain of plus, 5,000", "select " + "+".join(["1"] * 5_000), limit
    yield "a chain of ||, 3,000", "select " + "||".join(["'a'"] * 3_000), limit
    yield "a chain of casts", "select 1" + "::int" * 3_000, limit | {"syntax"}
    yield "a chain of not", "select " + "not " * 3_000 + "true", limit | {"syntax"}
    yield "a chain of minus", "select " + "- " * 3_000 + "1", limit | {"syntax"}
    yield "cases within each other", f"select {nested('case when true then ', '1', ' else 0 end', 80)}", limit | {"syntax"}
    yield "500 unions", " union all ".join(["select 1"] * 500), limit
    yield "60 queries after with", "with " + ", ".join(f"a{at} as (select 1 as n)" for at in range(60)) + " select 1", limit
    doubled = ", ".join(["a0 as (select 1 as n)"] + [f"a{at} as (select x.n from a{at - 1} as x, a{at - 1} as y)" for at in range(1, 12)])
    yield "with, doubled eleven times", f"with {doubled} select n from a11", limit
    longer = ", ".join(["a0 as (select 'xxxxxxxxxxxxxxxx' as s)"] + [f"a{at} as (select s || s || s || s as s from a{at - 1})" for at in range(1, 15)])
    yield "a text of gigabytes by ||", f"with {longer} select length(s) as n from a14", {"memory-limit", "time-limit", "engine", "overflow", "complexity-limit", "failed"}
    yield "20 joins", "select 1 from figures as f0 " + " ".join(f"join figures as f{at} on f{at}.year = f0.year" for at in range(1, 21)), limit
    yield "a cube of ten columns", f"select 1 from (values (1,1,1,1,1,1,1,1,1,1)) as t(a,b,c,d,e,f,g,h,i,j) group by cube(a,b,c,d,e,f,g,h,i,j)", limit
    yield "2,000 columns", "select " + ", ".join(f"{at} as c{at}" for at in range(2_000)), limit
    yield "20,000 values after in", f"select 1 where 1 in ({','.join(map(str, range(2_500)))})", limit
    yield "3,000 rows of values", "values " + ",".join(f"({at})" for at in range(3_000)), limit
    yield "five windows", "select " + ", ".join(f"row_number() over (order by n) as r{at}" for at in range(5)) + " from (values (1)) as t(n)", limit
    yield "a cross join of two large sides", "select max(a.mean + b.mean) as n from figures as a, figures as b", limit
    yield "a join by <", "select count(*) as n from figures as a join figures as b on a.year < b.year", limit
    yield "a cross join in three steps", f"select count(*) as n from {BIG} cross join {FEW} as c", slow
    yield "a skewed join", f"select count(*) as n from {BIG} join group_members as c on c.instrument = a.instrument", slow
    yield "sorting all pairs", f"select a.organisation as x, b.organisation as y from {BIG} order by 2, 1", slow
    yield "all pairs that are different", f"select count(distinct a.organisation || b.organisation || a.group_id || b.group_id) as n from {BIG}", slow
    yield "all pairs as an answer", f"select a.organisation as x, b.organisation as y from {BIG}", {"row-limit", "byte-limit"}
    yield "a window over all pairs", f"select max(r) as n from (select row_number() over (partition by a.year order by b.group_id) as r from {BIG}) as t", slow
    yield "medians of all pairs", f"select median(a.year + b.year) as n from {BIG}", slow | {"answered"}
    yield "a correlated subquery", "select count(*) as n from figures as f where f.mean > (select avg(g.mean) from figures as g where g.year < f.year)", limit | slow | {"engine", "not-allowed", "answered", "meaning"}
    yield "repeat", "select repeat('x', 2000000000)", {"unknown-function"}
    yield "lpad", "select lpad('x', 2000000000, 'y')", {"unknown-function"}
    yield "generate_series", "select * from generate_series(1, 1000000000000)", {"not-allowed"}
    yield "range", "select range(1000000000)", {"unknown-function"}
    yield "a regular expression", "select regexp_like('aaaaaaaaaaaaaaaaaaaaaaaa', '(a+)+$')", {"unknown-function"}
    yield "a pattern of a row's own", "select name_sv like name_en from groups", {"not-allowed"}
    yield "a long pattern", f"select 'a' like '{'%a' * 100}'", limit
    yield "with recursive", "with recursive a as (select 1 as n union all select n + 1 from a) select count(*) from a", {"not-allowed"}
    yield "overflow of decimals", "select cast(99999999999999999999999999999999999999 as decimal(38, 0)) * cast(99999999999999999999999999999999999999 as decimal(38, 0)) as n", {"overflow", "answered", "engine", "type", "cast"}
    yield "overflow of whole numbers", "select 9223372036854775807 + 1 as n", {"answered", "overflow"}
    yield "the least whole number by -1", "select (-9223372036854775807 - 1) / -1 as n", {"overflow", "answered", "engine"}
    yield "a remainder by nought", "select 1 % 0 as n", {"division-by-zero"}
    yield "not a number", "select sqrt(-1.0) as n", {"not-finite"}
    yield "infinity", "select exp(1000000.0) as n", {"not-finite"}
    yield "a year of the wrong kind", "select cast('2020-13-45' as date) as d", {"cast"}
    yield "emoji", "select '\N{GRINNING FACE}' as \"\N{GRINNING FACE}\"", {"answered"}
    yield "a name with quotes", 'select 1 as "a""b; drop table figures"', {"answered"}
    yield "control characters", "select '\x01'", {"syntax"}
    yield "comments to the end", "select 1 as n /* " + "x" * 20_000 + " */", {"answered"}
    yield "a file", "select * from '/etc/passwd'", {"unknown-table"}
    yield "a file by another name", 'select * from "file:///etc/passwd"', {"unknown-table"}
    yield "the settings", "select * from information_schema.df_settings", {"unknown-table"}
    yield "copying out", "copy figures to '/tmp/mognad-hazard.csv'", {"statement"}
    yield "the version", "select version()", {"unknown-function"}


class Server:
    """A server of its own, as nobody."""

    def __init__(self, mognad, public, folder):
        program = folder / "mognad"
        shutil.copyfile(mognad, program)
        shutil.copytree(public, folder / "public")
        for path in [folder, *folder.rglob("*")]:
            path.chmod(0o755 if path.is_dir() or path == program else 0o644)
        user = {"user": USER, "group": pwd.getpwnam(USER).pw_gid, "extra_groups": []} if os.getuid() == 0 else {}
        command = [program, "serve", "--public", folder / "public", "--listen", "127.0.0.1:0", "--rate", "0", "--look-every", "3600"]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, cwd="/", **user)
        self.address = None
        while self.address is None:
            line = self.process.stdout.readline()
            if not line:
                fail(JUDGE, "the server ended without saying where it listens")
            found = re.search(r"http://[0-9.:]+", line)
            self.address = found and found[0]
        # the server waits for nobody to read what it says
        threading.Thread(target=self.process.stdout.read, daemon=True).start()

    def workers(self):
        """The processes that run queries."""
        for status in Path("/proc").glob("[0-9]*/status"):
            try:
                text = status.read_text()
            except OSError:
                continue
            if f"\nPPid:\t{self.process.pid}\n" in text:
                yield text

    def peak(self, text=None):
        """The most memory that a process had, in bytes (proc(5), VmHWM)."""
        text = text or Path(f"/proc/{self.process.pid}/status").read_text()
        found = re.search(r"VmHWM:\s+(\d+) kB", text)
        # one that has just ended has none
        return int(found[1]) * 1024 if found else 0


def outcome(server, sql):
    answer = requests.post(f"{server.address}/v1/sql?format=csv", data=sql.encode(), headers={"content-type": "application/sql"}, timeout=PATIENCE_S)
    if answer.status_code == 200:
        return "answered"
    problem = answer.json()
    if answer.status_code >= 500 and answer.status_code != 503:
        fail(JUDGE, f"{answer.status_code} for {sql[:200]}")
    for told in ("/root", "/tmp", "/proc", "datafusion", "Exec", "arrow", "panicked", "DataFusionError", "Utf8", "Int64"):
        if told in problem["detail"]:
            fail(JUDGE, f"{problem['detail']!r} tells {told!r} of {sql[:200]}")
    return problem.get("reason") or problem["type"].rsplit("/", 1)[1].removeprefix("query-")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--mognad", required=True, type=Path)
    parser.add_argument("--public", required=True, type=Path)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        server = Server(arguments.mognad, arguments.public, Path(folder))
        try:
            judged(server)
        finally:
            server.process.terminate()
            server.process.wait()


def judged(server):
    figures = f"{server.address}/v1/figures?indicator=index&group=all"
    wanted = requests.get(figures, timeout=PATIENCE_S).content
    outcome(server, "select 1 as n")
    uid = pwd.getpwnam(USER).pw_uid if os.getuid() == 0 else os.getuid()
    for text in server.workers():
        if f"Uid:\t{uid}\t{uid}\t{uid}" not in text:
            fail(JUDGE, "a process that runs queries is not the unprivileged user's")
    counts, peak = {}, 0
    for name, sql, right in hazards():
        begun = time.monotonic()
        with concurrent.futures.ThreadPoolExecutor() as pool:
            asked = pool.submit(outcome, server, sql)
            # while it runs, and once more when it has
            while not asked.done():
                if requests.get(figures, timeout=PATIENCE_S).content != wanted:
                    fail(JUDGE, f"figures are not answered while {name!r} runs")
                peak = max([peak, *map(server.peak, server.workers())])
            found = asked.result()
        if found not in right:
            fail(JUDGE, f"{name}: {found}, and not {' or '.join(sorted(right))}: {sql[:200]}")
        if time.monotonic() - begun > 5 + GRACE_S:
            fail(JUDGE, f"{name} took {time.monotonic() - begun:.1f} s")
        if (after := outcome(server, "select 1 as n")) != "answered":
            fail(JUDGE, f"after {name!r} a query for 1 is {after}")
        counts[found] = counts.get(found, 0) + 1
    if Path("/tmp/mognad-hazard.csv").exists():
        fail(JUDGE, "a query has written a file")
    if server.peak() > SERVER_MAX or peak > WORKER_MAX:
        fail(JUDGE, f"the server had {server.peak():,} bytes at most and a worker {peak:,}")
    told = ", ".join(f"{count} {found}" for found, count in sorted(counts.items(), key=lambda pair: -pair[1]))
    sys.stdout.write(f"{JUDGE}: {sum(counts.values())} queries as {USER if os.getuid() == 0 else 'oneself'}: {told}; the server had {server.peak() / 1e6:.0f} MB at most, a worker {peak / 1e6:.0f} MB\n")


if __name__ == "__main__":
    main()
