//! `mognad query`: one SQL query over the published tables of a store or of a running service, in any format that holds rows.

use std::{
    io::{IsTerminal as _, Read as _, Write as _, stdin, stdout},
    path::PathBuf,
};

use clap::{Args, builder::PossibleValuesParser};
use jiff::Timestamp;
use url::Url;

use super::{Misuse, Outcome, output, places::Public};
use crate::{
    encode::{self, FORMATS},
    figure,
    model::Language,
    query::{self, Code, Parameter, Parameters, QueryError, Refusal},
    release,
};

/// The format that people read.
const TABLE: &str = "table";

/// Arguments of `query`.
#[derive(Debug, Args)]
pub(super) struct Query {
    /// The query, such as: `select group_id, mean from figures where indicator = 'index' and year = :year`; `-` reads it from
    /// standard input
    sql: String,
    /// A value for :NAME in the query; may be given several times
    #[arg(short, long = "param", value_name = "NAME=VALUE")]
    parameters: Vec<String>,
    #[command(flatten)]
    public: Public,
    /// Ask a running service at this address, rather than a store
    #[arg(long, value_name = "URL", conflicts_with = "public")]
    url: Option<Url>,
    /// How rows are written
    #[arg(long, value_name = "FORMAT", default_value = TABLE, value_parser = formats())]
    format: String,
    /// File to write to, rather than standard output
    #[arg(long, value_name = "FILE")]
    to: Option<PathBuf>,
    /// Language of formats that speak only one, and of refusals
    #[arg(long, value_name = "LANG", default_value = "sv", value_parser = PossibleValuesParser::new(["sv", "en"]))]
    lang: String,
}

/// The formats that hold rows.
fn formats() -> PossibleValuesParser {
    let names = FORMATS.iter().filter(|format| !format.is_cube()).map(|format| format.name());
    PossibleValuesParser::new([TABLE].into_iter().chain(names))
}

impl Query {
    pub(super) async fn run(self) -> anyhow::Result<Outcome> {
        let sql = match &*self.sql {
            "-" => {
                let mut text = String::new();
                stdin().read_to_string(&mut text)?;
                text
            }
            text => text.to_owned(),
        };
        let mut parameters = Parameters::new();
        for pair in &self.parameters {
            let (name, value) = pair
                .split_once('=')
                .ok_or_else(|| Misuse(format!("--param {pair} has to be written as NAME=VALUE")))?;
            parameters.insert(name.to_owned(), Parameter::read(value));
        }
        // tables are drawn here, of what a machine would read
        let format = if self.format == TABLE { "arrow" } else { &self.format };
        let bytes = match &self.url {
            Some(url) => asked(url, &sql, &parameters, format, &self.lang).await?,
            None => self.computed(&sql, &parameters, format).await?,
        };
        if self.format == TABLE {
            let table = output::table(&encode::rows_of_stream(&bytes)?);
            match self.to {
                Some(file) => std::fs::write(file, table + "\n")?,
                None => output::line(table),
            }
            return Ok(Outcome::Done);
        }
        match self.to {
            Some(file) => std::fs::write(file, &bytes)?,
            None if stdout().is_terminal() && std::str::from_utf8(&bytes).is_err() => {
                return Err(Misuse(format!("{format} is not for a terminal; name a file with --to")).into());
            }
            None => stdout().lock().write_all(&bytes)?,
        }
        Ok(Outcome::Done)
    }

    /// Answers over a store, in this process.
    async fn computed(&self, sql: &str, parameters: &Parameters, format: &str) -> anyhow::Result<Vec<u8>> {
        let release = release::open(&self.public.existing()?, Timestamp::now())
            .await?
            .ok_or_else(|| anyhow::anyhow!("nothing has been published yet; run `mognad publish` first"))?;
        let answer = query::run(&release, sql, parameters)?;
        let meta = figure::Edition::new(release)?.meta;
        let language = if self.lang == "en" { Language::En } else { Language::Sv };
        let document = query::document(sql, &answer, meta, language)?;
        let mut bytes = Vec::new();
        let format = encode::named(format).ok_or_else(|| Misuse(format!("there is no format {format}")))?;
        format.write(&document, &mut bytes)?;
        Ok(bytes)
    }
}

/// Has a service answer, and tells its refusal as ours.
async fn asked(url: &Url, sql: &str, parameters: &Parameters, format: &str, lang: &str) -> anyhow::Result<Vec<u8>> {
    let mut address = url.join("/v1/sql")?;
    address.query_pairs_mut().append_pair("format", format).append_pair("lang", lang);
    let body = serde_json::json!({ "q": sql, "parameters": parameters }).to_string();
    let request = reqwest::Client::new().post(address).header("content-type", "application/json").body(body);
    let response =
        request.send().await.map_err(|error| anyhow::anyhow!("{url} cannot be asked: {}", error.without_url()))?;
    let status = response.status();
    let bytes = response.bytes().await?;
    if status.is_success() {
        return Ok(bytes.to_vec());
    }
    let problem: serde_json::Value = serde_json::from_slice(&bytes).unwrap_or_default();
    let detail = problem["detail"].as_str().map_or_else(|| format!("{url} answers {status}"), str::to_owned);
    match serde_json::from_value::<Code>(problem["reason"].clone()) {
        Ok(code) => {
            Err(QueryError::Refused(Refusal { code, place: None, text: crate::model::Text::new(&*detail, &*detail) })
                .into())
        }
        Err(_) => Err(anyhow::anyhow!(detail)),
    }
}
