"""Reads everything that is public, files and a server's responses, and hands every number to its handler; whatever it does not know ends the judge."""

import csv
import hashlib
import io
import json
import random
import re
import zipfile
from collections import defaultdict
from pathlib import Path
from types import SimpleNamespace
from urllib.parse import quote

import duckdb

from anonymity import INSIDERS, WITHIN_YEAR_MIN
from compared import judge_answers
from handled import JUDGE, Collected, as_number, cell_of
from opened import fail, read_log
from registered import HANDLERS, REGISTRY, handle
from served import ask

PAGE = 1000
SCHEMAS = Path(__file__).parents[2] / "schemas"
# random sets of peers of each instrument and year
SETS = 10
SEED = 20_261_122
# refusals of comparisons: not every organisation has a county or took part in every year, and not every year can be compared
REFUSED = (400, 404, 409, 422)
REFUSING = ("comparisons", "paced_changes", "strengths", "before_after", "courses")
# kinds of groups whose strengths are asked for, and of the others one in so many
WHOLE, OTHER = ("all", "sector", "skr-main-group", "registered"), 10

# Which table a resource speaks of; none is no table, and has no numbers at all.
RESOURCES = {
    "/health": None,
    "/ready": None,
    "/problems/{code}": None,
    "/v1/headlines": "headlines",
    "/v1/figures": "figures",
    "/v1/indicators": "indicators",
    "/v1/groups": "groups",
    "/v1/groups/{id}": "group_members",
    "/v1/cross-tables": "cross_tables",
    "/v1/organisations": "organisations",
    "/v1/organisations/{id}": "organisations",
    "/v1/method": "method",
    "/v1/releases": "releases",
    "/v1/comparisons": "comparisons",
    "/v1/changes": "paced_changes",
    "/v1/strengths": "strengths",
    "/v1/before-after": "before_after",
    "/v1/courses": "courses",
    "/v1/organisations/{id}/results": None,
    "/v1/instruments": "instruments",
    "/v1/instruments/{id}": "instruments",
    "/v1/indicators/{id}": "indicators",
    "/v1/questions": "questions",
    "/v1/answers": "answers_by_group",
    "/v1/distributions": "blocks",
    "/v1/targets": "targets",
    "/v1/notes": "notes",
    "/v1/tables": "tables",
    "/v1/tables/{name}": "columns",
    "/v1/releases/{earlier}/differences/{later}": "differences",
    # documents and files, which are looked at by themselves
    "/v1/releases/{id}": None,
    "/v1/files/{release}/{file}": None,
    # what is computed from published tables, which the clients' judges compare with the files
    "/v1/sql": None,
    "/v1/api-info": None,
    "/api-info": None,
    "/v1/limits": None,
    "/v1/catalog": None,
    # descriptions of the program, which are the same whatever the release
    "/v1/openapi.json": None,
    "/pxweb/api/v2/openapi.json": None,
    "/kolada/v3/openapi.json": None,
    "/docs": None,
    "/en/docs": None,
}
# Members of JSON documents outside of rows: all of them, with or without a number.
ENVELOPE = set(
    "synthetic notice.sv notice.en notice page.limit page.page page.total release.id release.sequence release.kind release.publishedAt"
    " source.sv source.en licence".split()
)
PLAIN = set("status release".split())
LIMITS = set("limits.name limits.value limits.unit limits.text.sv limits.text.en".split())
API_INFO = set(
    "apiName apiVersion apiReleased apiDocumentation apiSpecification apiStatus licence languages formats.name formats.mediaType resources"
    " compatible.name compatible.path release synthetic".split()
)
PROBLEM = set("type title status detail instance reason line column".split())
COMMIT = set("sequence kind release manifest publishedAs previous nonce committedAt reason".split())
MANIFEST = set(
    "release sequence kind supersedes publishedAt embargoUntil synthetic policyDigest madeBy sealedTo tables.name tables.digest tables.bytes"
    " tables.rows".split()
)
# the policy is public, instruments are named with their last year, methods by digest
MANIFEST_OPEN = {"policy", "instruments", "methodDigests"}
FIELDS = set(
    "content-type content-length content-language content-encoding etag cache-control vary date x-request-id x-mognad-release"
    " x-mognad-synthetic x-content-type-options content-security-policy referrer-policy cross-origin-resource-policy"
    " access-control-allow-origin access-control-expose-headers www-authenticate link content-disposition location accept-ranges repr-digest".split()
)
# what a Parquet file may say beside its columns
PARQUET_KEYS = {"ARROW:schema", "table", "title_sv", "title_en", "text_sv", "text_en"}


