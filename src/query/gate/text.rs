//! From text to one statement: parameters are put in as tokens, which no text can break out of, and what is too much for the
//! parser is refused before it begins.

use datafusion::sql::sqlparser::{
    ast::Statement,
    dialect::GenericDialect,
    parser::{Parser, ParserError},
    tokenizer::{Token, TokenWithSpan, Tokenizer},
};

use super::{Code, Parameters, Place, Refusal, at_most, limit, parameter};

pub(super) fn parsed(sql: &str, parameters: &Parameters) -> Result<Statement, Refusal> {
    if let Some(at) = sql.find(|c: char| c.is_control() && !matches!(c, '\n' | '\r' | '\t')) {
        return Err(Refusal::new(Code::Syntax, "Texten har styrtecken.", "The text has control characters.")
            .at(Some(place(sql, at))));
    }
    let dialect = GenericDialect {};
    let tokens = Tokenizer::new(&dialect, sql).tokenize_with_location().map_err(|error| {
        let place = Place { line: error.location.line, column: error.location.column };
        syntax(&error.message).at((place.line > 0).then_some(place))
    })?;
    at_most(tokens.len(), limit::TOKENS_MAX, "ord och tecken", "words and signs")?;
    shallow(&tokens)?;
    let tokens = parameter::put_in(tokens, parameters)?;
    let mut parser =
        Parser::new(&dialect).with_recursion_limit(limit::PARENTHESES_DEEP_MAX).with_tokens_with_locations(tokens);
    let mut statements = parser.parse_statements().map_err(|error| match error {
        ParserError::RecursionLimitExceeded => deep(),
        ParserError::TokenizerError(message) | ParserError::ParserError(message) => syntax(&message),
    })?;
    match (statements.pop(), statements.len()) {
        (Some(statement), 0) => Ok(statement),
        (None, _) => Err(Refusal::new(
            Code::Syntax,
            "Frågan är tom. Skriv till exempel: select * from headline_trend",
            "The query is empty. Write for example: select * from headline_trend",
        )),
        (Some(_), _) => Err(Refusal::new(
            Code::Statement,
            "Flera satser på en gång. Ställ en fråga i taget.",
            "Several statements at once. Ask one query at a time.",
        )),
    }
}

/// The parameters that a text names, each once and in its order; none of what cannot be read as SQL.
pub(super) fn parameters(sql: &str) -> Vec<String> {
    let tokens = Tokenizer::new(&GenericDialect {}, sql).tokenize_with_location().unwrap_or_default();
    let mut names = Vec::new();
    for pair in tokens.windows(2) {
        if let Some(name) = parameter::named(&pair[0].token, Some(&pair[1].token))
            && !names.iter().any(|own| own == name)
        {
            names.push(name.to_owned());
        }
    }
    names
}

/// Parentheses are counted before the parser, which may try each pair in several ways.
fn shallow(tokens: &[TokenWithSpan]) -> Result<(), Refusal> {
    let mut open = 0_usize;
    for token in tokens {
        match token.token {
            Token::LParen | Token::LBracket | Token::LBrace => open += 1,
            Token::RParen | Token::RBracket | Token::RBrace => open = open.saturating_sub(1),
            _ => {}
        }
        if open > limit::PARENTHESES_DEEP_MAX {
            return Err(deep().at(Place::of(token.span)));
        }
    }
    Ok(())
}

fn deep() -> Refusal {
    let max = limit::PARENTHESES_DEEP_MAX;
    Refusal::new(
        Code::ComplexityLimit,
        format!("Frågan har fler än {max} parenteser eller delfrågor i varandra. Skriv dem efter varandra med with."),
        format!(
            "The query has more than {max} parentheses or subqueries within each other. Write them one after the other with `with`."
        ),
    )
}

/// The parser's message, in which it says what it expected and where.
fn syntax(message: &str) -> Refusal {
    let (said, place) = located(message);
    let said = said.trim().trim_end_matches([',', '.']);
    // what it says of its own workings is of no use
    let is_told = ["Expected", "Unterminated", "Invalid"].iter().any(|start| said.starts_with(start));
    let end = if is_told { format!(" ({})", short(said)) } else { String::new() };
    Refusal::new(
        Code::Syntax,
        format!("Texten går inte att läsa som SQL{end}. Rätta den där det anges."),
        format!("The text cannot be read as SQL{end}. Correct it at the place given."),
    )
    .at(place)
}

fn short(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).take(120).collect()
}

/// A message without the place at its end, and that place.
fn located(message: &str) -> (&str, Option<Place>) {
    let Some((said, end)) = message.rsplit_once(" at Line: ") else { return (message, None) };
    let mut numbers = end.split(", Column: ").map(|number| number.trim().parse().ok());
    match (numbers.next().flatten(), numbers.next().flatten()) {
        (Some(line), Some(column)) => (said, Some(Place { line, column })),
        _ => (said, None),
    }
}

fn place(sql: &str, at: usize) -> Place {
    let before = &sql[..at];
    let line = before.matches('\n').count() as u64 + 1;
    let column = before.rsplit('\n').next().unwrap_or_default().chars().count() as u64 + 1;
    Place { line, column }
}
