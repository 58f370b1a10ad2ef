"""Has the program work on S3 as it works on a folder, with a server that behaves and with one that does not; what is published is judged in tests/audit."""

import argparse
import contextlib
import json
import re
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path
from types import SimpleNamespace

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "audit"))

from between import between
from bucket import BUCKET, environment, moto, s3rver
from opened import fail
from replay import read_corpus, replay, times_of

JUDGE = "stores"
PATIENCE_S = 90
PSEUDONYMS = "00112233445566778899aabbccddeeff" * 2
# of the times at which the program can be killed, one in so many is tried here; tests/it/kill.rs tries all of them on a folder
STRIDE = 7
SURVEY = ["--sectors", "municipality", "--organisations", "40", "--respondents", "5", "--seed", "7"]
OF = ["--instrument", "digital-maturity", "--year"]


class Program:
    """The program, with stores at addresses and a server of S3."""

    def __init__(self, path, folder, private, public, server=None):
        self.path, self.folder = path, folder
        self.environment = environment(server) if server else environment("http://127.0.0.1:9")
        self.environment |= {"MOGNAD_PRIVATE": private, "MOGNAD_PUBLIC": public, "MOGNAD_PSEUDONYM_KEY": PSEUDONYMS}
        self.public = public

    def run(self, *arguments, kill_at=None):
        """Exit code and everything said."""
        own = {**self.environment, **({"MOGNAD_KILL_AT": str(kill_at)} if kill_at else {})}
        done = subprocess.run([self.path, *arguments], cwd=self.folder, env=own, capture_output=True, text=True, timeout=300)
        return done.returncode, done.stdout + done.stderr

    def expect(self, code, *arguments):
        """What is said, by a run that ends as it has to."""
        found, said = self.run(*arguments)
        if found != code:
            fail(JUDGE, f"`mognad {' '.join(map(str, arguments))}` ends with {found} and not {code}: {said[-2000:]}")
        return said

    @contextlib.contextmanager
    def serving(self, *arguments):
        """The address of a server over the public store, and of its numbers."""
        command = [self.path, "serve", "--listen", "127.0.0.1:0", "--metrics", "127.0.0.1:0", "--rate", "0", "--notice-seconds", "0", *arguments]
        process = subprocess.Popen(command, cwd=self.folder, env=self.environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        try:
            said, found = [], {}
            for line in process.stdout:
                said.append(line)
                for name, pattern in (("metrics", r"metrics on (http://[0-9.:]+)"), ("address", r"on (http://[0-9.:]+)")):
                    if match := re.search(pattern, line):
                        found.setdefault(name, match.group(1)) if name == "metrics" or "metrics" not in line else None
                if len(found) == 2:
                    break
            if len(found) != 2:
                fail(JUDGE, f"`mognad serve` ended: {''.join(said)[-2000:]}")
            drain = subprocess.Popen(["cat"], stdin=process.stdout, stdout=subprocess.DEVNULL)
            yield SimpleNamespace(**found, process=process)
        finally:
            process.terminate()
            process.wait(PATIENCE_S)
        drain.wait()


def get(address):
    """Status and JSON of an answer."""
    try:
        with urllib.request.urlopen(address, timeout=PATIENCE_S) as answer:
            body = answer.read()
            return answer.status, json.loads(body) if body[:1] in b"{[" else body.decode()
    except urllib.error.HTTPError as error:
        return error.code, json.loads(error.read() or b"{}")


def until(what, holds):
    """Waits for something to come to hold."""
    end = time.monotonic() + PATIENCE_S
    while not (found := holds()):
        if time.monotonic() > end:
            fail(JUDGE, f"{what} did not come to be")
        time.sleep(0.2)
    return found


def survey(program, year):
    """A year's survey file."""
    program.expect(0, "sample", "--instrument", "digital-maturity", "--years", str(year), "--to", str(program.folder), *SURVEY)
    return str(next(Path(program.folder).glob(f"*{year}*.csv")))


def tables(objects):
    """The names of published tables in a public store, which are made of their content."""
    return sorted(key for key in objects if key.startswith("data/"))


# ---- the same on S3 ----


def same(mognad, work, bucket):
    """Takes in two years and publishes them on S3 and in folders: the same microdata and the same tables."""
    programs = [
        Program(mognad, work, str(work / "private"), str(work / "public")),
        Program(mognad, work, f"s3://{BUCKET}/same/private", f"s3://{BUCKET}/same/public", bucket.address),
    ]
    files = {year: survey(programs[0], year) for year in (2019, 2020)}
    for program in programs:
        for year, file in files.items():
            program.expect(0, "check", file, *OF, str(year))
            program.expect(0, "ingest", file, *OF, str(year))
            program.expect(0, "publish", "--without-witnesses")
        said = program.expect(0, "releases", "verify")
    folders = {str(path.relative_to(work)): path.read_bytes() for path in work.rglob("*") if path.is_file()}
    for side, kind in (("private", "microdata/"), ("public", "data/")):
        one = {key.removeprefix(side + "/"): content for key, content in folders.items() if key.startswith(f"{side}/{kind}")}
        other = {key: content for key, content in bucket.objects(f"same/{side}").items() if key.startswith(kind)}
        if not one or one != other:
            fail(JUDGE, f"{side}: {len(one)} objects in a folder and {len(other)} on S3 are not the same")
    rows = [program.expect(0, "query", "select count(*) as n, sum(mean) as s from figures", "--format", "csv") for program in programs]
    if rows[0] != rows[1]:
        fail(JUDGE, f"a query gives other rows on S3: {rows}")
    print(f"stores: two years are the same on S3 and in a folder, {len(tables(bucket.objects('same/public')))} tables to the byte ({said.strip().splitlines()[-1]})")
    return files


def answered(mognad, work, demo, bucket):
    """Serves one store from a folder and from S3: every request of the attack corpus is answered alike."""
    bucket.fill(demo, "demo")
    local = Program(mognad, work, str(work / "private"), str(demo))
    remote = Program(mognad, work, str(work / "private"), f"s3://{BUCKET}/demo", bucket.address)
    requests = read_corpus()
    with local.serving("--look-every", "3600") as first, remote.serving("--look-every", "3600") as second:
        servers = [SimpleNamespace(address=own.address, times=times_of(demo)) for own in (first, second)]
        found, statuses = replay(servers, requests)
    if found:
        print("\n".join(found[0]))
        fail(JUDGE, f"{len(found)} of {len(requests)} requests are answered differently from S3")
    told = ", ".join(f"{number} times {status}" for status, number in sorted(statuses.items()))
    print(f"stores: {len(requests)} requests are answered alike from a folder and from S3 ({told})")


def killed(mognad, work, files, bucket):
    """Kills ingest and publish at points on S3: the old edition is current, or the new one, and the next run completes."""
    kept = None
    old = new = None
    counts = {"old": 0, "new": 0}
    for point in [None, *range(1, 10_000, STRIDE)]:
        bucket.empty("killed/private")
        bucket.empty("killed/public")
        program = Program(mognad, work, f"s3://{BUCKET}/killed/private", f"s3://{BUCKET}/killed/public", bucket.address)
        if kept is None:
            program.expect(0, "ingest", files[2019], *OF, "2019")
            program.expect(0, "publish", "--without-witnesses")
            kept = {side: bucket.objects(f"killed/{side}") for side in ("private", "public")}
            old = tables(kept["public"])
        else:
            for side, objects in kept.items():
                for key, content in objects.items():
                    bucket.write(f"killed/{side}/{key}", content)
        codes = []
        for arguments in (("ingest", files[2020], *OF, "2020"), ("publish", "--without-witnesses", "--threads", "1")):
            codes.append(program.run(*arguments, kill_at=point)[0])
        if point is None:
            new = tables(bucket.objects("killed/public"))
            continue
        said = program.expect(0, "releases", "list")
        counts["new" if said.count("publish") == 2 else "old"] += 1
        if codes == [0, 0]:
            break
        program.run("ingest", files[2020], *OF, "2020")
        program.expect(0, "publish", "--without-witnesses")
        program.expect(0, "releases", "verify")
        if tables(bucket.objects("killed/public"))[:] != new and set(new) - set(tables(bucket.objects("killed/public"))):
            fail(JUDGE, f"killed at point {point}, the next run does not come to the same tables")
    if not counts["old"] or not counts["new"] or not old:
        fail(JUDGE, f"no kill left the old edition, or none the new one: {counts}")
    print(f"stores: killed at {sum(counts.values()) - 1} points on S3, every next run completes ({counts['old']} times the old edition stood, {counts['new']} times the new one)")


# ---- a store that fails ----


def fit(mognad, work, bucket, modules):
    """`doctor` lets a good store through and refuses one that writes over."""
    good = Program(mognad, work, str(work / "private"), f"s3://{BUCKET}/doctor", bucket.address)
    said = good.expect(0, "doctor")
    if said.count("  ok  ") != 14 or bucket.objects("doctor"):
        fail(JUDGE, f"`doctor` leaves something, or says: {said}")
    print("stores: doctor finds a folder and moto good, and leaves nothing")
    with s3rver(modules, work / "s3rver") as overwriting:
        bad = Program(mognad, work, str(work / "private"), f"s3://{BUCKET}/doctor", overwriting)
        said = bad.expect(1, "doctor")
        if "FAILED  refuses to write over" not in said:
            fail(JUDGE, f"`doctor` says of a store that writes over: {said}")
        code, said = bad.run("publish", "--without-witnesses")
        if code != 3 or "mognad doctor" not in said:
            fail(JUDGE, f"`publish` to a store that writes over ends with {code}: {said}")
    print("stores: doctor and publish refuse s3rver, which writes over")


FAILING = ("down", "busy", "cut", "wrong", "old", "silent")


def served(mognad, work, files, bucket):
    """Serves from a store that comes to fail in each way: what is served stays as it was, and whoever runs the service is told."""
    for own in ("private", "public"):
        bucket.empty(f"served/{own}")
    private = f"s3://{BUCKET}/served/private"
    publisher = Program(mognad, work, private, f"s3://{BUCKET}/served/public", bucket.address)
    publisher.expect(0, "ingest", files[2019], *OF, "2019")
    publisher.expect(0, "publish", "--without-witnesses")
    told = []
    with between(bucket.address) as proxy:
        # kept short, so that one that says nothing is given up while the judge waits
        reader = Program(mognad, work, private, f"s3://{BUCKET}/served/public", proxy.address)
        reader.environment |= {"AWS_TIMEOUT": "2 seconds"}
        cache = work / "cache"
        shutil.rmtree(cache, ignore_errors=True)
        with reader.serving("--look-every", "1", "--cache", str(cache)) as server:
            before = get(f"{server.address}/v1/figures?indicator=index&group=all")
            ready = get(f"{server.address}/ready")[1]
            if ready["store"] != "ok":
                fail(JUDGE, f"/ready says {ready}")
            publisher.expect(0, "ingest", files[2020], *OF, "2020")
            for mode in FAILING:
                proxy.unseen = re.compile(r"commits/0+1\.json")
                proxy.mode = mode
                # a store that is behind is noticed at once, and one that spoils bytes when there is something new
                if mode in ("cut", "wrong") and mode == "cut":
                    publisher.expect(0, "publish", "--without-witnesses")
                until(f"a failing store ({mode})", lambda: get(f"{server.address}/ready")[1].get("store") == "failing")
                numbers = get(f"{server.metrics}/metrics")[1]
                since = re.search(r"mognad_store_failing_since_seconds (\d+)", numbers)
                if not since or since.group(1) == "0" or get(f"{server.address}/ready")[0] != 200:
                    fail(JUDGE, f"{mode}: the numbers do not tell of it")
                if get(f"{server.address}/v1/figures?indicator=index&group=all") != before:
                    fail(JUDGE, f"{mode}: what is served has changed")
                told.append(mode)
                if mode in ("cut",):
                    continue
                proxy.mode = "as it is"
                until(f"a store that is good again ({mode})", lambda: get(f"{server.address}/ready")[1].get("store") == "ok")
                before = get(f"{server.address}/v1/figures?indicator=index&group=all")
            newest = get(f"{server.address}/ready")[1]["release"]
            proxy.mode = "slow"
            if get(f"{server.address}/v1/figures?indicator=index&group=all") != before:
                fail(JUDGE, "slow: what is served has changed")
        # started again while the store is away, or has been set back to before what was seen
        for mode in ("down", "busy", "silent", "old"):
            proxy.mode, proxy.unseen = mode, re.compile(r"commits/0+2\.json")
            with reader.serving("--look-every", "1", "--cache", str(cache)) as server:
                if get(f"{server.address}/ready")[1]["release"] != newest:
                    fail(JUDGE, f"{mode}: started again, it does not serve what it had")
                until(f"a failing store ({mode}), after a start", lambda: get(f"{server.address}/ready")[1].get("store") == "failing")
        proxy.mode = "down"
        code, said = reader.run("serve", "--listen", "127.0.0.1:0")
        if code != 3:
            fail(JUDGE, f"without a cache and a store it ends with {code}: {said}")
        damaged = next((cache / "data").iterdir())
        damaged.write_bytes(b"x" + damaged.read_bytes()[1:])
        proxy.mode = "as it is"
        with reader.serving("--look-every", "1", "--cache", str(cache)) as server:
            if get(f"{server.address}/ready")[1]["release"] != newest:
                fail(JUDGE, "a cache that is damaged is not read past")
    print(f"stores: serving goes on while the store is {', '.join(told)} and slow, /ready and the metrics tell; a start without the store serves what was kept")


def published(mognad, work, files, bucket):
    """Publishes to a store that fails in each way: nothing is half-published, and what to do is said."""
    outcomes = {}
    for mode in ("down", "busy", "cut", "wrong", "hollow", "unheard", "unheard commit", "slow"):
        for own in ("private", "public"):
            bucket.empty(f"published/{own}")
        good = Program(mognad, work, f"s3://{BUCKET}/published/private", f"s3://{BUCKET}/published/public", bucket.address)
        good.expect(0, "ingest", files[2019], *OF, "2019")
        good.expect(0, "publish", "--without-witnesses")
        good.expect(0, "ingest", files[2020], *OF, "2020")
        with between(bucket.address) as proxy:
            bad = Program(mognad, work, f"s3://{BUCKET}/published/private", f"s3://{BUCKET}/published/public", proxy.address)
            # whoever waits for minutes waits for seconds here
            bad.environment |= {"AWS_TIMEOUT": "5 seconds", "AWS_MAX_ATTEMPTS": "3"}
            proxy.mode = mode
            code, said = bad.run("publish", "--without-witnesses")
            log = good.expect(0, "releases", "list")
            good.expect(0, "releases", "verify")
            is_new = log.count("publish") == 2
            if (code == 0) != is_new or "panicked" in said or (code not in (0, 1, 3)):
                fail(JUDGE, f"{mode}: publish ends with {code}, and the log is {log}: {said[-1500:]}")
            if code != 0 and not re.search(r"check that the store|restore it|mognad doctor", said):
                fail(JUDGE, f"{mode}: publish does not say what to do: {said[-1500:]}")
            outcomes[mode] = "published" if is_new else "refused"
            if is_new != (mode in ("unheard commit", "slow")):
                fail(JUDGE, f"{mode}: publish is {outcomes[mode]}: {said[-1500:]}")
        good.expect(0, "publish", "--without-witnesses")
    print("stores: publish to a store that is", ", ".join(f"{mode}: {outcome}" for mode, outcome in outcomes.items()))


def main():
    """Judges everything."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--mognad", type=Path, required=True, help="the program")
    parser.add_argument("--demo", type=Path, required=True, help="folder of a public store")
    parser.add_argument("--modules", type=Path, required=True, help="folder of what package.json lists")
    parser.add_argument("--only", nargs="*", help="parts to judge; all unless told")
    given = parser.parse_args()
    mognad = str(given.mognad.resolve())
    with tempfile.TemporaryDirectory() as folder, moto() as bucket:
        work = Path(folder)
        files = same(mognad, work, bucket)
        parts = {
            "fit": lambda: fit(mognad, work, bucket, given.modules),
            "answered": lambda: answered(mognad, work, given.demo, bucket),
            "killed": lambda: killed(mognad, work, files, bucket),
            "served": lambda: served(mognad, work, files, bucket),
            "published": lambda: published(mognad, work, files, bucket),
        }
        for name, part in parts.items():
            if not given.only or name in given.only:
                part()
    print("stores: ok")


if __name__ == "__main__":
    main()