def leaves(value, path=""):
    """Paths of all members of a JSON document that are no objects and lists; lists do not count their places."""
    if isinstance(value, dict):
        for name, own in value.items():
            yield from leaves(own, f"{path}.{name}" if path else name)
    elif isinstance(value, list):
        for own in value:
            yield from leaves(own, path)
    else:
        yield path, value


def known_members(document, known, where, free=()):
    """Ends the judge at a member of a document that is not known."""
    for path, _ in leaves(document):
        if path not in known and path.partition(".")[0] not in free:
            fail(JUDGE, f"{where}: the member `{path}` is unknown to the judge")


# ---- files ----


def as_text(value):
    """A value as a difference of releases writes it."""
    if isinstance(value, bool):
        return str(value).lower()
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


def read_tables(edition):
    """Rows of every table of an edition, each a dictionary; every column must be known."""
    tables = {}
    for name, path in edition.tables.items():
        if name not in REGISTRY:
            fail(JUDGE, f"the table {name} is unknown to the judge")
        relation = duckdb.execute("select * from read_parquet(?)", [str(path)])
        columns = [column[0] for column in relation.description]
        for column in columns:
            if (name, column) not in HANDLERS:
                fail(JUDGE, f"the column {name}.{column} is unknown to the judge")
        rows = duckdb.execute("select * from read_parquet(?)", [str(path)]).fetchall()
        tables[name] = [dict(zip(columns, row)) for row in rows]
        said = duckdb.execute("select distinct decode(key) from parquet_kv_metadata(?)", [str(path)]).fetchall()
        if {row[0] for row in said} - PARQUET_KEYS:
            fail(JUDGE, f"the file of {name} says {sorted(row[0] for row in said)} beside its columns")
    return tables


def blocks_of(members, histogram):
    """Groups with a distribution within which there is no smaller one, by instrument and year."""
    shown = defaultdict(list)
    for (instrument, group, year), own in members.items():
        if histogram.get((instrument, group)):
            shown[(instrument, year)].append((len(own), group, own))
    blocks = {}
    for place, groups in shown.items():
        chosen = {}
        for _, group, own in sorted(groups, key=lambda one: one[:2]):
            if all(own.isdisjoint(other) for other in chosen.values()):
                chosen[group] = own
        blocks[place] = chosen
    return blocks


def panels_of(tables, members):
    """Organisations in both years where such a change is told; of all together those of the sectors that tell their own."""
    panels = {}
    told = {(row["instrument"], row["group_id"], row["year"]) for row in tables["changes"] if row["organisations_matched"] is not None}
    for instrument, group, year in sorted(told, key=lambda one: one[1] == "all"):
        if group == "all":
            own = (panel for (of, sector, when), panel in panels.items() if (of, when) == (instrument, year))
            panels[(instrument, group, year)] = frozenset().union(*own)
        else:
            panels[(instrument, group, year)] = members[(instrument, group, year)] & members[(instrument, group, year - 1)]
    return panels


def by_measure(shown):
    """Rows with a mean, by instrument, measure and year."""
    found = defaultdict(list)
    for (instrument, indicator, _, year), row in shown.items():
        found[(instrument, indicator, year)].append(row)
    return found


