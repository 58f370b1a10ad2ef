//! Rules about rows that belong together, in the file or with what is stored; finding such rows is done in `compare`.

use super::{Effect, Rule};

pub(in crate::ingest) const DUPLICATE_RESPONDENT: Rule = Rule {
    id: "duplicate-respondent",
    effect: Effect::RefuseRow,
    sv: "respondenten har flera rader, och vilken som gäller gissas inte; behåll en rad",
    en: "the respondent has several rows, and which one is meant is not guessed; keep one row",
};

pub(in crate::ingest) const RESPONDENT_IN_TWO_ORGANISATIONS: Rule = Rule {
    id: "respondent-in-two-organisations",
    effect: Effect::RefuseRow,
    sv: "respondenten finns i flera organisationer, och vilken som gäller gissas inte; rätta eller ta bort raderna",
    en: "the respondent occurs in several organisations, and which one is meant is not guessed; correct or remove the rows",
};

pub(in crate::ingest) const DUPLICATE_SCORE: Rule = Rule {
    id: "duplicate-score",
    effect: Effect::RefuseRow,
    sv: "organisationen har flera rader för samma mått, och vilken som gäller gissas inte; behåll en rad",
    en: "the organisation has several rows for the same measure, and which one is meant is not guessed; keep one row",
};

pub(in crate::ingest) const INCOMPLETE_ORGANISATION: Rule = Rule {
    id: "incomplete-organisation",
    effect: Effect::RefuseRow,
    sv: "organisationen saknar ett mått som andra i filen har, så den tas inte in; komplettera den eller ta bort den",
    en: "the organisation lacks a measure that others in the file have, so it is left out; complete it or remove it",
};

pub(in crate::ingest) const ALREADY_ANSWERED: Rule = Rule {
    id: "already-answered",
    effect: Effect::RefuseRow,
    sv: "samma respondent, organisation eller resultat finns redan för året och omgången; ta bort raden, eller ersätt den tidigare filen med --replace och dess kvitto",
    en: "the same respondent, organisation or score is stored already for the year and round; remove the row, or replace the earlier file with --replace and its receipt",
};
