//! Rules about the file as it was written, before any cell is looked at; they are applied where formats are read.

use super::{Effect, Rule};

pub(in crate::ingest) const UNSUPPORTED_FORMAT: Rule = Rule {
    id: "unsupported-format",
    effect: Effect::RefuseFile,
    sv: "filen är varken CSV eller en XLSX-arbetsbok (äldre .xls och lösenordsskyddade filer kan inte läsas); spara den som .xlsx utan lösenord, eller som CSV",
    en: "the file is neither CSV nor an XLSX workbook (older .xls and files with a password cannot be read); save it as .xlsx without a password, or as CSV",
};

pub(in crate::ingest) const TOO_LARGE: Rule = Rule {
    id: "too-large",
    effect: Effect::RefuseFile,
    sv: "filen går över en gräns för storlek, rader, kolumner, celler eller uppackad storlek; dela upp den, ta bort kolumner som inte behövs, eller spara den som CSV",
    en: "the file exceeds a limit on size, rows, columns, cells or unpacked size; split it, remove columns that are not needed, or save it as CSV",
};

pub(in crate::ingest) const EMPTY_FILE: Rule = Rule {
    id: "empty-file",
    effect: Effect::RefuseFile,
    sv: "filen har ingen rubrikrad; exportera den på nytt med kolumnernas namn på första raden",
    en: "the file has no header row; export it again with the columns' names in the first row",
};

pub(in crate::ingest) const INVALID_ENCODING: Rule = Rule {
    id: "invalid-encoding",
    effect: Effect::RefuseFile,
    sv: "texten är inte giltig Unicode härifrån; spara filen som UTF-8, eller ange windows-1252 om den har den teckenkodningen",
    en: "the text is not valid Unicode from here on; save the file as UTF-8, or say windows-1252 if that is its encoding",
};

pub(in crate::ingest) const DAMAGED_WORKBOOK: Rule = Rule {
    id: "damaged-workbook",
    effect: Effect::RefuseFile,
    sv: "arbetsboken är skadad eller ofullständig; öppna den i ett kalkylprogram och spara den på nytt",
    en: "the workbook is damaged or incomplete; open it in a spreadsheet program and save it again",
};

pub(in crate::ingest) const ENCRYPTED_WORKBOOK: Rule = Rule {
    id: "encrypted-workbook",
    effect: Effect::RefuseFile,
    sv: "arbetsboken är krypterad; spara den utan lösenord",
    en: "the workbook is encrypted; save it without a password",
};

pub(in crate::ingest) const WORKBOOK_MACROS: Rule = Rule {
    id: "workbook-macros",
    effect: Effect::RefuseFile,
    sv: "arbetsboken innehåller makron; spara den som .xlsx utan makron",
    en: "the workbook has macros; save it as .xlsx without macros",
};

pub(in crate::ingest) const WORKBOOK_EXTERNAL_LINKS: Rule = Rule {
    id: "workbook-external-links",
    effect: Effect::RefuseFile,
    sv: "arbetsboken hämtar värden ur andra arbetsböcker; klistra in värdena i stället för länkarna och spara den på nytt",
    en: "the workbook takes values from other workbooks; paste the values in place of the links and save it again",
};

pub(in crate::ingest) const UNCLOSED_QUOTE: Rule = Rule {
    id: "unclosed-quote",
    effect: Effect::RefuseFile,
    sv: "ett citattecken som inleder en cell stängs inte, så raderna därefter kan inte skiljas åt; rätta cellen eller exportera filen på nytt",
    en: "a quotation mark that opens a cell is never closed, so the rows after it cannot be told apart; correct the cell or export the file again",
};

pub(in crate::ingest) const TRUNCATED_FILE: Rule = Rule {
    id: "truncated-file",
    effect: Effect::RefuseFile,
    sv: "filen slutar mitt i en rad; hämta eller exportera den på nytt",
    en: "the file ends in the middle of a row; fetch or export it again",
};

pub(in crate::ingest) const ROW_TOO_LONG: Rule = Rule {
    id: "row-too-long",
    effect: Effect::RefuseRow,
    sv: "raden har fler celler än rubrikraden; sätt text som innehåller avgränsaren inom citattecken",
    en: "the row has more cells than the header; put text that contains the separator in quotation marks",
};

pub(in crate::ingest) const ROW_TOO_SHORT: Rule = Rule {
    id: "row-too-short",
    effect: Effect::RefuseRow,
    sv: "raden har färre celler än rubrikraden; exportera filen på nytt eller komplettera raden",
    en: "the row has fewer cells than the header; export the file again or complete the row",
};

pub(in crate::ingest) const FORMULA_ERROR: Rule = Rule {
    id: "formula-error",
    effect: Effect::RefuseRow,
    sv: "cellen innehåller ett felvärde från en formel; ersätt den med ett värde",
    en: "the cell holds the error value of a formula; replace it with a value",
};
