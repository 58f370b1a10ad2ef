//! Named parameters: `:year` in the text becomes a literal of the kind that its value has, before anything is read as SQL.

use std::collections::{BTreeMap, BTreeSet};

use datafusion::sql::sqlparser::tokenizer::{Span, Token, TokenWithSpan};
use serde::{Deserialize, Serialize};

use super::{Code, Place, Refusal};

/// A parameter's value.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Parameter {
    /// No value.
    Null,
    /// True or false.
    Flag(bool),
    /// A whole number.
    Whole(i64),
    /// A number.
    Number(f64),
    /// Text.
    Text(String),
}

/// Values by name.
pub type Parameters = BTreeMap<String, Parameter>;

impl Parameter {
    /// What a text from an address means: a whole number as numbers are written (`2024`, not `0114`, which is a code), a decimal
    /// number, `true`, `false`, and everything else is text.
    pub fn read(text: &str) -> Self {
        let digits = text.strip_prefix('-').unwrap_or(text);
        let is_written = |whole: &str| {
            !whole.is_empty()
                && whole.bytes().all(|byte| byte.is_ascii_digit())
                && (whole == "0" || !whole.starts_with('0'))
        };
        if is_written(digits)
            && let Ok(number) = text.parse()
        {
            return Self::Whole(number);
        }
        let is_decimal = digits.split_once('.').is_some_and(|(whole, part)| {
            is_written(whole) && !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit())
        });
        match text {
            "true" => Self::Flag(true),
            "false" => Self::Flag(false),
            _ if is_decimal => text.parse().map_or_else(|_| Self::Text(text.to_owned()), Self::Number),
            _ => Self::Text(text.to_owned()),
        }
    }

    /// The value as tokens; a negative number in parentheses, so that it binds as one.
    fn tokens(&self) -> Result<Vec<Token>, Refusal> {
        let number = |is_negative: bool, digits: String| {
            let digits = Token::Number(digits, false);
            if is_negative { vec![Token::LParen, Token::Minus, digits, Token::RParen] } else { vec![digits] }
        };
        Ok(match self {
            Self::Null => vec![Token::make_keyword("NULL")],
            Self::Flag(flag) => vec![Token::make_keyword(if *flag { "TRUE" } else { "FALSE" })],
            Self::Whole(whole) => number(*whole < 0, whole.unsigned_abs().to_string()),
            Self::Number(value) if value.is_finite() => number(*value < 0.0, format!("{:e}", value.abs())),
            Self::Number(_) => {
                return Err(Refusal::new(
                    Code::Parameter,
                    "En parameter är inget ändligt tal.",
                    "A parameter is no finite number.",
                ));
            }
            Self::Text(text) => vec![Token::SingleQuotedString(text.clone())],
        })
    }
}

/// The name of the parameter that begins with a token: `:` with a bare word after it.
pub(super) fn named<'a>(token: &Token, next: Option<&'a Token>) -> Option<&'a str> {
    match (token, next) {
        (Token::Colon, Some(Token::Word(word))) if word.quote_style.is_none() => Some(&word.value),
        _ => None,
    }
}

/// Puts values in where their names stand.
pub(super) fn put_in(tokens: Vec<TokenWithSpan>, parameters: &Parameters) -> Result<Vec<TokenWithSpan>, Refusal> {
    let mut out = Vec::with_capacity(tokens.len());
    let mut used: BTreeSet<String> = BTreeSet::new();
    let mut rest = tokens.into_iter().peekable();
    while let Some(token) = rest.next() {
        if let Some(name) = named(&token.token, rest.peek().map(|next| &next.token)).map(str::to_owned) {
            let span = token.span;
            rest.next();
            let value = parameters.get(&name).ok_or_else(|| missing(&name, span))?;
            let put = value.tokens().map_err(|refusal| refusal.at(Place::of(span)))?;
            out.extend(put.into_iter().map(|token| TokenWithSpan { token, span }));
            used.insert(name);
            continue;
        }
        match &token.token {
            // as PostgreSQL's clients bind them
            Token::Placeholder(name) if parameters.contains_key(name) => {
                let put = parameters[name].tokens().map_err(|refusal| refusal.at(Place::of(token.span)))?;
                out.extend(put.into_iter().map(|own| TokenWithSpan { token: own, span: token.span }));
                used.insert(name.clone());
            }
            Token::Placeholder(_) | Token::Question => {
                return Err(Refusal::new(
                    Code::Parameter,
                    "Parametrar har namn: skriv :namn i frågan och skicka namn=värde bredvid den.",
                    "Parameters have names: write :name in the query and send name=value beside it.",
                )
                .at(Place::of(token.span)));
            }
            _ => out.push(token),
        }
    }
    match parameters.keys().find(|name| !used.contains(*name)) {
        None => Ok(out),
        Some(name) => {
            let name: String = name.chars().filter(|c| !c.is_control()).take(40).collect();
            Err(Refusal::new(
                Code::Parameter,
                format!("Parametern {name} står inte i frågan. Skriv :{name} där värdet ska stå, eller utelämna den."),
                format!(
                    "The parameter {name} does not occur in the query. Write :{name} where its value belongs, or leave it out."
                ),
            ))
        }
    }
}

fn missing(name: &str, span: Span) -> Refusal {
    Refusal::new(
        Code::Parameter,
        format!("Parametern :{name} har inget värde. Skicka {name}=värde bredvid frågan."),
        format!("The parameter :{name} has no value. Send {name}=value beside the query."),
    )
    .at(Place::of(span))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_stay_texts_and_numbers_become_numbers() {
        for (text, expected) in [
            ("2024", Parameter::Whole(2024)),
            ("-3", Parameter::Whole(-3)),
            ("0", Parameter::Whole(0)),
            ("0114", Parameter::Text("0114".into())),
            ("4.5", Parameter::Number(4.5)),
            ("4.", Parameter::Text("4.".into())),
            ("true", Parameter::Flag(true)),
            ("digital-maturity", Parameter::Text("digital-maturity".into())),
            ("", Parameter::Text(String::new())),
            ("99999999999999999999", Parameter::Text("99999999999999999999".into())),
        ] {
            assert_eq!(Parameter::read(text), expected, "{text}");
        }
    }
}
