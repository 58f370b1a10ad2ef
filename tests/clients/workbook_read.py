"""openpyxl reads workbooks: every row with numbers as numbers, the header that stays, widths, and the sheet that says what the rows are, in both languages."""

import io
import re

import openpyxl

from expected import LANGUAGES, ROWS_MAX, camel, start

JUDGE = "workbook_read"
SELECTION = {"indicator": "*", "group": "*", "year": "*", "limit": ROWS_MAX, "format": "xlsx"}
ABOUT = {"sv": "Om", "en": "About"}
# columns whose ids have a name beside them say so
IN_WORDS = {"sv": ", i klartext", "en": ", in words"}
KINDS = {"text": str, "whole": int, "number": (int, float), "flag": bool}
# width of a column in a workbook that says nothing, in characters
WIDTH_DEFAULT = 8.43


def opened(expected, language):
    """The workbook, and its sheets by what they hold."""
    content = expected.get("/v1/figures", **SELECTION, lang=language).content
    book = openpyxl.load_workbook(io.BytesIO(content))
    if book.sheetnames != ["Data", ABOUT[language]]:
        expected.fail(f"the sheets are {book.sheetnames}")
    return book, book["Data"], book[ABOUT[language]]


def columns(expected, data, language):
    """Where each of our columns stands, and where names of ids do."""
    title = {row[f"title{language.capitalize()}"]: name for name, row in expected.columns.items()}
    own, names = {}, {}
    for cell in data[1]:
        text = cell.value.removesuffix(IN_WORDS[language])
        if text not in title:
            expected.fail(f"the header {cell.value!r} is the title of no column")
        (own if text == cell.value else names)[title[text]] = cell.column - 1
    if own.keys() != expected.columns.keys():
        expected.fail(f"the header has the columns {sorted(own)}")
    return own, names


def rows_are_ours(expected, data, language):
    """Every cell with its type; where there is no value the cell is empty and the status says why."""
    own, names = columns(expected, data, language)
    name = f"name{language.capitalize()}"
    known = {"indicator": expected.indicators, "group_id": expected.groups}
    if data.max_row != len(expected.figures) + 1:
        expected.fail(f"the sheet has {data.max_row - 1} rows of {len(expected.figures)}")
    for number, (line, row) in enumerate(zip(data.iter_rows(min_row=2, values_only=True), expected.figures.values()), start=2):
        for column, place in own.items():
            value, wanted = line[place], row[camel(column)]
            if value != wanted or not (value is None or isinstance(value, KINDS[expected.columns[column]["kind"]])):
                expected.fail(f"line {number} has {value!r} for {column}, which is {wanted!r}")
        for column in names.keys() & known.keys():
            wanted = known[column][row["instrument"], row[camel(column)]][name]
            if line[names[column]] != wanted:
                expected.fail(f"line {number} calls {row[camel(column)]} {line[names[column]]!r} instead of {wanted!r}")
    if not known.keys() <= names.keys():
        expected.fail(f"only {sorted(names)} have their names beside them")


def is_readable(expected, data):
    """What people see: a header that stays, filters, widths that fit, and no formula."""
    if data.freeze_panes != "A2" or data.auto_filter.ref is None or data.print_title_rows != "$1:$1":
        expected.fail(f"the header does not stay: {data.freeze_panes}, {data.auto_filter.ref}, {data.print_title_rows}")
    if not all(cell.font.bold for cell in data[1]):
        expected.fail("the header is not bold")
    widths = {}
    for dimension in data.column_dimensions.values():
        widths |= dict.fromkeys(range(dimension.min, dimension.max + 1), dimension.width)
    for cell in data[1]:
        longest = max(len(word) for word in re.split(r"[\s,]+", cell.value))
        width = widths.get(cell.column, WIDTH_DEFAULT)
        if width < longest:
            expected.fail(f"the column {cell.value!r} is {width} characters wide")
    formulas = [cell.coordinate for row in data.iter_rows() for cell in row if cell.data_type == "f"]
    if formulas:
        expected.fail(f"there are formulas in {formulas[:5]}")


def is_said(expected, book, notes, language):
    """The second sheet, and the properties that file managers show."""
    texts = [str(cell.value) for row in notes.iter_rows() for cell in row if cell.value is not None]
    about = expected.about
    wanted = [about["release"]["id"], about["licence"], about["policy"], about["source"][language], about["release"]["publishedAt"]]
    if about["synthetic"]:
        wanted.append(about["notice"][language])
    wanted += expected.columns
    wanted += [row[f"text{language.capitalize()}"] for row in expected.columns.values()]
    wanted += sorted({row["status"] for row in expected.figures.values()})
    lacking = [text for text in wanted if text not in texts]
    if lacking:
        expected.fail(f"the notes lack {lacking}")
    if about["synthetic"] and about["notice"][language] not in (book.properties.description or ""):
        expected.fail("the properties do not say that the data are synthetic")


def main():
    expected = start(JUDGE, __doc__)
    for language in LANGUAGES:
        book, data, notes = opened(expected, language)
        rows_are_ours(expected, data, language)
        is_readable(expected, data)
        is_said(expected, book, notes, language)
    print(f"{JUDGE}: {len(expected.figures)} rows of {len(expected.columns)} columns in {len(LANGUAGES)} languages")


if __name__ == "__main__":
    main()
