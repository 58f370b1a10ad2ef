"""Has three replicas serve one store behind nginx as nginx.conf says, publishes an edition and stops a replica while many read, and fails if any reader meets a mistake, or an older edition after a newer one."""

import argparse
import collections
import http.client
import random
import re
import shutil
import signal
import socket
import subprocess
import tempfile
import threading
import time
from pathlib import Path
from urllib.parse import urlsplit

from judge import OF, Program, fail, get, survey, until
from ports import free_port

JUDGE = "wider"
HERE = Path(__file__).parent
READERS = 8
# how long answers may be kept before they are asked for again is a minute; a judge does not wait that long
FRESH_S = 1
ADDRESSES = [
    "/v1/headlines", "/v1/figures?indicator=index&group=all", "/v1/figures.csv?indicator=index", "/v1/groups", "/v1/releases", "/v1/tables", "/", "/en", "/matt",
    "/v1/indicators?instrument=digital-maturity", "/v1/organisations?limit=5", "/pxweb/api/v2/tables", "/kolada/v3/kpi", "/v1/targets", "/utgavor",
    "/v1/figures?indicator=index&group=sector:municipality", "/v1/figures.parquet?indicator=index", "/v1/questions?limit=3",
]


def configured(folder, replicas, listen):
    """The configuration with our addresses, in a frame of its own."""
    text = (HERE / "nginx.conf").read_text()
    for place, address in zip(("8081", "8082", "8083"), replicas):
        text = text.replace(f"127.0.0.1:{place}", urlsplit(address).netloc)
    text = text.replace("127.0.0.1:8080", listen).replace("/var/cache/nginx/mognad", f"{folder}/cache")
    # the only change to what is documented: minutes become seconds
    text = text.replace("proxy_cache mognad;", f"proxy_cache mognad; proxy_ignore_headers Cache-Control; proxy_cache_valid 200 {FRESH_S}s;")
    frame = f"daemon off; user root; pid {folder}/pid; error_log {folder}/error.log; events {{ }}\nhttp {{ access_log off;\n"
    bodies = "".join(f"{kind}_temp_path {folder}/{kind};\n" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
    path = Path(folder) / "nginx.conf"
    path.write_text(frame + bodies + text + "}\n")
    return path


class Reader(threading.Thread):
    """One who reads address after address, and remembers which edition each was of."""

    def __init__(self, listen, at, order):
        super().__init__(daemon=True)
        self.listen, self.at, self.order = listen, at, order
        self.stopped = False
        self.counts = collections.Counter()
        self.wrong = []

    def run(self):
        tags, turn, chosen = {}, 0, random.Random(self.at)
        connection = http.client.HTTPConnection(self.listen, timeout=30)
        while not self.stopped:
            address = chosen.choice(ADDRESSES)
            turn += 1
            language = ("sv", "en")[turn % 3 == 0]
            begun = time.monotonic()
            headers = {"Accept-Language": language}
            if turn % 5 == 0 and (address, language) in tags:
                headers["If-None-Match"] = tags[address, language]
            connection.request("GET", address, headers=headers)
            answer = connection.getresponse()
            answer.read()
            self.counts[answer.getheader("x-cache")] += 1
            if answer.status not in (200, 304):
                self.wrong.append(f"{address}: {answer.status}")
                continue
            tags[address, language] = answer.getheader("etag")
            release = answer.getheader("x-mognad-release")
            if release:
                with self.order.lock:
                    self.order.note(address, language, release, begun, self.wrong)


class Order:
    """The editions in the order of the log, and the newest that anybody was shown at an address, and when."""

    def __init__(self):
        self.lock = threading.Lock()
        self.editions = []
        self.newest = {}

    def note(self, address, language, release, begun, wrong):
        """An answer to a request that begun after a newer edition had been seen there must not be of an older one."""
        if release not in self.editions:
            self.editions.append(release)
        rank = self.editions.index(release)
        before, at = self.newest.get((address, language), (rank, begun))
        if rank < before and begun > at:
            wrong.append(f"{address} ({language}) is of edition {rank + 1} after {before + 1}")
        if rank >= before:
            self.newest[address, language] = (rank, time.monotonic() if rank > before else at)


def main():
    """Judges."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--mognad", type=Path, required=True, help="the program")
    parser.add_argument("--nginx", default=shutil.which("nginx") or "/usr/sbin/nginx", help="the program nginx")
    given = parser.parse_args()
    mognad = str(given.mognad.resolve())
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        program = Program(mognad, work, str(work / "private"), str(work / "public"))
        for year in (2019, 2020):
            program.expect(0, "ingest", survey(program, year), *OF, str(year))
            if year == 2019:
                program.expect(0, "publish", "--without-witnesses")
        # replicas that look for news at different times
        looks = ("1", "3", "7")
        with program.serving("--trusted-proxies", "1", "--look-every", looks[0]) as one:
            with program.serving("--trusted-proxies", "1", "--look-every", looks[1]) as two, program.serving("--trusted-proxies", "1", "--look-every", looks[2]) as three:
                judged(program, work, given.nginx, (one, two, three))


def judged(program, work, nginx, replicas):
    """Reads, publishes, stops a replica, and counts."""
    listen = f"127.0.0.1:{free_port()}"
    config = configured(work, [own.address for own in replicas], listen)
    process = subprocess.Popen([nginx, "-c", str(config), "-p", str(work)], stderr=subprocess.STDOUT, stdout=(work / "nginx.log").open("w"))
    order = Order()
    readers = [Reader(listen, at, order) for at in range(READERS)]
    try:
        until("nginx", lambda: answers(listen))
        old = get(f"{replicas[0].address}/ready")[1]["release"]
        order.editions.append(old)
        for reader in readers:
            reader.start()
        time.sleep(3)
        program.expect(0, "publish", "--without-witnesses")
        until("every replica's new edition", lambda: all(get(f"{own.address}/ready")[1]["release"] != old for own in replicas))
        time.sleep(2 * FRESH_S + 1)
        # one goes away at once, as a machine does
        replicas[1].process.send_signal(signal.SIGKILL)
        time.sleep(3)
    finally:
        for reader in readers:
            reader.stopped = True
        for reader in readers:
            if reader.is_alive():
                reader.join(40)
        process.terminate()
        process.wait()
    wrong = [own for reader in readers for own in reader.wrong]
    counts = sum((reader.counts for reader in readers), collections.Counter())
    if wrong:
        fail(JUDGE, f"{len(wrong)} of {counts.total()} answers: {'; '.join(wrong[:5])}")
    newest = {rank for rank, _ in order.newest.values()}
    if len(order.editions) != 2 or newest != {1}:
        fail(JUDGE, f"the new edition did not come to every address: {order.newest}")
    asked = sum(counts[name] for name in ("MISS", "EXPIRED", "BYPASS"))
    told = ", ".join(f"{number} {name}" for name, number in counts.most_common())
    if asked > counts.total() / 10:
        fail(JUDGE, f"the cache answers too few: {told}")
    known = sum(not_modified(own) for own in (replicas[0], replicas[2]))
    if not known:
        fail(JUDGE, "no look at a replica was answered 304")
    print(f"wider: ok, {counts.total()} answers of {len(ADDRESSES)} addresses through nginx from three replicas, one of them killed: none failed, none older after newer ({told}; {known} answers of 304)")


def answers(listen):
    """Whether somebody listens."""
    with socket.socket() as own:
        return own.connect_ex(tuple([listen.split(":")[0], int(listen.split(":")[1])])) == 0


def not_modified(replica):
    """How often a replica said that nothing is new."""
    found = re.search(r"mognad_not_modified_total (\d+)", get(f"{replica.metrics}/metrics")[1])
    return int(found.group(1)) if found else 0


if __name__ == "__main__":
    main()
