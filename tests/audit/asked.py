"""Reads from the sources of the test suite which requests it makes, for a replay; what they have to be answered is said there."""

import itertools
import re

from opened import fail

# a request as text, and what follows a path that has a name of its own
PATH, SUFFIX = re.compile(r'"(/v1[^"\\]*)"'), re.compile(r'"(&[^"\\]*)"')
NAMED = re.compile(r'const PATH: &str = "([^"]*)"')
# every resource is asked for by its example
EXAMPLE = re.compile(r'example: "([^"]*)"')
PLACE = re.compile(r"\{(\w*)\}")
# the headers that the suite sends with requests of all kinds
HEADERS = [{}, {"accept": "text/csv"}, {"accept-encoding": "gzip"}]
REQUESTS_MIN = 60
# answers whose links name the host that is asked, and which are tagged by their bytes
NAMING_HOST = "/v1/catalog"


def filled(target, names):
    """A request with its places filled by each of the names that are given for them."""
    places = list(dict.fromkeys(PLACE.findall(target)))
    for combination in itertools.product(*(names[place] for place in places)):
        values = dict(zip(places, map(str, combination)))
        yield PLACE.sub(lambda place: values[place.group(1)], target)


def request(method, target, headers, file):
    """A request in the form of those of the attack corpus."""
    names_host = target.startswith(NAMING_HOST)
    # a file is tagged by its bytes, and in this format they tell the time of publication
    by_bytes = names_host or (target.startswith("/v1/files/") and target.endswith(".json"))
    return {
        "file": file, "method": method, "target": target, "reason": "a request of the test suite", "body": None, "alike": None, "own": False,
        "headers": headers | ({"host": "mognad.test"} if names_host else {}), "tag_of_bytes": by_bytes,
    }  # fmt: skip


def read_suite(judge, root, names):
    """Every request, in the form of those of the attack corpus; `names` says by place what stands there in the tests."""
    targets = {}
    for path in sorted((root / "tests" / "it").rglob("*.rs")):
        text = path.read_text("utf-8")
        found = PATH.findall(text)
        found += [start + suffix for start in NAMED.findall(text) for suffix in SUFFIX.findall(text)]
        for target in found:
            unknown = set(PLACE.findall(target)) - names.keys()
            if unknown:
                fail(judge, f"{path.name} asks for {target}, and nothing is known to put in place of {sorted(unknown)}")
            targets |= dict.fromkeys(filled(target, names), path.name)
    examples = {}
    for path in sorted((root / "src" / "http" / "route").glob("*.rs")):
        examples |= dict.fromkeys(EXAMPLE.findall(path.read_text("utf-8")), path.name)
    asked = [("GET", target, headers, file) for target, file in (examples | targets).items() for headers in HEADERS]
    asked += [("HEAD", target, {}, file) for target, file in examples.items()]
    if len(asked) < REQUESTS_MIN or not examples:
        fail(judge, f"the suite makes {len(asked)} requests that can be read from its sources, and {REQUESTS_MIN} are the least")
    return [request(*own) for own in asked]
