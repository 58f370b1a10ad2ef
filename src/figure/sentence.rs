//! The sentence that carries a headline, in both languages, with the right words for rise, fall and no change.

use super::{Change, Figure, Group};
use crate::model::{Bound, Text};

/// No-break space: Swedish writes `47 %`, and the number stays with its sign.
const NO_BREAK: char = '\u{a0}';

/// *Den digitala mognaden i offentlig sektor är 47 %, en ökning med 6 procentenheter från föregående år.*
pub fn sentence(subject: &Text, group: &Group, figure: &Figure, change: Option<&Change>) -> Text {
    let place = place(group);
    let Some(mean) = figure.mean else {
        return Text::new(
            format!("{} {} visas inte för {}.", subject.sv, place.sv, figure.year),
            format!("{} {} is not shown for {}.", subject.en, place.en, figure.year),
        );
    };
    let (at_sv, at_en) = match figure.bound {
        None => ("", ""),
        Some(Bound::Le) => ("högst ", "at most "),
        Some(Bound::Ge) => ("minst ", "at least "),
    };
    let moved = moved(change);
    Text::new(
        format!("{} {} är {at_sv}{mean}{NO_BREAK}%{}.", subject.sv, place.sv, moved.sv),
        format!("{} {} is {at_en}{mean}%{}.", subject.en, place.en, moved.en),
    )
}

fn moved(change: Option<&Change>) -> Text {
    match change.map(|change| (&*change.status, change.change)) {
        Some((_, Some(0))) => Text::new(", oförändrat från föregående år", ", unchanged from the previous year"),
        Some((_, Some(points))) => {
            let (word_sv, word_en) = if points > 0 { ("ökning", "up") } else { ("minskning", "down") };
            let (unit_sv, unit_en) = if points.abs() == 1 {
                ("procentenhet", "percentage point")
            } else {
                ("procentenheter", "percentage points")
            };
            let points = points.abs();
            Text::new(
                format!(", en {word_sv} med {points}{NO_BREAK}{unit_sv} från föregående år"),
                format!(", {word_en} {points} {unit_en} from the previous year"),
            )
        }
        Some(("not-comparable", None)) => Text::new(
            "; siffran går inte att jämföra med föregående år, eftersom mätningen har ändrats",
            "; it cannot be compared with the previous year, because the measurement has changed",
        ),
        _ => Text::new("", ""),
    }
}

fn place(group: &Group) -> Text {
    let known = match (&*group.kind, group.sector.as_deref()) {
        ("all", _) => Some(("i offentlig sektor", "in the public sector")),
        ("sector", Some("municipality")) => Some(("i kommunerna", "in the municipalities")),
        ("sector", Some("region")) => Some(("i regionerna", "in the regions")),
        ("sector", Some("company")) => Some(("i offentligt ägda företag", "in publicly owned companies")),
        ("sector", Some("agency")) => Some(("i statliga myndigheter", "in state agencies")),
        _ => None,
    };
    match known {
        Some((sv, en)) => Text::new(sv, en),
        None => Text::new(format!("i gruppen {}", group.name.sv), format!("in the group {}", group.name.en)),
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;

    fn check(mean: Option<i64>, bound: Option<Bound>, change: Option<(&str, Option<i64>)>, sv: &str, en: &str) {
        let word = |text: &str| Arc::<str>::from(text);
        let group = Group { kind: word("all"), sector: None, name: Text::new("", "") };
        let figure = Figure {
            instrument: word(""),
            indicator: word(""),
            group: word("all"),
            year: 2020,
            status: word("ok"),
            mean,
            bound,
            organisations: None,
            respondents: None,
            series: word(""),
            answers_with: None,
        };
        let change = change.map(|(status, change)| Change {
            status: word(status),
            change,
            matched: None,
            composition: None,
            organisations_matched: None,
        });
        let subject = Text::new("Den digitala mognaden", "Digital maturity");
        let said = sentence(&subject, &group, &figure, change.as_ref());
        assert_eq!((said.sv.replace(NO_BREAK, " ").as_str(), said.en.as_str()), (sv, en));
    }

    #[test]
    fn sentences_have_the_right_grammar() {
        check(
            Some(47),
            None,
            Some(("ok", Some(6))),
            "Den digitala mognaden i offentlig sektor är 47 %, en ökning med 6 procentenheter från föregående år.",
            "Digital maturity in the public sector is 47%, up 6 percentage points from the previous year.",
        );
        check(
            Some(46),
            None,
            Some(("ok", Some(-1))),
            "Den digitala mognaden i offentlig sektor är 46 %, en minskning med 1 procentenhet från föregående år.",
            "Digital maturity in the public sector is 46%, down 1 percentage point from the previous year.",
        );
        check(
            Some(46),
            None,
            Some(("ok", Some(0))),
            "Den digitala mognaden i offentlig sektor är 46 %, oförändrat från föregående år.",
            "Digital maturity in the public sector is 46%, unchanged from the previous year.",
        );
        check(
            Some(95),
            Some(Bound::Ge),
            Some(("withheld", None)),
            "Den digitala mognaden i offentlig sektor är minst 95 %.",
            "Digital maturity in the public sector is at least 95%.",
        );
        check(
            Some(47),
            None,
            Some(("not-comparable", None)),
            "Den digitala mognaden i offentlig sektor är 47 %; siffran går inte att jämföra med föregående år, eftersom mätningen har ändrats.",
            "Digital maturity in the public sector is 47%; it cannot be compared with the previous year, because the measurement has changed.",
        );
        check(
            None,
            None,
            None,
            "Den digitala mognaden i offentlig sektor visas inte för 2020.",
            "Digital maturity in the public sector is not shown for 2020.",
        );
    }
}
