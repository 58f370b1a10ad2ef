"""pyjstat reads JSON-stat, ours and the PxWeb face's, and jsonstat-validator judges it: every value with its status, in both languages."""

import warnings
from urllib.parse import urlencode

import pandas
from jsonstat_validator import JSONStatValidationError, validate_jsonstat
from pyjstat import pyjstat

import pxweb_face as face
from expected import LANGUAGES, start, told, values
from pxweb_face import GROUP, INDICATOR, MEASURE, TIME, VARIABLES

JUDGE = "jsonstat_read"
SELECTION = {"indicator": "*", "group": "*", "year": "*", "format": "json-stat"}
OWN = "indicator", "group_id", "measure", "year"


def read(expected, address):
    """A dataset by address, as pyjstat and the validator take it; and the same without either."""
    document = expected.get(address.removeprefix(expected.address)).json()
    with warnings.catch_warnings():
        # pyjstat warns of itself
        warnings.simplefilter("ignore")
        dataset = pyjstat.Dataset.read(address)
        frame = dataset.write("dataframe", naming="id")
        named = dataset.write("dataframe")
    try:
        validate_jsonstat(document)
    except JSONStatValidationError as error:
        expected.fail(f"{address} is no JSON-stat: {error}")
    if len(named.columns) != len(dataset["id"]) + 1 or len(set(named.columns)) != len(named.columns):
        expected.fail(f"dimensions of {address} have the same name: {list(named.columns)}")
    return dataset, frame, named


def placed(expected, frame, axes):
    """A data frame's values by its columns."""
    found = {}
    for row in frame.to_dict("records"):
        value = row["value"]
        found[tuple(row[axis] for axis in axes)] = None if pandas.isna(value) else value
    if len(found) != len(frame):
        expected.fail(f"{len(frame)} rows stand in {len(found)} places")
    return found


def statuses(dataset, frame, axes):
    """What is said of values, by the same columns; pyjstat keeps their order and forgets statuses."""
    said = dataset.get("status", {})
    return {tuple(row[axis] for axis in axes): said.get(str(at)) for at, row in enumerate(frame[list(axes)].to_dict("records"))}


def is_named(expected, dataset, named, frame, names, axes):
    """Names stand where ids stand; a name that two ids have would make one of them."""
    for axis, of in zip(axes, names):
        label = dataset["dimension"][axis]["label"]
        wanted = [of[code] for code in frame[axis]]
        if list(named[label]) != wanted:
            expected.fail(f"names of {axis} are not those of /v1, or stand elsewhere")
        if len(set(of[code] for code in set(frame[axis]))) != frame[axis].nunique():
            expected.fail(f"several of {axis} have the same name")


def ours(expected, instrument, language):
    """The cube of all figures of an instrument."""
    address = f"{expected.address}/v1/figures?{urlencode({**SELECTION, 'instrument': instrument, 'lang': language})}"
    dataset, frame, named = read(expected, address)
    indicators, groups = list(dict.fromkeys(frame["indicator"])), list(dict.fromkeys(frame["group_id"]))
    cube = expected.cube(instrument, indicators, groups)
    whole = expected.cube(instrument)
    if len(cube) != len(whole):
        expected.fail(f"{instrument} has {len(cube)} cells of {len(whole)}")
    expected.same(f"values of {instrument}", placed(expected, frame, OWN), values(cube))
    words = {key: None if word == "ok" else word for key, (_, word) in cube.items()}
    expected.same(f"statuses of {instrument}", statuses(dataset, frame, OWN), words)
    is_named(expected, dataset, named, frame, expected.names(instrument, language), OWN)
    about, said = expected.about, dataset["extension"]
    if (said["release"]["id"], said["policy"], said["licence"]) != (about["release"]["id"], about["policy"], about["licence"]):
        expected.fail(f"the extension is {said}")
    if (dataset["source"], dataset["updated"]) != (about["source"][language], about["release"]["publishedAt"]):
        expected.fail(f"the source is {dataset['source']} of {dataset['updated']}")
    if about["synthetic"] and about["notice"][language] not in dataset["note"]:
        expected.fail("the notes do not say that the data are synthetic")
    if dataset["role"] != {"time": ["year"], "metric": ["measure"]}:
        expected.fail(f"the roles are {dataset['role']}")
    return cube


def of_pxweb(expected, table, instrument, language):
    """The same figures from the PxWeb face."""
    selection = {f"valuecodes[{variable}]": "*" for variable in VARIABLES}
    parameters = {**selection, "outputFormat": "json-stat2", "lang": language}
    address = f"{expected.address}{face.FACE}/tables/{table}/data?{urlencode(parameters)}"
    dataset, frame, named = read(expected, address)
    axes = INDICATOR, GROUP, MEASURE, TIME
    cube = expected.cube(instrument, list(dict.fromkeys(frame[INDICATOR])), list(dict.fromkeys(frame[GROUP])))
    expected.same(f"values of {table}", placed(expected, frame, axes), values(cube))
    wanted = {key: symbol for key, (_, symbol) in face.symbols(expected, cube).items()}
    said = {key: symbol if wanted.get(key) else None for key, symbol in statuses(dataset, frame, axes).items()}
    expected.same(f"symbols of {table}", said, wanted)
    is_named(expected, dataset, named, frame, expected.names(instrument, language), (INDICATOR, GROUP))


def main():
    expected = start(JUDGE, __doc__)
    pairs = [(instrument, language) for language in LANGUAGES for instrument in expected.instruments]
    compared = [f"{instrument} in {language}: {told(ours(expected, instrument, language))}" for instrument, language in pairs]
    for instrument, language in pairs:
        of_pxweb(expected, face.TABLE.format(instrument), instrument, language)
    print(f"{JUDGE}: {'; '.join(compared)}, and the PxWeb face's")


if __name__ == "__main__":
    main()
