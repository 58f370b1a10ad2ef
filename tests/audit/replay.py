"""Serves two public stores, sends both every request of the attack corpus, and fails if any status, header field or body differs; whether the answers themselves are right is not asked."""

import argparse
import difflib
import gzip
import io
import json
import re
import tomllib
import zipfile
from pathlib import Path
from types import SimpleNamespace

import pyarrow.parquet as pq

from opened import digest_of, fail, read_log
from served import ask, serving

JUDGE = "replay"
CORPUS = Path(__file__).with_name("attacks")
KEYS = {"method", "target", "reason", "headers", "body", "alike", "own", "tag_of_bytes"}
REQUESTS_MIN = 60
# The program fixes neither its clock nor its ids of requests, so that these, and only these, are made equal before comparing.
NOT_COMPARED = {"date", "x-request-id"}
REQUEST_ID = re.compile(rb"urn:mognad:request:[0-9a-f]{8}-[0-9a-f]{8}")
# a request of a label must be answered alike; its tag follows the address, which is not the same
TAGS = {"etag", *NOT_COMPARED}
SHOWN = 5


def read_corpus():
    """Every request, with the file that it stands in."""
    requests = []
    for path in sorted(CORPUS.glob("*.toml")):
        for own in tomllib.loads(path.read_text("utf-8"))["request"]:
            if set(own) - KEYS or not {"method", "target", "reason"} <= set(own):
                fail(JUDGE, f"{path.name}: a request has the keys {sorted(own)}")
            requests.append({"file": path.name, "headers": {}, "body": None, "alike": None, "own": False, "tag_of_bytes": False, **own})
    if len(requests) < REQUESTS_MIN:
        fail(JUDGE, f"the corpus has {len(requests)} requests, and {REQUESTS_MIN} are the least")
    return requests


def times_of(public):
    """The times of publication in a store, as its manifests write them, longest first."""
    times = {json.loads(path.read_bytes())["publishedAt"] for path in (public / "releases").glob("*/*.json")}
    # the compatible faces and the feed write them to the second, to the minute or to the day
    times |= {form for time in times for form in (f"{time[:19]}Z", f"{time[:19]}+00:00", f"{time[:10].replace('-', '')} {time[11:16]}", time[:10])}
    return sorted((time.encode() for time in times), key=lambda time: (-len(time), time))


def unpacked(workbook):
    """The parts of a workbook one after the other: packed, they follow the time of publication in length and bytes."""
    with zipfile.ZipFile(io.BytesIO(workbook)) as parts:
        return b"".join(f"{part.filename} {part.date_time}\n".encode() + parts.read(part) for part in parts.infolist())


def unfolded(parquet):
    """What a Parquet file says, in its footer and in its rows: the footer also holds a copy of its schema, with the time of publication in it."""
    file = pq.ParquetFile(io.BytesIO(parquet))
    footer = file.metadata.to_dict()
    footer.pop("serialized_size")
    own = {key.decode(): value.decode() for key, value in (file.schema_arrow.metadata or {}).items()}
    return json.dumps([footer, own, str(file.schema_arrow.remove_metadata()), file.read().to_pylist()], default=str).encode()


# formats whose bytes follow the time of publication in more than the place where they tell it
UNPACKED = {"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": unpacked, "application/vnd.apache.parquet": unfolded}


def plain(answer, times, method):
    """An answer with what cannot be equal made equal, and with lengths that are shown to be those of the body."""
    fields = dict(answer.fields)
    body = gzip.decompress(answer.body) if fields.get("content-encoding") == "gzip" else answer.body
    unpack = UNPACKED.get(fields.get("content-type"))
    if unpack and body:
        body = unpack(body)
    length = fields.get("content-length")
    if method != "HEAD" and length is not None and int(length) != len(answer.body):
        fail(JUDGE, f"an answer says that it has {length} bytes, and has {len(answer.body)}")
    timed = any(time in body for time in times)
    for time in times:
        body = body.replace(time, b"PUBLISHED-AT")
    body = REQUEST_ID.sub(b"urn:mognad:request:REQUEST-ID", body)
    # pages of problems tell it to whoever asks for help
    body = body.replace(fields.get("x-request-id", "none").encode(), b"REQUEST-ID")
    # times are written with as many digits as they need, and compression follows them
    free = NOT_COMPARED | ({"content-length"} if timed or unpack or method == "HEAD" else set())
    return SimpleNamespace(
        status=answer.status, fields=[field for field in answer.fields if field[0] not in free], body=body, tag=fields.get("etag")
    )


