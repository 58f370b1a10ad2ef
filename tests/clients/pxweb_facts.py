"""What PxWebApi 2 asks of a server, as a table of facts, and whether an answer keeps to it; the documents and answers are asked for in `pxweb_documented`.

Facts were taken by hand from the published description, PxAPI-2.yml of PxTools/PxApiSpecs (Apache-2.0), version 2.0, since no package carries it. Saved
queries are left out: we have none. Left out too is what contradicts itself there: `updated` of a table is said to be a date-time and has the pattern
of a date, and `values` is said to be required of a selection, which has `valueCodes`.
"""

import re

# parameters of each operation; `*` stands for the path's id
OPERATIONS = {
    ("get", "/config"): ("ConfigResponse", ""),
    ("get", "/tables"): ("TablesResponse", "lang query pastDays includeDiscontinued pageNumber pageSize"),
    ("get", "/tables/{}"): ("TableResponse", "lang"),
    ("get", "/tables/{}/metadata"): ("Dataset", "lang defaultSelection codelist"),
    ("get", "/tables/{}/defaultselection"): ("SelectionResponse", "lang"),
    ("get", "/tables/{}/data"): (None, "lang valuecodes codelist outputFormat outputFormatParams heading stub"),
    ("post", "/tables/{}/data"): (None, "lang outputFormat outputFormatParams"),
    ("get", "/codelists/{}"): ("CodelistResponse", "lang"),
}
BODY = "VariablesSelection"
# statuses that are described for every operation but the list of tables, with a problem each
REFUSALS = {"400", "404", "429"}
PROBLEM = "application/problem+json"

# name! is required; [x] a list, {x} an object with any keys, x? or null, |words| one of these; `closed` has no other members
SCHEMAS = """
ConfigResponse: apiVersion! string, appVersion! string, languages! [Language], defaultLanguage! string, maxDataCells! natural, maxCallsPerTimeWindow! positive,
    timeWindow! positive, license! string, sourceReferences [SourceReference], defaultDataFormat! string, dataFormats! [string], features [ApiFeature]
Language: id! string, label! string
SourceReference: language! string, text! string
ApiFeature: id! string, params [KeyValuePair]
KeyValuePair: key! string, value! string
TablesResponse: language! string, tables! [Table], page! PageInfo, links [Link]
PageInfo: pageNumber! positive, pageSize! positive, totalElements! natural, totalPages! positive, links [Link]
Table: id! string, label! string?, description string?, sortCode string, tags [string], updated! string?, firstPeriod! string?, lastPeriod! string?, category Category,
    variableNames! [string], discontinued boolean?, source string, subjectCode string, timeUnit TimeUnit, paths [Path], links! Links?
TableResponse: id! string, label! string?, description string?, sortCode string, tags [string], updated! string?, firstPeriod! string?, lastPeriod! string?,
    category Category, variableNames! [string], discontinued boolean?, source string, subjectCode string, timeUnit TimeUnit, paths [Path], links! Links?, language! string
Path: [PathElement]
Links: [Link]
PathElement: id! string, label! string, sortCode string
Link: rel! string, hreflang! string, href! string
Category: |internal public private section|
TimeUnit: |Annual Quarterly Monthly Weekly Other|
CodelistType: |Aggregation Valueset|
CodelistResponse: id! string, label! string, language! string, languages! [string], elimination boolean, eliminationValueCode string, type! CodelistType,
    values! [ValueMap], links! [Link]
ValueMap: code! string, label! string, valueMap! [string], notes [Note]
Note: mandatory boolean, text! string
CodelistInformation: id! string, label! string, type! CodelistType, links! [Link]
SelectionResponse: selection! [VariableSelection], placement Placement, language! string, links! [Link]
VariablesSelection: selection! [VariableSelection], placement Placement
VariableSelection: variableCode! string, codelist string?, valueCodes [string]
Placement: heading [string], stub [string]
Problem: type string, title string, status status, detail string, instance string
Dataset closed: version! Version, class! Class, href string, label string, source string, updated string, link {JsonstatLinks}, note [string], role Role, id! [string],
    size! [natural], dimension! {Dimension}, extension ExtensionRoot, value! Values?, status {string}
Version: |2.0|
Class: |dataset|
Values: [Value]
Value: number?
JsonstatLinks: [JsonstatLink]
JsonstatLink closed: type string, href string
Role closed: time [string], geo [string], metric [string]
Dimension closed: label string, note [string], category DimensionCategory, extension DimensionExtension, link {any}
DimensionCategory closed: index {natural}, label {string}, note {Texts}, child {Texts}, unit {CategoryUnit}
Texts: [string]
CategoryUnit: base string, decimals natural
DimensionExtension: elimination boolean, eliminationValueCode string, noteMandatory {boolean}, categoryNoteMandatory {Mandatory}, refperiod {string}, show string,
    codelists [CodelistInformation], measuringType {MeasuringType}, priceType {PriceType}, adjustment {Adjustment}, basePeriod {string}, alternativeText {string}
Mandatory: {boolean}
MeasuringType: |Stock Flow Average Other|
PriceType: |NotApplicable Current Fixed|
Adjustment: |None SesOnly WorkOnly WorkAndSes|
ExtensionRoot: noteMandatory {boolean}, px Px, firstPeriod string, lastPeriod string, tags [string], discontinued boolean?, contact [Contact]
Contact: name string, organization string, phone string, mail string, raw! string
Px: infofile string, tableid string, decimals natural, official-statistics boolean, aggregallowed boolean, copyright boolean, language string, contents string,
    description string, descriptiondefault boolean, heading [string], stub [string], matrix string, subject-code string, subject-area string, nextUpdate string,
    survey string, link string, updateFrequency string
OutputFormat: |px json-stat2 csv xlsx html json-px parquet|
OutputFormatParam: |UseCodes UseTexts UseCodesAndTexts IncludeTitle SeparatorTab SeparatorSpace SeparatorSemicolon|
"""
# scalars by what they are called in JSON Schema, and what their values are
SCALARS = {
    "string": ("string", lambda value: isinstance(value, str)),
    "boolean": ("boolean", lambda value: isinstance(value, bool)),
    "number": ("number", lambda value: isinstance(value, int | float) and not isinstance(value, bool)),
    "natural": ("integer", lambda value: isinstance(value, int) and not isinstance(value, bool) and value >= 0),
    "positive": ("integer", lambda value: isinstance(value, int) and not isinstance(value, bool) and value >= 1),
    "status": ("integer", lambda value: isinstance(value, int) and 100 <= value < 600),
    "any": (None, lambda value: True),
}