def prepare(edition):
    """What handlers look up in an edition."""
    tables = read_tables(edition)
    members = defaultdict(set)
    for row in tables["group_members"]:
        members[(row["instrument"], row["group_id"], row["year"])].add(row["organisation"])
    members = {place: frozenset(own) for place, own in members.items()}
    histogram = {(row["instrument"], row["group_id"]): row["histogram"] for row in tables["groups"]}
    blocks = blocks_of(members, histogram)
    shown = {cell_of(row): row for row in tables["figures"] if row["mean"] is not None}
    coded = defaultdict(list)
    for (instrument, indicator, group, year), row in shown.items():
        if row["mean_bound"] and group in blocks.get((instrument, year), ()):
            coded[(instrument, indicator, year)].append((members[(instrument, group, year)], row["mean"]))
    return SimpleNamespace(
        policy=edition.manifest["policy"],
        release=edition.manifest["release"],
        releases=[],
        paths=dict(edition.tables),
        tables=tables,
        members=members,
        blocks=blocks,
        coded=coded,
        panels=panels_of(tables, members),
        changes={cell_of(row): row for row in tables["changes"]},
        series={(row["instrument"], row["year"]): row["series"] for row in tables["figures"]},
        means={place: row["mean"] for place, row in shown.items() if not row["mean_bound"]},
        shown=by_measure(shown),
        spread={
            (row["instrument"], row["indicator"], row["year"]): row["deviation_within_blocks"] for row in tables.get("spread", ())
        },
        histograms={},
    )


def judge_order(tables):
    """Members must stand in the order of their ids, since any other could be that of their results."""
    last = {}
    for row in tables["group_members"]:
        place = row["instrument"], row["group_id"], row["year"]
        if last.get(place, "") >= row["organisation"]:
            fail(JUDGE, f"{place}: the members do not stand in the order of their ids")
        last[place] = row["organisation"]


def collect_sealed(path, place):
    """Ends the judge at own results that are not sealed."""
    if not path.read_bytes().startswith(b"age-encryption.org/v1\n"):
        fail(JUDGE, f"{place} is not sealed")


def collect_documents(public):
    """Ends the judge at a file, or at a member of the log or a manifest, that it does not know."""
    for path in sorted(path for path in public.rglob("*") if path.is_file()):
        place = path.relative_to(public).as_posix()
        if re.fullmatch(r"commits/\d{20}\.json", place):
            known_members(json.loads(path.read_bytes()), COMMIT, place)
        elif re.fullmatch(r"releases/\d{20}/[0-9a-f]{64}\.json", place):
            known_members(json.loads(path.read_bytes()), MANIFEST, place, MANIFEST_OPEN)
        elif re.fullmatch(r"own/[^/]+/[a-z0-9-]+\.parquet\.age", place):
            collect_sealed(path, place)
        elif not re.fullmatch(r"data/[0-9a-f]{64}\.parquet", place):
            fail(JUDGE, f"the file {place} is unknown to the judge")


def collect_files(public):
    """Everything that the public store tells; the last edition is the one that is served."""
    collect_documents(public)
    collected, last, standing = Collected(), None, []
    for published in read_log(JUDGE, public):
        if not published.tables:
            continue
        edition = prepare(published)
        judge_order(edition.tables)
        for table in (name for name in REGISTRY if name in edition.tables):
            for row in edition.tables[table]:
                handle(edition, collected, table, row)
                for column, value in row.items():
                    collected.values[(table, column)].add(as_text(value))
        for row in edition.tables["indicators"]:
            collected.measures.setdefault(row["instrument"], set()).add(row["indicator"])
            if row["headline"]:
                collected.headline[row["instrument"]] = row["indicator"]
        collected.sector.update((row["organisation"], row["sector"]) for row in edition.tables["organisations"])
        judge_answers(edition, collected, WITHIN_YEAR_MIN + INSIDERS)
        collected.answers.clear()
        if not published.withdrawn:
            last = edition
            standing.append({"release": edition.release})
    if last is None:
        fail(JUDGE, "there is no release to judge")
    last.releases = standing
    return collected, last


# ---- responses ----


