//! The forms in which texts of survey files are kept and compared; which texts are right is decided in `check`.

use std::borrow::Cow;

use unicode_normalization::{IsNormalized, UnicodeNormalization as _, is_nfc_quick};

/// The form in which a text is kept: trimmed, NFC.
pub(super) fn clean(text: &str) -> Cow<'_, str> {
    let text = text.trim();
    if text.is_ascii() || is_nfc_quick(text.chars()) == IsNormalized::Yes {
        Cow::Borrowed(text)
    } else {
        Cow::Owned(text.nfc().collect())
    }
}

/// The form in which headers, labels and names are compared: NFC, inner white space as one blank, lower case.
pub(super) fn fold(text: &str) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    words.join(" ").nfc().collect::<String>().to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_that_look_the_same_are_the_same() {
        for (a, b) in [("Åre", "A\u{30a}re"), ("  Åre ", "Åre"), ("\u{a0}Åre", "Åre")] {
            assert_eq!(clean(a), clean(b));
        }
        assert_eq!(fold("  Insta\u{308}mmer \u{a0} HELT\n"), "instämmer helt");
        assert_ne!(fold("Vet ej"), fold("Vetej"));
    }
}
