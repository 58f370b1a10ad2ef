"""The PxWeb face keeps to PxWebApi 2: its OpenAPI document promises what the published one does, and answers have the members that it requires."""

import re
from urllib.parse import urljoin, urlsplit

import requests

import pxweb_face as face
from expected import LANGUAGES, PATIENCE_S, start
from pxweb_facts import BODY, KNOWN, OPERATIONS, PROBLEM, REFUSALS, SCALARS, Record, wrong

JUDGE = "pxweb_documented"
DOCUMENT = face.FACE + "/openapi.json"


class Document:
    """An OpenAPI document with its references followed."""

    def __init__(self, expected):
        self.expected = expected
        self.text = expected.get(DOCUMENT).json()
        base = urlsplit(self.text.get("servers", [{"url": ""}])[0]["url"]).path.rstrip("/")
        self.operations = {}
        for path, item in self.text["paths"].items():
            whole = re.sub(r"\{[^}]*\}", "{}", base + path).removeprefix(face.FACE)
            shared = item.get("parameters", [])
            for method in {"get", "post", "put", "patch", "delete"} & item.keys():
                self.operations[method, whole] = item[method] | {"parameters": [*shared, *item[method].get("parameters", [])]}

    def followed(self, schema):
        """What a reference stands for, and what all parts of a composition say together."""
        while "$ref" in schema:
            part = self.text
            for name in schema["$ref"].removeprefix("#/").split("/"):
                part = part[name.replace("~1", "/").replace("~0", "~")]
            schema = part | {name: value for name, value in schema.items() if name != "$ref"}
        for several in ("oneOf", "anyOf"):
            kinds = [kind for kind in map(self.followed, schema.get(several, [])) if kind.get("type") != "null"]
            if len(kinds) == 1:
                schema = schema | kinds[0]
        for part in map(self.followed, schema.get("allOf", [])):
            schema = schema | {
                "type": schema.get("type", part.get("type")),
                "properties": part.get("properties", {}) | schema.get("properties", {}),
                "required": [*part.get("required", []), *schema.get("required", [])],
            }
        return schema

    def of_media(self, described, media):
        """The schema of a response or body in a media type."""
        content = self.followed(described).get("content", {})
        return content.get(media, {}).get("schema")


def promised(document, kind, schema, place, is_asked, seen=()):
    """Where a schema promises less than the table, or asks for more."""
    if kind.endswith("?"):
        return promised(document, kind[:-1], schema, place, is_asked, seen)
    schema = document.followed(schema)
    types = schema.get("type")
    types = {types} if isinstance(types, str) else set(types or ())
    if kind[0] in "[{":
        outer, member = ("array", "items") if kind[0] == "[" else ("object", "additionalProperties")
        if types and outer not in types:
            return [f"{place} is {sorted(types)} and not {outer}"]
        inner = schema.get(member)
        return promised(document, kind[1:-1], inner, f"{place}[]", is_asked, seen) if isinstance(inner, dict) else []
    if kind in SCALARS:
        name = SCALARS[kind][0]
        fits = {"number", "integer"} if name == "number" else {name}
        return [f"{place} is {sorted(types)} and not {name}"] if name and types - {"null"} and not types & fits else []
    known = KNOWN[kind]
    if isinstance(known, str):
        return promised(document, known, schema, place, is_asked, seen)
    if isinstance(known, set):
        words = set(schema.get("enum", [schema["const"]] if "const" in schema else [])) - {None}
        return [f"{place} can be {sorted(words - known)}"] if words - known else []
    return record_promised(document, kind, known, schema, place, is_asked, seen)


def record_promised(document, kind, known: Record, schema, place, is_asked, seen):
    """A record: an answer has at least its required members, and a question does not have to have more."""
    if kind in seen:
        return []
    members, required = schema.get("properties", {}), set(schema.get("required", []))
    found = []
    if is_asked:
        found += [f"{place} asks for {name}" for name in sorted(required - known.required)]
    else:
        found += [f"{place} does not promise {name}" for name in sorted(known.required - required)]
    if known.closed:
        found += [f"{place} promises {name}, which is not allowed" for name in sorted(members.keys() - known.members.keys())]
    for name in known.members.keys() & members.keys():
        found += promised(document, known.members[name], members[name], f"{place}.{name}", is_asked, (*seen, kind))
    return found