def camel(column):
    """A column's name as members of JSON documents are named."""
    first, *rest = column.split("_")
    return first + "".join(part.capitalize() for part in rest)


def get(collected, address, target, accepted=(200,)):
    """An answer, after its status and header fields are known to be what the judge expects."""
    answer = ask(address, target)
    collected.responses += 1
    if answer.status not in accepted:
        fail(JUDGE, f"{target} is answered with {answer.status}")
    for name, _ in answer.fields:
        if name not in FIELDS:
            fail(JUDGE, f"{target}: the header field {name} is unknown to the judge")
    return answer


def pages(collected, edition, address, table, target):
    """Handles all rows of a resource, page by page, and compares the first page's other formats."""
    names = {camel(column): column for own, column in HANDLERS if own == table}
    joint = "&" if "?" in target else "?"
    files = {tuple(row.items()) for row in edition.tables[table]} if table in edition.tables else None
    page, seen, total = 1, 0, 1
    while seen < total:
        place = f"{target}{joint}limit={PAGE}&page={page}"
        answer = get(collected, address, place, (200, *(REFUSED if table in REFUSING else ())))
        document = json.loads(answer.body)
        if answer.status != 200:
            known_members(document, PROBLEM, place)
            return
        rows = document.pop("data")
        known_members(document, ENVELOPE, place)
        total, page, seen = document["page"]["total"], page + 1, seen + len(rows)
        if not rows and seen < total:
            fail(JUDGE, f"{place} has no rows, and {total} are said to be there")
        for own in rows:
            strange = [name for name in own if name not in names]
            if strange:
                fail(JUDGE, f"{place}: the member `{strange[0]}` is unknown to the judge")
            row = {names[name]: value for name, value in own.items()}
            handle(edition, collected, table, row)
            if files is not None and tuple(row.items()) not in files:
                fail(JUDGE, f"{place} tells what no file does: {row}")
        if page == 2:
            compare_formats(collected, address, place, names, rows)


def compare_formats(collected, address, place, names, rows):
    """Ends the judge where a text format tells more than JSON does."""
    for name, delimiter in (("csv", ","), ("excel-sv", ";")):
        text = get(collected, address, f"{place}&format={name}").body.decode("utf-8-sig")
        header, *lines = csv.reader(io.StringIO(text), delimiter=delimiter)
        extra = set(header) - set(names.values()) - {"release", "synthetic", "source", "licence"}
        if extra or len(lines) != len(rows):
            fail(JUDGE, f"{place} as {name}: columns {sorted(extra)} are unknown, or {len(lines)} rows are not {len(rows)}")
        for line, row in zip(lines, rows):
            said = dict(zip(header, line))
            for member, value in row.items():
                if isinstance(value, (int, float)) and not isinstance(value, bool) and as_number(said[names[member]]) != value:
                    fail(JUDGE, f"{place} as {name}: {names[member]} is {said[names[member]]}, and {value} in JSON")


def targets_of(edition, resource):
    """The addresses at which everything that a resource tells is told."""
    groups = sorted({row["group_id"] for row in edition.tables["groups"]})
    if resource == "/v1/headlines":
        headline = {row["indicator"] for row in edition.tables["indicators"] if row["headline"]}
        groups = sorted({row["group_id"] for row in edition.tables["figures"] if row["indicator"] in headline})
        return [f"{resource}?population={quote(group, safe='')}&year=*" for group in groups]
    if resource == "/v1/groups/{id}":
        return [f"/v1/groups/{quote(group, safe='')}" for group in groups if any(group == own for _, own, _ in edition.members)]
    if resource == "/v1/comparisons":
        return comparisons_of(edition)
    if resource == "/v1/instruments/{id}":
        return [f"/v1/instruments/{row}" for row in sorted({row["instrument"] for row in edition.tables["indicators"]})]
    if resource == "/v1/indicators/{id}":
        return [f"/v1/indicators/{row}" for row in sorted({row["indicator"] for row in edition.tables["indicators"]})]
    if resource == "/v1/tables/{name}":
        return [f"/v1/tables/{name}" for name in sorted(edition.tables) if name != "releases"]
    if resource == "/v1/releases/{earlier}/differences/{later}":
        ids = [row["release"] for row in edition.releases]
        return [f"/v1/releases/{earlier}/differences/current" for earlier in ids]
    if resource == "/v1/changes":
        return [f"{resource}?instrument={instrument}&year={year}" for instrument, year in sorted(edition.series)]
    if resource == "/v1/strengths":
        return strengths_of(edition)
    if resource == "/v1/before-after":
        return before_after_of(edition)
    if resource == "/v1/organisations/{id}":
        # the list tells the same of all of them
        return [f"/v1/organisations/{quote(row['organisation'])}" for row in edition.tables["organisations"][::25]]
    return [resource]


