"""pyaxis reads PX files, ours and the PxWeb face's: every cell with its symbol, in both languages, each of which a file of ours holds."""

import contextlib
import io
from urllib.parse import urlencode

import pandas
from pyaxis import pyaxis

import pxweb_face as face
from expected import LANGUAGES, start, told
from pxweb_face import GROUP, INDICATOR, MEASURE, TIME, VARIABLES

JUDGE = "px_read"
SELECTION = {"indicator": "*", "group": "*", "year": "*", "format": "px"}
OWN = "indicator", "group_id", "measure", "year"
# mandatory in the PX file format 2013, data aside
KEYWORDS = {
    "AXIS-VERSION", "CHARSET", "CODEPAGE", "CONTENTS", "CREATION-DATE", "DECIMALS", "HEADING", "LANGUAGE", "MATRIX", "SHOWDECIMALS", "STUB", "SUBJECT-AREA", "SUBJECT-CODE", "TITLE",
}  # fmt: skip
# characters of a line at most
LINE_MAX = 256
# what pyaxis makes of the symbols that it knows; it leaves the others as they are, quotation marks and all
READ = {"": ".", None: ".."}


def read(address, language=None):
    """What pyaxis makes of a file; it prints what it finds."""
    with contextlib.redirect_stdout(io.StringIO()):
        return pyaxis.parse(address, encoding="utf-8", lang=language)


def file_is_sound(expected, address):
    """The file itself: its lines, and no text that would end it for a simple reader."""
    text = expected.get(address.removeprefix(expected.address)).content.decode("utf-8")
    if text.startswith("\ufeff") or text.count("DATA=") != 1 or '""' in text:
        expected.fail(f"{address} begins with a byte order mark, says DATA= twice or has an empty text")
    head, _, data = text.partition("DATA=")
    long = [line for line in head.splitlines() if len(line) > LINE_MAX]
    if long:
        expected.fail(f"{address} has lines longer than {LINE_MAX} characters: {long[0][:80]}")
    if '"-"' in data:
        expected.fail(f"{address} has dashes, which are zeros in a PX file")


def symbol(value):
    """Value and symbol of what pyaxis calls data."""
    if pandas.isna(value):
        return None, READ[None]
    if value in READ:
        return None, READ[value]
    if value.startswith('"'):
        return None, value.strip('"')
    return float(value), None


def cells(expected, file, axes):
    """A file's cells by their codes; variables are known by their codes too where the file says them."""
    metadata, frame = file["METADATA"], file["DATA"]
    names = [*metadata.get("STUB", []), *metadata.get("HEADING", [])]
    missing = KEYWORDS - metadata.keys()
    if missing:
        expected.fail(f"the file lacks {sorted(missing)}")
    code = {}
    for name in names:
        labels, codes = metadata[f"VALUES({name})"], metadata[f"CODES({name})"]
        if len(labels) != len(codes) or len(set(labels)) != len(labels):
            expected.fail(f"{name} has {len(labels)} values with {len(codes)} codes, or values of the same name")
        code[name] = dict(zip(labels, codes))
    ids = {metadata[f"VARIABLECODE({name})"][0]: name for name in names}
    if set(ids) != set(axes):
        expected.fail(f"the variables are {sorted(ids)}")
    found = {}
    for row in frame.to_dict("records"):
        found[tuple(code[ids[axis]][row[ids[axis]]] for axis in axes)] = symbol(row["DATA"])
    if len(found) != len(frame):
        expected.fail(f"{len(frame)} cells stand in {len(found)} places")
    return found, {axis: code[ids[axis]] for axis in axes}


def cells_are_ours(expected, what, instrument, file, axes):
    found, codes = cells(expected, file, axes)
    cube = expected.cube(instrument, list(codes[axes[0]].values()), list(codes[axes[1]].values()))
    expected.same(what, found, face.symbols(expected, cube))
    return cube, codes


def ours(expected, instrument, language):
    """The file in a language and, from it, the other one."""
    address = f"{expected.address}/v1/figures?{urlencode({**SELECTION, 'instrument': instrument, 'lang': language})}"
    file_is_sound(expected, address)
    file = read(address)
    if file["METADATA"]["LANGUAGE"] != [language] or sorted(file["METADATA"]["LANGUAGES"]) != sorted(LANGUAGES):
        expected.fail(f"the file is in {file['METADATA']['LANGUAGE']} of {file['METADATA']['LANGUAGES']}")
    cube, codes = cells_are_ours(expected, f"cells of {instrument} in {language}", instrument, file, OWN)
    indicators, _ = expected.names(instrument, language)
    expected.same("names of indicators", {code: name for name, code in codes["indicator"].items()}, indicators)
    for other in LANGUAGES:
        cells_are_ours(expected, f"cells of {instrument} in {other} from the file in {language}", instrument, read(address, other), OWN)
    about, note = expected.about, " ".join(file["METADATA"]["NOTE"])
    for said in (about["release"]["id"], about["licence"]):
        if said not in note:
            expected.fail(f"the note lacks {said}: {note}")
    if about["synthetic"] and about["notice"][language] not in " ".join(file["METADATA"]["NOTEX"]):
        expected.fail("no mandatory note says that the data are synthetic")
    return cube


def of_pxweb(expected, table, instrument, language):
    """The same figures from the PxWeb face."""
    selection = {f"valuecodes[{variable}]": "*" for variable in VARIABLES}
    address = f"{expected.address}{face.FACE}/tables/{table}/data?{urlencode({**selection, 'outputFormat': 'px', 'lang': language})}"
    file_is_sound(expected, address)
    cells_are_ours(expected, f"cells of {table} in {language}", instrument, read(address), (INDICATOR, GROUP, MEASURE, TIME))


def main():
    expected = start(JUDGE, __doc__)
    pairs = [(instrument, language) for language in LANGUAGES for instrument in expected.instruments]
    compared = [f"{instrument} in {language}: {told(ours(expected, instrument, language))}" for instrument, language in pairs]
    for instrument, language in pairs:
        of_pxweb(expected, face.TABLE.format(instrument), instrument, language)
    print(f"{JUDGE}: {'; '.join(compared)}, and the PxWeb face's")


if __name__ == "__main__":
    main()
