//! Sentences in both languages beside strengths and before-and-after: what is ranked and why not, and what stood beside what. They
//! say what was at the same time, and never why; a test looks for words that would.

use super::{BeforeAfter, Finding, Measured, Others, Strength};
use crate::model::Text;

/// No-break space: a number stays with its unit.
const NO_BREAK: char = '\u{a0}';

/// A number as Swedish and English write it: `5,2` and `5.2`, with a true minus sign in Swedish.
fn number(number: f64) -> Text {
    let text = number.to_string();
    Text::new(text.replace('-', "\u{2212}").replace('.', ","), text)
}

fn points(amount: f64) -> Text {
    let is_one = (amount.abs() - 1.0).abs() < 1e-9;
    let (unit_sv, unit_en) =
        if is_one { ("procentenhet", "percentage point") } else { ("procentenheter", "percentage points") };
    let written = number(amount);
    Text::new(format!("{}{NO_BREAK}{unit_sv}", written.sv), format!("{} {unit_en}", written.en))
}

fn signed(amount: f64) -> Text {
    let plus = if amount > 0.0 { "+" } else { "" };
    let written = points(amount);
    Text::new(format!("{plus}{}", written.sv), format!("{plus}{}", written.en))
}

/// What a category is set beside, as a sentence names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Named {
    /// The mean of the subject's own categories.
    OwnMean,
    /// Peers that an organisation has chosen.
    Peers,
    /// A published group.
    Group,
}

impl Named {
    fn text(self) -> Text {
        match self {
            Self::OwnMean => Text::new("det egna medlet över kategorierna", "its own mean over the categories"),
            Self::Peers => Text::new("de jämförda", "the peers"),
            Self::Group => Text::new("jämförelsegruppen", "the group beside it"),
        }
    }
}

/// What is found of a category, and why it has a rank or none.
pub fn explanation(strength: &Strength<'_>, reference: Named) -> Text {
    let beside = reference.text();
    let unknown = Text::new(
        "Värdet, det som det ställs bredvid eller osäkerheten är inte känt, så kategorin rangordnas inte.",
        "The value, what it is set beside or the uncertainty is not known, so the category is not ranked.",
    );
    let Some((difference, uncertainty)) = strength.difference.and_then(|own| Some((own.points, own.uncertainty?)))
    else {
        return unknown;
    };
    let (own, off) = (points(difference.abs()), number(uncertainty));
    let (way_sv, way_en, end_sv, end_en) = match strength.finding {
        Finding::NotKnown => return unknown,
        Finding::WithinUncertainty => {
            return Text::new(
                format!(
                    "Skillnaden mot {} är {}, inte mer än osäkerheten {}, så kategorin rangordnas inte.",
                    beside.sv, own.sv, off.sv
                ),
                format!(
                    "The difference from {} is {}, no more than the uncertainty of {}, so the category is not ranked.",
                    beside.en, own.en, off.en
                ),
            );
        }
        Finding::Weaker => ("under", "below", "svagast", "weakest"),
        Finding::Stronger => ("över", "above", "starkast", "strongest"),
    };
    let place = match strength.rank {
        Some(1) => Text::new(format!(": {end_sv}"), format!(": the {end_en}")),
        Some(2) => Text::new(format!(": näst {end_sv}"), format!(": the second {end_en}")),
        Some(_) => Text::new(format!(": tredje {end_sv}"), format!(": the third {end_en}")),
        None if strength.is_tied => Text::new(
            "; någon annan ligger lika långt ifrån, så ordningen mellan dem anges inte",
            "; another lies as far away, so that they are not ranked among each other",
        ),
        None => Text::new("; minst tre andra ligger längre ifrån", "; at least three others lie further away"),
    };
    Text::new(
        format!("{} {way_sv} {}, mer än osäkerheten {}{}.", own.sv, beside.sv, off.sv, place.sv),
        format!("{} {way_en} {}, more than the uncertainty of {}{}.", own.en, beside.en, off.en, place.en),
    )
}

/// The group's and the others' means and changes, one after the other.
pub fn beside_each_other(about: &BeforeAfter, measured: &Measured) -> Text {
    let [before, after] = about.years;
    let (
        Some(group_change),
        Some(others_change),
        [Some(group_before), Some(group_after)],
        [Some(others_before), Some(others_after)],
    ) = (measured.group_change, measured.others_change, measured.group, measured.others)
    else {
        return Text::new(
            format!("Uppgifterna för {before} och {after} visas inte, eller ligger utanför det som skrivs ut."),
            format!("The figures of {before} and {after} are not shown, or lie beyond what is written."),
        );
    };
    let others = match about.others {
        Others::Rest => Text::new("Övriga i samma sektorer", "All others of the same sectors"),
        Others::Sectors => {
            Text::new("Samma sektorer, med gruppen inräknad,", "The same sectors, the group among them,")
        }
    };
    let (own, beside) = (signed(group_change as f64), signed(others_change));
    let (first, second) = (number(others_before), number(others_after));
    Text::new(
        format!(
            "Gruppen gick från {group_before}{NO_BREAK}% {before} till {group_after}{NO_BREAK}% {after} ({}). {} gick under samma tid från \
             {}{NO_BREAK}% till {}{NO_BREAK}% ({}).",
            own.sv, others.sv, first.sv, second.sv, beside.sv
        ),
        format!(
            "The group went from {group_before}% in {before} to {group_after}% in {after} ({}). {} went from {}% to {}% over the same \
             time ({}).",
            own.en, others.en, first.en, second.en, beside.en
        ),
    )
}