def comparisons_of(edition):
    """Comparisons of every kind of peers, for one organisation of each block and for random sets of all participants."""
    chance, targets = random.Random(SEED), []
    for (instrument, year), blocks in sorted(edition.blocks.items()):
        everybody = sorted(frozenset().union(*blocks.values()))
        place = f"/v1/comparisons?instrument={instrument}&year={year}"
        for members in blocks.values():
            organisation = chance.choice(sorted(members))
            for kind in ("block", "county", "skr-group", "similar:12"):
                targets.append(f"{place}&organisation={organisation}&peers={kind}&value={chance.randrange(101)}")
        for _ in range(SETS):
            chosen = chance.sample(everybody, chance.randrange(8, 30))
            targets.append(f"{place}&peers=members:{','.join(chosen)}&value={chance.randrange(101)}")
    return targets


def strengths_of(edition):
    """Strengths of groups beside what they are set beside unless told, and of random sets of all participants beside each kind."""
    chance, targets = random.Random(SEED), []
    kinds = {(row["instrument"], row["group_id"]): row["kind"] for row in edition.tables["groups"]}
    for (instrument, year), blocks in sorted(edition.blocks.items()):
        place = f"/v1/strengths?instrument={instrument}&year={year}"
        shown = sorted(group for of, group, when in edition.members if (of, when) == (instrument, year))
        groups = [group for group in shown if kinds[(instrument, group)] in WHOLE]
        groups += [group for group in shown if group not in groups][::OTHER]
        targets += [f"{place}&group={quote(group, safe='')}" for group in groups]
        everybody = sorted(frozenset().union(*blocks.values()))
        for beside in ("own-mean", "sector", "all"):
            chosen = chance.sample(everybody, chance.randrange(8, 30))
            targets.append(f"{place}&peers=members:{','.join(chosen)}&beside={beside}")
    return targets


def before_after_of(edition):
    """Every registered group before and after its own years, and in the first and last year in which it is shown."""
    targets = []
    for row in edition.tables.get("registered_groups", ()):
        instrument, group = row["instrument"], row["group_id"]
        place = f"/v1/before-after?instrument={instrument}&group={quote(group, safe='')}"
        shown = sorted(year for of, own, year in edition.members if (of, own) == (instrument, group))
        targets += [place, *(f"{place}&before={shown[0]}&after={year}" for year in shown[1:])]
    return targets