def operations_are_promised(expected, document):
    """Every operation with its parameters, its answer and its refusals."""
    found = []
    for (method, path), (kind, parameters) in OPERATIONS.items():
        own = document.operations.get((method, path))
        if own is None:
            found.append(f"{method} {path} is not described")
            continue
        named = {parameter["name"]: parameter for parameter in map(document.followed, own["parameters"])}
        # an object that is spread over several parameters can be described with its brackets
        names = {name.split("[")[0].lower() for name in named}
        found += [f"{method} {path} has no parameter {name}" for name in parameters.split() if name.lower() not in names]
        needed = {name for name, parameter in named.items() if parameter.get("required") and parameter["in"] != "path"}
        found += [f"{method} {path} asks for {name}" for name in sorted(needed)]
        lacking = REFUSALS - own["responses"].keys() if path != "/tables" else set()
        found += [f"{method} {path} does not describe {status}" for status in sorted(lacking)]
        for status in REFUSALS & own["responses"].keys():
            schema = document.of_media(own["responses"][status], PROBLEM)
            found += promised(document, "Problem", schema, f"{method} {path} {status}", False) if schema else [f"{method} {path} {status} is no {PROBLEM}"]
        if kind:
            schema = document.of_media(own["responses"]["200"], "application/json")
            found += promised(document, kind, schema, f"{method} {path}", False) if schema else [f"{method} {path} has no JSON"]
        for name, words in (("outputFormat", "OutputFormat"), ("outputFormatParams", "OutputFormatParam")):
            if name in parameters.split() and name in named:
                schema = document.followed(named[name]["schema"])
                schema = document.followed(schema["items"]) if schema.get("type") == "array" else schema
                found += promised(document, words, schema, f"{method} {path} {name}", True)
    body = document.operations.get(("post", "/tables/{}/data"), {}).get("requestBody", {})
    schema = document.of_media(body, "application/json")
    found += promised(document, BODY, schema, "body", True) if schema else ["the body of post /tables/{}/data is not described"]
    if found:
        expected.fail(f"{DOCUMENT}: {'; '.join(found)}")


def answers_are_kept(expected):
    """What is answered has the members and kinds of the table, in both languages, and links that lead somewhere."""
    count = 0

    def keep(kind, target, **parameters):
        nonlocal count
        count += 1
        answer = expected.get(face.FACE + target, **parameters).json()
        found = wrong(kind, answer)
        if found:
            expected.fail(f"{target} {parameters}: {'; '.join(found[:10])}")
        return answer

    def follow(links, of):
        for link in links or []:
            # a link without a host is one to this server
            status = requests.get(urljoin(expected.address, link["href"]), timeout=PATIENCE_S).status_code
            if status != 200:
                expected.fail(f"the link {link} of {of} is answered {status}")

    keep("ConfigResponse", "/config")
    for language in LANGUAGES:
        listed = keep("TablesResponse", "/tables", lang=language)
        follow(listed["page"].get("links"), "the list of tables")
        for table in listed["tables"]:
            name = f"/tables/{table['id']}"
            keep("TableResponse", name, lang=language)
            follow(table["links"], name)
            metadata = keep("Dataset", f"{name}/metadata", lang=language)
            for dimension in metadata["dimension"].values():
                for own in dimension.get("extension", {}).get("codelists", []):
                    keep("CodelistResponse", f"/codelists/{own['id']}", lang=language)
                    follow(own["links"], own["id"])
            chosen = keep("SelectionResponse", f"{name}/defaultselection", lang=language)
            default = keep("Dataset", f"{name}/data", lang=language, outputFormat="json-stat2")
            sizes = {own["variableCode"]: len(own["valueCodes"]) for own in chosen["selection"] if own["valueCodes"]}
            if sizes != dict(zip(default["id"], default["size"])):
                expected.fail(f"the default selection of {name} is {sizes}, and what is answered without one has {default['size']}")
    return count


def refusals_are_problems(expected):
    """Every refusal is a problem with a status that is its own, in exactly this media type."""
    table = face.TABLE.format(expected.instruments[0])
    for target, status in {
        "/tables/zzz": 404,
        "/tables/zzz/metadata": 404,
        "/tables/zzz/data": 404,
        "/codelists/zzz": 404,
        "/savedqueries/zzz": 404,
        "/tables?lang=xx": 400,
        "/tables?pageSize=0": 400,
        "/tables?pastDays=soon": 400,
        "/tables?zzz=1": 400,
        f"/tables/{table}/data?valuecodes[zzz]=*": 400,
        f"/tables/{table}/data?outputFormat=zzz": 400,
        f"/tables/{table}/data?outputFormat=json-px": 400,
    }.items():
        answer = requests.get(expected.address + face.FACE + target, timeout=PATIENCE_S)
        if answer.status_code != status or answer.headers["content-type"] != PROBLEM:
            expected.fail(f"{target} is answered {answer.status_code} {answer.headers['content-type']}, not {status} {PROBLEM}")
        problem = answer.json()
        found = wrong("Problem", problem)
        if found or problem["status"] != status or not problem.get("detail"):
            expected.fail(f"the problem of {target} is {problem}: {found}")


def main():
    expected = start(JUDGE, __doc__)
    count = answers_are_kept(expected)
    refusals_are_problems(expected)
    document = Document(expected)
    operations_are_promised(expected, document)
    print(f"{JUDGE}: {len(OPERATIONS)} operations as described, {count} answers as they have to be")


if __name__ == "__main__":
    main()
