//! The headers and words of a file form: what columns are called and how roles and answers are written.

use crate::sample::{Layout, answers::Answer, questionnaire::Questionnaire};

/// The words for one question.
#[derive(Debug)]
struct Words {
    labels: Vec<String>,
    reasons: Vec<String>,
}

/// The words of a file.
#[derive(Debug)]
pub(super) struct Vocabulary {
    /// Every column's header.
    pub(super) headers: Vec<String>,
    /// The instrument's roles.
    pub(super) roles: Vec<String>,
    questions: Vec<Words>,
}

/// Headers of the columns before the questions, in the order of [`super::sheet`] and [`super::text`].
const STANDARD: [&str; 8] = ["organisation", "respondent", "unit", "role", "answered_on", "name", "email", "comment"];
const SURVEY_REPORT: [&str; 8] =
    ["Organisation", "Svarsnummer", "Enhet", "Roll", "Svarsdatum", "Namn", "E-post", "Kommentar"];

impl Vocabulary {
    /// The words of a form with a row per respondent.
    pub(super) fn new(questionnaire: &Questionnaire<'_>, layout: Layout) -> Self {
        let spoken = layout == Layout::SurveyReport;
        let mut headers = (if spoken { SURVEY_REPORT } else { STANDARD }).map(str::to_owned).to_vec();
        let roles = &questionnaire.instrument.roles;
        let roles = roles.iter().map(|role| if spoken { &role.name.sv } else { &role.key }.clone()).collect();
        let mut questions = Vec::with_capacity(questionnaire.questions.len());
        for asked in &questionnaire.questions {
            let question = asked.question;
            headers.push(if spoken { question.text.sv.clone() } else { question.id.to_string() });
            let labels = asked.scale.labels.iter();
            let reasons = asked.scale.reasons.iter();
            questions.push(Words {
                labels: labels.map(|l| if spoken { l.text.sv.clone() } else { l.value.to_string() }).collect(),
                reasons: reasons.map(|r| if spoken { &r.text.sv } else { &r.key }.clone()).collect(),
            });
        }
        Self { headers, roles, questions }
    }

    /// How the answer to the question at a position is written.
    pub(super) fn answer(&self, question: usize, answer: Answer) -> &str {
        let words = &self.questions[question];
        match answer {
            Answer::Label(at) => &words.labels[usize::from(at)],
            Answer::Reason(at) => &words.reasons[usize::from(at)],
            Answer::Blank => "",
        }
    }
}

/// What a respondent leaves in the columns that ingest has to drop: name, address and a comment, obviously invented.
pub(super) fn contact(number: usize) -> [String; 3] {
    let comment = match number % 3 {
        0 => "Syntetisk kommentar; med semikolon, komma och \"citat\"",
        1 => "Syntetisk kommentar\növer två rader",
        _ => "Syntetisk kommentar",
    };
    [format!("Syntetisk Person {number}"), format!("person{number}@example.invalid"), comment.to_owned()]
}