class Record:
    """An object with members of its own."""

    def __init__(self, text, closed):
        self.closed = closed
        self.members, self.required = {}, set()
        for name, bang, kind in re.findall(r"([\w-]+)(!?) ([^,]+)(?:,|$)", text):
            self.members[name] = kind.strip()
            if bang:
                self.required.add(name)


def read_schemas():
    """The table above, by name: a record, the set of words of an enumeration, or another kind."""
    found = {}
    for entry in re.split(r"\n(?=\S)", SCHEMAS.strip()):
        name, closed, text = re.fullmatch(r"(\w+)( closed)?: (.*)", " ".join(entry.split())).groups()
        if text.startswith("|"):
            found[name] = set(text.strip("|").split())
        elif re.match(r"[\w-]+!? \S", text):
            found[name] = Record(text, bool(closed))
        else:
            found[name] = text
    return found


KNOWN = read_schemas()


def wrong(kind, value, place="answer"):
    """What an answer has against the table, by place; nothing if it keeps to it."""
    if kind.endswith("?"):
        return [] if value is None else wrong(kind[:-1], value, place)
    if kind[0] == "[":
        if not isinstance(value, list):
            return [f"{place} is no list"]
        return [one for at, own in enumerate(value) for one in wrong(kind[1:-1], own, f"{place}[{at}]")]
    if kind[0] == "{":
        if not isinstance(value, dict):
            return [f"{place} is no object"]
        return [one for name, own in value.items() for one in wrong(kind[1:-1], own, f"{place}.{name}")]
    if kind in SCALARS:
        return [] if SCALARS[kind][1](value) else [f"{place} is {value!r} and not {kind}"]
    known = KNOWN[kind]
    if isinstance(known, str):
        return wrong(known, value, place)
    if isinstance(known, set):
        return [] if value in known else [f"{place} is {value!r} and none of {sorted(known)}"]
    if not isinstance(value, dict):
        return [f"{place} is no object"]
    found = [f"{place} lacks {name}" for name in sorted(known.required - value.keys())]
    if known.closed:
        found += [f"{place} has the member {name}, which is not allowed" for name in sorted(value.keys() - known.members.keys())]
    return found + [one for name, own in value.items() if name in known.members for one in wrong(known.members[name], own, f"{place}.{name}")]
