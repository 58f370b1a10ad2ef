//! Texts of a document in both languages: Swedish first, then English, since `OpenAPI` has one text for each thing.

use crate::model::Text;

/// A text with a paragraph for each language.
pub(super) fn both([sv, en]: [&str; 2]) -> String {
    if sv == en { sv.to_owned() } else { format!("{sv}\n\n{en}") }
}

/// A text of the definitions.
pub(super) fn text(text: &Text) -> String {
    both([&text.sv, &text.en])
}

/// A line with both languages.
pub(super) fn line([sv, en]: [&str; 2]) -> String {
    if sv == en { sv.to_owned() } else { format!("{sv} / {en}") }
}

/// A text that begins with a capital letter.
pub(super) fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// An id of ours as the name of a component: `answers_by_group` is `AnswersByGroup`.
pub(super) fn component(id: &str) -> String {
    id.split(['_', '-']).map(capital).collect()
}
