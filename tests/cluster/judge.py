"""Has the program compute on a cluster what it computes by itself, with stores in folders and on S3, and with executors that die while they compute."""

import argparse
import json
import re
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

for beside in ("audit", "stores"):
    sys.path.insert(0, str(Path(__file__).resolve().parents[1] / beside))

from bucket import BUCKET, environment, moto
from machines import cluster
from opened import fail
from ports import free_port

JUDGE = "cluster"
LIMIT_S = 300
# how many files of results an executor has written when it is killed
KILLED_AFTER = (1, 20, 50, 90)
# given up sooner than usual: a cluster that lost something may wait for ever
PATIENCE = ("--answer-seconds", "15")


class Publisher:
    """The program with a private store, which publishes to stores of its own each time."""

    def __init__(self, mognad, work, private, server=None):
        self.mognad, self.work, self.private = mognad, work, private
        self.environment = environment(server) if server else environment("http://127.0.0.1:9")

    def command(self, public, *arguments):
        """A publication as it is started."""
        return [self.mognad, "publish", "--without-witnesses", "--private", self.private, "--public", public, *arguments]

    def publish(self, public, *arguments):
        """Exit code, everything said and how long it took."""
        began = time.monotonic()
        done = subprocess.run(self.command(public, *arguments), cwd=self.work, env=self.environment, capture_output=True, text=True, timeout=LIMIT_S)
        return done.returncode, done.stdout + done.stderr, time.monotonic() - began

    def start(self, public, *arguments):
        """A publication that runs on."""
        command = self.command(public, *arguments)
        return subprocess.Popen(command, cwd=self.work, env=self.environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)


def content(objects):
    """What a public store holds, but for when it was published: files by name, and manifests without times."""
    found = {}
    for name, body in objects.items():
        if name.startswith("data/"):
            found[name] = body
        elif name.startswith("releases/"):
            # its name is made of what it holds, times included
            found[name.rpartition("/")[0]] = re.sub(rb'"publishedAt": "[^"]+"', b"", body)
    return found