def collect_responses(collected, edition, address):
    """Everything that a server tells: every resource that it names, all pages."""
    named = set(json.loads(get(collected, address, "/v1/openapi.json").body)["paths"])
    if named - set(RESOURCES):
        fail(JUDGE, f"the resource {min(named - set(RESOURCES))} is unknown to the judge")
    for resource in sorted(named):
        table = RESOURCES[resource]
        if table is not None:
            for target in targets_of(edition, resource):
                pages(collected, edition, address, table, target)
    if "/v1/organisations/{id}/results" in named:
        # without a key there is nothing to be told; the corpus of attacks asks in other ways
        for target in targets_of(edition, "/v1/organisations/{id}"):
            known_members(json.loads(get(collected, address, f"{target}/results", (401,)).body), PROBLEM, target)
    for target in ("/health", "/ready"):
        known_members(json.loads(get(collected, address, target).body), PLAIN | {"store"}, target)
    for target in ("/v1/api-info", "/api-info"):
        known_members(json.loads(get(collected, address, target).body), API_INFO, target)
    known_members(json.loads(get(collected, address, "/v1/limits").body), LIMITS, "/v1/limits")
    for row in edition.releases:
        target = f"/v1/releases/{row['release']}"
        known_members(json.loads(get(collected, address, target).body), MANIFEST - {"sealedTo"}, target, MANIFEST_OPEN)
    collect_catalog(collected, edition, address)
    for target in (own for own in sorted(named) if own.endswith("openapi.json")):
        collect_description(collected, address, target)
    collect_served_files(collected, edition, address)


def collect_description(collected, address, target):
    """Ends the judge where a description is another than the committed one, the limits of this server aside."""
    face = {"v1": "", "pxweb": "-pxweb", "kolada": "-kolada"}[target.split("/")[1]]
    served, committed = json.loads(get(collected, address, target).body), json.loads((SCHEMAS / f"openapi{face}.json").read_bytes())
    for document in (served, committed):
        document["info"].pop("x-limits")
    if served != committed:
        fail(JUDGE, f"{target} is another document than the committed one")


def collect_catalog(collected, edition, address):
    """Ends the judge at a number in the catalogue that is neither the size nor the digest of a public file."""
    catalog = json.loads(get(collected, address, "/v1/catalog?format=jsonld").body)
    contents = [path.read_bytes() for path in edition.paths.values()]
    files = {str(len(content)) for content in contents} | {hashlib.sha256(content).hexdigest() for content in contents}
    for path, value in leaves(catalog["@graph"]):
        if isinstance(value, str) and (path.endswith("byteSize.@value") or path.endswith("checksumValue.@value")) and value in files:
            continue
        if not isinstance(value, str) or (re.fullmatch(r"[0-9.,-]+", value) and not re.fullmatch(r"\d{4}-\d{2}-\d{2}", value)):
            fail(JUDGE, f"the catalogue says {value!r} at {path}, and no public file has that size or digest")


def collect_served_files(collected, edition, address):
    """Every table as a file: a Parquet file is the release's own, and text formats tell what it tells; the bundle has those files, and two documents."""
    place = dict(get(collected, address, "/v1/files/current/bundle.zip", (307,)).fields)["location"]
    with zipfile.ZipFile(io.BytesIO(get(collected, address, place).body)) as bundle:
        own = {f"data/{name}.parquet": path.read_bytes() for name, path in edition.paths.items()}
        for name in bundle.namelist():
            if name in own and bundle.read(name) != own[name]:
                fail(JUDGE, f"{name} of the bundle is another file than the release's own")
            if name == "manifest.json":
                known_members(json.loads(bundle.read(name)), MANIFEST - {"sealedTo"}, f"{name} of the bundle", MANIFEST_OPEN)
            elif name == "datapackage.json":
                sizes = {resource["bytes"] for resource in json.loads(bundle.read(name))["resources"]}
                if sizes - {len(content) for content in own.values()}:
                    fail(JUDGE, f"{name} of the bundle has a number that is no file's size")
            elif name not in own:
                fail(JUDGE, f"{name} of the bundle is unknown to the judge")
    for name, path in edition.paths.items():
        place = get(collected, address, f"/v1/files/current/{name}.parquet", (307,))
        target = dict(place.fields)["location"]
        if get(collected, address, target).body != path.read_bytes():
            fail(JUDGE, f"{target} is another file than the release's own")
        lines = list(csv.reader(io.StringIO(get(collected, address, target.replace(".parquet", ".csv")).body.decode())))
        if len(lines) - 1 != len(edition.tables[name]) or set(lines[0]) - set(edition.tables[name][0]) - {"release", "synthetic", "source", "licence"}:
            fail(JUDGE, f"{target} as csv has other rows or columns than the file")