def send(server, request, headers=None):
    """The plain answer of a server."""
    answer = ask(server.address, request["target"], request["method"], headers or request["headers"], request["body"])
    known = plain(answer, server.times, request["method"])
    if request["tag_of_bytes"]:
        # the bytes tell the time of publication, and so does the tag that is made of them
        known.fields, known.tag = [field for field in known.fields if field[0] not in {"etag", "repr-digest"}], None
    return known


def lines(answer):
    """An answer as lines, for people."""
    text = answer.body.decode("utf-8", "replace").replace(",", ",\n")
    return [str(answer.status), *(f"{name}: {value}" for name, value in answer.fields), "", *text.splitlines()]


def differing(request, first, second):
    """Lines that show what two answers differ in; none if they are equal."""
    if (first.status, first.fields, first.body) == (second.status, second.fields, second.body):
        return []
    shown = list(difflib.unified_diff(lines(first), lines(second), "the first store", "the second store", lineterm="", n=0))
    title = f"{request['file']}: {request['reason']}\n  {request['method']} {request['target'][:160]}"
    return [title, *(f"    {line[:160]}" for line in shown[:20])]


def length_fits(server, request, answer):
    """Whether HEAD says the length of what GET gives, which is compared by itself."""
    said = dict(ask(server.address, request["target"], "HEAD", request["headers"]).fields).get("content-length")
    length = dict(ask(server.address, request["target"], "GET", request["headers"]).fields).get("content-length")
    return answer.status != 200 or said == length


def replay(servers, requests):
    """Differences between the two, and how many answers of each status there were."""
    found, statuses, labels = [], {}, {}
    for request in requests:
        first, second = (send(server, request) for server in servers)
        statuses[first.status] = statuses.get(first.status, 0) + 1
        found.append(differing(request, first, second))
        if first.tag and second.tag:
            # the first store's tag must be the second's as well
            again = {**request["headers"], "if-none-match": first.tag}
            found.append(differing(request, *(send(server, request, again) for server in servers)))
        if request["method"] == "HEAD" and not all(length_fits(server, request, first) for server in servers):
            found.append([f"{request['file']}: {request['reason']}: HEAD does not say the length of what GET gives"])
        if request["alike"]:
            fields = [field for field in first.fields if field[0] not in TAGS]
            labels.setdefault((request["file"], request["alike"]), []).append((request, first.status, fields, first.body))
    for (file, label), own in labels.items():
        for request, *answer in own[1:]:
            if answer != list(own[0][1:]):
                found.append([f"{file}: `{request['reason']}` is not answered as `{own[0][0]['reason']}` is, and both are {label}"])
    return [difference for difference in found if difference], statuses


def same_release(publics):
    """Ends the judge unless both stores hold the same tables; two releases that may differ cannot be compared."""
    releases = [[edition.release for edition in read_log(JUDGE, public)] for public in publics]
    if releases[0] != releases[1]:
        fail(JUDGE, f"the stores hold different releases, {releases[0][-1][:12]} and {releases[1][-1][:12]}: not even the tables are equal")
    return releases[0]


def main():
    """Replays and compares."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--mognad", type=Path, required=True, help="the program")
    parser.add_argument("--public", type=Path, nargs=2, required=True, metavar=("FIRST", "SECOND"), help="folders of two public stores")
    given = parser.parse_args()
    releases = same_release(given.public)
    corpus = read_corpus()
    requests = [request for request in corpus if not request["own"]]
    with serving(JUDGE, given.mognad, given.public[0]) as first, serving(JUDGE, given.mognad, given.public[1]) as second:
        servers = [
            SimpleNamespace(address=address, times=times_of(public)) for address, public in zip((first, second), given.public)
        ]
        found, statuses = replay(servers, requests)
    if found:
        for difference in found[:SHOWN]:
            print("\n".join(difference))
        fail(JUDGE, f"{len(found)} of {len(requests)} requests are answered differently")
    told = ", ".join(f"{number} times {status}" for status, number in sorted(statuses.items()))
    corpus_digest = digest_of(b"".join(path.read_bytes() for path in sorted(CORPUS.glob("*.toml"))))
    print(
        f"replay: ok, {len(requests)} requests ({told}; {len(corpus) - len(requests)} with keys left out, corpus {corpus_digest[:12]}) are"
        f" answered alike by two stores of {len(releases)} editions; equalised: date, x-request-id and its copy in problems, times of"
        f" publication, and the lengths of answers that hold those"
    )


if __name__ == "__main__":
    main()