def in_folder(folder):
    """Every file below a folder, with its bytes."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in Path(folder).rglob("*") if path.is_file()}


def commits(folder):
    """How often something was published to a folder."""
    return sum(1 for _ in Path(folder).glob("commits/*.json"))


def replaced(mognad, work, private):
    """Replaces a survey by another of the same year: what was superseded stays in the store and has to count for nothing."""
    own = {**environment("http://127.0.0.1:9"), "MOGNAD_PRIVATE": private, "MOGNAD_PSEUDONYM_KEY": (work / "pseudonym-key").read_text().strip()}

    def run(*arguments):
        done = subprocess.run([mognad, *arguments], cwd=work, env=own, capture_output=True, text=True, timeout=LIMIT_S)
        if done.returncode:
            fail(JUDGE, f"`mognad {' '.join(arguments)}` ends with {done.returncode}: {(done.stdout + done.stderr)[-1500:]}")
        return done.stdout

    receipts = [json.loads(path.read_text()) for path in Path(private).glob("receipts/**/*.json")]
    old = next(own for own in receipts if own["instrument"] == "digital-maturity" and own["year"] == 2019)
    run("sample", "--instrument", "digital-maturity", "--years", "2019", "--to", str(work / "again"), "--respondents", "5", "--seed", "8")
    file = next((work / "again").glob("*2019*.csv"))
    run("ingest", str(file), "--instrument", "digital-maturity", "--year", "2019", "--replace", old["id"])


def same(publisher, found, expected, where):
    """Fails unless two public stores hold the same."""
    if not expected or found != expected:
        odd = [name for name in expected.keys() | found.keys() if expected.get(name) != found.get(name)]
        fail(JUDGE, f"{where}: {len(odd)} of {len(expected)} files are not as they were computed in one process, such as {sorted(odd)[:3]}")


def alike(publisher, ballista, work, expected, bucket):
    """The cluster computes the same to the byte, from a folder and from S3."""
    with cluster(ballista, work / "machines", environment("http://127.0.0.1:9")) as machines:
        code, said, seconds = publisher.publish(str(work / "clustered"), "--engine", "ballista", "--scheduler", machines.address)
        if code:
            fail(JUDGE, f"publish ends with {code}: {said[-2500:]} {machines.said()}")
        same(publisher, content(in_folder(work / "clustered")), expected, "a cluster over a folder")
        tasks = {name: machines.ran(name) for name in ("executor-1", "executor-2")}
        if not all(tasks.values()):
            fail(JUDGE, f"not every executor has computed something: {tasks}")
    print(f"cluster: {len(expected)} files of a release are the same to the byte from two executors over a folder ({seconds:.0f} s, {tasks} files of results of tasks)")
    bucket.fill(publisher.private, "private")
    before = {name for name in bucket.objects("private") if name.startswith("work/")}
    remote = Publisher(publisher.mognad, work, f"s3://{BUCKET}/private", bucket.address)
    with cluster(ballista, work / "machines-s3", environment(bucket.address)) as machines:
        code, said, seconds = remote.publish(f"s3://{BUCKET}/public", "--engine", "ballista", "--scheduler", machines.address)
        if code:
            fail(JUDGE, f"publish on S3 ends with {code}: {said[-2500:]} {machines.said()}")
    same(publisher, content(bucket.objects("public")), expected, "a cluster over S3")
    if left := [name for name in bucket.objects("private") if name.startswith("work/") and name not in before]:
        fail(JUDGE, f"intermediate tables are left: {left[:3]}")
    print(f"cluster: the same from S3 ({seconds:.0f} s)")


def killed(publisher, ballista, work, expected):
    """An executor is killed while it computes: the publication completes with the same release, or fails and publishes nothing."""
    outcomes = []
    for number, tasks in enumerate(KILLED_AFTER):
        public = work / f"killed-{number}"
        with cluster(ballista, work / f"machines-killed-{number}", environment("http://127.0.0.1:9")) as machines:
            running = publisher.start(str(public), "--engine", "ballista", "--scheduler", machines.address, *PATIENCE)
            while machines.ran("executor-1") < tasks and running.poll() is None:
                time.sleep(0.005)
            if running.poll() is not None:
                fail(JUDGE, f"the publication ended before executor-1 had {tasks} results: {running.communicate()[0][-1500:]}")
            machines.kill("executor-1")
            said, _ = running.communicate(timeout=LIMIT_S)
            outcomes.append("completed" if running.returncode == 0 else "failed")
            if running.returncode == 0:
                same(publisher, content(in_folder(public)), expected, "a cluster that lost an executor")
                continue
            if commits(public) or running.returncode != 3 or "cluster" not in said or "panicked" in said:
                fail(JUDGE, f"with an executor killed, publish ends with {running.returncode} and {commits(public)} commits: {said[-2500:]}")
            machines.executor("executor-3")
            code, said, _ = publisher.publish(str(public), "--engine", "ballista", "--scheduler", machines.address)
            if code:
                fail(JUDGE, f"with another executor, publish ends with {code}: {said[-2500:]} {machines.said()}")
            same(publisher, content(in_folder(public)), expected, "a cluster with another executor")
    print(f"cluster: an executor killed after {KILLED_AFTER} results: {', '.join(outcomes)}; the release is the same, at once or when published again")


def alone(publisher, ballista, work):
    """Without executors, and without a scheduler, publishing ends, says what to do and publishes nothing."""
    public = work / "alone"
    with cluster(ballista, work / "machines-alone", environment("http://127.0.0.1:9"), executors=0) as machines:
        machines.wait(lambda: machines.ask("state"), "the scheduler")
        code, said, waited = publisher.publish(str(public), "--engine", "ballista", "--scheduler", machines.address)
        if code != 3 or "executors" not in said or commits(public):
            fail(JUDGE, f"without executors, publish ends with {code}: {said[-1500:]}")
    with cluster(ballista, work / "machines-lost", environment("http://127.0.0.1:9"), executors=1) as machines:
        running = publisher.start(str(public), "--engine", "ballista", "--scheduler", machines.address, *PATIENCE)
        while machines.ran("executor-1") < KILLED_AFTER[1] and running.poll() is None:
            time.sleep(0.005)
        machines.kill("executor-1")
        said, _ = running.communicate(timeout=LIMIT_S)
        if running.returncode != 3 or "executors" not in said or commits(public):
            fail(JUDGE, f"with its last executor killed, publish ends with {running.returncode}: {said[-1500:]}")
    code, said, at_once = publisher.publish(str(public), "--engine", "ballista", "--scheduler", f"df://127.0.0.1:{free_port()}")
    if code != 3 or "scheduler" not in said or commits(public):
        fail(JUDGE, f"without a scheduler, publish ends with {code}: {said[-1500:]}")
    print(f"cluster: without executors it ends after {waited:.0f} s, with the last one killed as well, and without a scheduler after {at_once:.0f} s; nothing is published")


def main():
    """Judges everything."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--mognad", type=Path, required=True, help="the program")
    parser.add_argument("--stores", type=Path, required=True, help="folder with a private store, and with the key of pseudonyms that it was made with")
    parser.add_argument("--ballista", type=Path, required=True, help="folder of Ballista's programs")
    parser.add_argument("--only", nargs="*", help="parts to judge; all unless told")
    given = parser.parse_args()
    mognad, ballista = str(given.mognad.resolve()), given.ballista.resolve()
    with tempfile.TemporaryDirectory() as folder, moto() as bucket:
        work = Path(folder)
        shutil.copytree(given.stores / "private", work / "private")
        shutil.copy(given.stores / "pseudonym-key", work)
        replaced(mognad, work, str(work / "private"))
        publisher = Publisher(mognad, work, str(work / "private"))
        code, said, seconds = publisher.publish(str(work / "local"))
        if code:
            fail(JUDGE, f"publish ends with {code}: {said[-1500:]}")
        expected = content(in_folder(work / "local"))
        print(f"cluster: one process publishes in {seconds:.0f} s")
        parts = {
            "alike": lambda: alike(publisher, ballista, work, expected, bucket),
            "killed": lambda: killed(publisher, ballista, work, expected),
            "alone": lambda: alone(publisher, ballista, work),
        }
        for name, part in parts.items():
            if not given.only or name in given.only:
                part()
    print("cluster: ok")


if __name__ == "__main__":
    main()
