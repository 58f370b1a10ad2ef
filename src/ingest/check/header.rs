//! Rules about the header row; matching headers to columns is done in `header`.

use super::{Effect, Rule};

pub(in crate::ingest) const MISSING_COLUMN: Rule = Rule {
    id: "missing-column",
    effect: Effect::RefuseFile,
    sv: "kolumnen saknas i rubrikraden; lägg till den, ange rubriken i mappningen, eller kontrollera instrument, år och avgränsare",
    en: "the header lacks this column; add it, name its header in the mapping, or check instrument, year and separator",
};

pub(in crate::ingest) const DUPLICATE_COLUMN: Rule = Rule {
    id: "duplicate-column",
    effect: Effect::RefuseFile,
    sv: "två kolumner står för samma sak, så det går inte att veta vilken som gäller; ta bort den ena",
    en: "two columns stand for the same thing, so it cannot be known which one is meant; remove one",
};

pub(in crate::ingest) const UNKNOWN_COLUMN: Rule = Rule {
    id: "unknown-column",
    effect: Effect::Flag,
    sv: "kolumnen är okänd i instrumentets version för året och lästes inte; ange den i mappningen, under drop om den ska vara oläst",
    en: "the column is not known in the instrument's version of the year and was not read; name it in the mapping, under drop if it is to stay unread",
};
