//! A made-up survey that can be written in many forms; reading it is what the tests beside this file are about.

use super::instrument;

/// A survey of digital maturity as numbers, to be written in many ways.
pub(super) struct Survey {
    /// Organisation, respondent, unit, role, day.
    pub(super) people: Vec<[String; 5]>,
    /// Answers: 0 is blank, 9 is *don't know*.
    pub(super) answers: Vec<Vec<u8>>,
}

/// How a survey is written.
#[derive(Clone, Copy)]
pub(super) struct Form {
    pub(super) delimiter: u8,
    /// `key`, `sv` or `en`.
    pub(super) headers: &'static str,
    /// `number`, `decimal`, `sv` or `en`.
    pub(super) answers: &'static str,
    pub(super) quoted: bool,
    pub(super) line_end: &'static str,
}

pub(super) const PLAIN: Form =
    Form { delimiter: b',', headers: "key", answers: "number", quoted: false, line_end: "\n" };

impl Survey {
    pub(super) fn new(rows: usize) -> Self {
        let organisations = ["0114", "Vallentuna", "212000-2908", "UPPLANDS VÄSBY", "municipality-0180", "Gävle"];
        let units = ["", "Vård & omsorg", "Skola, förskola", "Ekonomi \"centralt\""];
        let roles = ["staff", "Ledare", "Elected representative", ""];
        let people = (0..rows).map(|at| {
            let day = format!("2024-03-{:02}", at % 28 + 1);
            [organisations[at % 6], &format!("r{at}"), units[at % 4], roles[at / 7 % 4], &day].map(str::to_owned)
        });
        let answers = (0..rows).map(|at| {
            (0..40).map(|question| [1, 2, 3, 4, 5, 4, 3, 2, 0, 9][(at * 7 + question * 3 + at / 11) % 10]).collect()
        });
        Self { people: people.collect(), answers: answers.collect() }
    }

    fn header(form: Form) -> Vec<String> {
        let mut header: Vec<String> =
            ["name", "organisation", "respondent", "unit", "role", "answered_on"].map(str::to_owned).into();
        header.extend(instrument("digital-maturity").questions.iter().map(|question| match form.headers {
            "sv" => question.text.sv.clone(),
            "en" => question.text.en.to_uppercase(),
            _ => question.id.to_string(),
        }));
        header.push("comment".to_owned());
        header
    }

    fn row(&self, at: usize, form: Form) -> Vec<String> {
        let scale = &instrument("digital-maturity").scales[0];
        let mut row = vec![format!("Person {at}")];
        row.extend(self.people[at].clone());
        row.extend(self.answers[at].iter().map(|answer| match (answer, form.answers) {
            (0, _) => String::new(),
            (9, "sv") => scale.reasons[0].text.sv.to_uppercase(),
            (9, "en") => scale.reasons[0].text.en.clone(),
            (9, _) => scale.reasons[0].key.clone(),
            (value, "sv") => scale.labels[usize::from(*value) - 1].text.sv.clone(),
            (value, "en") => scale.labels[usize::from(*value) - 1].text.en.to_lowercase(),
            (value, "decimal") => format!("{value}.0"),
            (value, _) => value.to_string(),
        }));
        row.push(format!("Line one{}and {} \"two\"", if form.quoted { "\n\n" } else { "" }, at));
        row
    }

    pub(super) fn csv(&self, form: Form) -> String {
        let quote = |cell: &String| {
            if form.quoted || cell.contains([char::from(form.delimiter), '"', '\n']) {
                format!("\"{}\"", cell.replace('"', "\"\""))
            } else {
                cell.clone()
            }
        };
        let rows = std::iter::once(Self::header(form)).chain((0..self.people.len()).map(|at| self.row(at, form)));
        let separator = char::from(form.delimiter).to_string();
        rows.map(|row| row.iter().map(quote).collect::<Vec<_>>().join(&separator) + form.line_end).collect()
    }

    pub(super) fn xlsx(&self) -> Vec<u8> {
        let mut workbook = rust_xlsxwriter::Workbook::new();
        let sheet = workbook.add_worksheet();
        let date = rust_xlsxwriter::Format::new().set_num_format("yyyy-mm-dd hh:mm");
        for (column, name) in Self::header(PLAIN).iter().enumerate() {
            sheet.write_string(0, column as u16, name).unwrap();
        }
        for at in 0..self.people.len() {
            for (column, cell) in self.row(at, PLAIN).iter().enumerate() {
                let (row, column) = (at as u32 + 1, column as u16);
                match cell.parse::<f64>() {
                    // some numbers as numbers and some as text; codes are text
                    Ok(number) if column > 5 && at % 2 == 0 => sheet.write_number(row, column, number).map(|_| ()),
                    _ if column == 5 && at % 3 == 0 => {
                        let day = rust_xlsxwriter::ExcelDateTime::parse_from_str(cell).unwrap();
                        sheet.write_datetime_with_format(row, column, &day, &date).map(|_| ())
                    }
                    _ => sheet.write_string(row, column, cell).map(|_| ()),
                }
                .unwrap();
            }
        }
        workbook.save_to_buffer().unwrap()
    }
}