/// What has to stand beside every before and after.
pub fn caveat() -> Text {
    Text::new(
        "Förändringarna visas bredvid varandra och gäller samma tid. Vilka som är med i gruppen är inte lottat, vilka som deltar skiljer \
         sig mellan åren, och mycket annat hände samtidigt. Siffrorna ensamma räcker inte för att bedöma det som gruppen har gjort.",
        "The changes are shown beside each other and are of the same time. Who is in the group was not drawn by lot, who takes part \
         differs between the years, and much else happened at the same time. The figures alone do not suffice to judge what the \
         group has done.",
    )
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::figure::{Difference, Indicator};

    /// Words that say that one thing comes of another.
    const CAUSAL: [&str; 30] = [
        "effekt",
        "effect",
        "ledde",
        "leder till",
        "lett till",
        "led to",
        "leads to",
        "lead to",
        "tack vare",
        "thanks to",
        "därför",
        "therefore",
        "eftersom",
        "because",
        "beror",
        "due to",
        "orsak",
        "cause",
        "resultat av",
        "result of",
        "result in",
        "påverka",
        "affect",
        "impact",
        "gav ",
        "medför",
        "bidrog",
        "contribut",
        "på grund av",
        "owing to",
    ];

    fn indicator() -> Indicator {
        let none = Arc::<str>::from("");
        Indicator {
            instrument: none.clone(),
            key: none.clone(),
            name: Text::new("", ""),
            parent: None,
            level: none,
            subject: Text::new("", ""),
            headline: false,
        }
    }

    fn strength(indicator: &Indicator, finding: Finding, rank: Option<usize>, is_tied: bool) -> Strength<'_> {
        let difference = Some(Difference { points: -5.2, uncertainty: Some(2.1) });
        let status = Arc::from("ok");
        Strength { indicator, status, value: None, reference: None, difference, finding, rank, is_tied }
    }

    fn before_after(others: Others) -> (BeforeAfter, Measured) {
        let about = BeforeAfter {
            group: "registered:g".to_owned(),
            period: None,
            years: [2017, 2019],
            sectors: Vec::new(),
            others,
            group_organisations: [20, 22],
            others_organisations: [80, 90],
        };
        let measured = Measured {
            status: "ok",
            group: [Some(38), Some(41)],
            others: [Some(37.8), Some(36.8)],
            others_error: [Some(0.8); 2],
            group_change: Some(3),
            others_change: Some(-1.0),
            difference: None,
            difference_error: None,
        };
        (about, measured)
    }

    #[test]
    fn nothing_is_said_to_come_of_anything() {
        let indicator = indicator();
        let mut texts = vec![caveat()];
        for others in [Others::Rest, Others::Sectors] {
            let (about, measured) = before_after(others);
            texts.push(beside_each_other(&about, &measured));
            texts.push(beside_each_other(&about, &Measured { group: [None, Some(41)], ..measured }));
        }
        for finding in [Finding::Weaker, Finding::Stronger, Finding::WithinUncertainty, Finding::NotKnown] {
            for (rank, is_tied) in [(Some(1), false), (Some(2), false), (Some(3), false), (None, true), (None, false)] {
                texts.push(explanation(&strength(&indicator, finding, rank, is_tied), Named::Group));
            }
        }
        for text in texts.iter().flat_map(|text| [&text.sv, &text.en]) {
            for word in CAUSAL {
                assert!(!text.to_lowercase().contains(word), "`{word}` in: {text}");
            }
        }
    }

    #[test]
    fn sentences_have_the_right_numbers() {
        let indicator = indicator();
        let check = |text: &Text, sv: &str, en: &str| {
            assert_eq!((text.sv.replace(NO_BREAK, " ").as_str(), text.en.as_str()), (sv, en));
        };
        check(
            &explanation(&strength(&indicator, Finding::Weaker, Some(2), false), Named::Peers),
            "5,2 procentenheter under de jämförda, mer än osäkerheten 2,1: näst svagast.",
            "5.2 percentage points below the peers, more than the uncertainty of 2.1: the second weakest.",
        );
        check(
            &explanation(&strength(&indicator, Finding::Stronger, None, true), Named::OwnMean),
            "5,2 procentenheter över det egna medlet över kategorierna, mer än osäkerheten 2,1; någon annan ligger lika långt ifrån, så \
             ordningen mellan dem anges inte.",
            "5.2 percentage points above its own mean over the categories, more than the uncertainty of 2.1; another lies as far away, \
             so that they are not ranked among each other.",
        );
        let (about, measured) = before_after(Others::Rest);
        check(
            &beside_each_other(&about, &measured),
            "Gruppen gick från 38 % 2017 till 41 % 2019 (+3 procentenheter). Övriga i samma sektorer gick under samma tid från 37,8 % till \
             36,8 % (−1 procentenhet).",
            "The group went from 38% in 2017 to 41% in 2019 (+3 percentage points). All others of the same sectors went from 37.8% to \
             36.8% over the same time (-1 percentage point).",
        );
    }
}
