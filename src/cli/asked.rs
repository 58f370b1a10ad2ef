//! Whom queries are asked: a store, in this process, or a running service; what is done with the answer is the commands'.

use clap::{Args, builder::PossibleValuesParser};
use jiff::Timestamp;
use url::Url;

use super::{Misuse, places::Public};
use crate::{
    encode::{self, Meta},
    figure,
    model::Language,
    query::{self, Code, Parameter, Parameters, QueryError, Refusal},
    release::{self, Release},
};

/// Arguments that say whom.
#[derive(Debug, Args)]
pub(super) struct Asked {
    #[command(flatten)]
    public: Public,
    /// Ask a running service at this address, rather than a store
    #[arg(long, value_name = "URL", conflicts_with = "public")]
    url: Option<Url>,
    /// Language of formats that speak only one, and of refusals
    #[arg(long, value_name = "LANG", default_value = "sv", value_parser = PossibleValuesParser::new(["sv", "en"]))]
    lang: String,
}

/// Who answers.
#[derive(Debug)]
pub(super) enum Source {
    /// This process, over a release.
    Release {
        /// Its tables.
        release: Box<Release>,
        /// What is said with every answer.
        meta: Box<Meta>,
        /// The language of formats that speak only one.
        language: Language,
    },
    /// A running service.
    Service {
        /// Its address.
        url: Url,
        /// The language of formats that speak only one, and of refusals.
        lang: String,
    },
}

impl Asked {
    /// Finds out who answers.
    pub(super) async fn open(&self) -> anyhow::Result<Source> {
        if let Some(url) = &self.url {
            return Ok(Source::Service { url: url.clone(), lang: self.lang.clone() });
        }
        let release = release::open(&self.public.existing()?, Timestamp::now())
            .await?
            .ok_or_else(|| anyhow::anyhow!("nothing has been published yet; run `mognad publish` first"))?;
        let edition = figure::Edition::new(release)?;
        let language = if self.lang == "en" { Language::En } else { Language::Sv };
        Ok(Source::Release { release: Box::new(edition.release), meta: Box::new(edition.meta), language })
    }
}

impl Source {
    /// The answer in a format that holds rows.
    pub(super) async fn answer(&self, sql: &str, parameters: &Parameters, format: &str) -> anyhow::Result<Vec<u8>> {
        match self {
            Self::Service { url, lang } => by_service(url, sql, parameters, format, lang).await,
            Self::Release { release, meta, language } => {
                let answer = query::run(release, sql, parameters)?;
                let document = query::document(sql, &answer, (**meta).clone(), *language)?;
                let mut bytes = Vec::new();
                let format = encode::named(format).ok_or_else(|| Misuse(format!("there is no format {format}")))?;
                format.write(&document, &mut bytes)?;
                Ok(bytes)
            }
        }
    }
}

/// A parameter's name and value, as they are written.
pub(super) fn parameter(pair: &str) -> anyhow::Result<(String, Parameter)> {
    let (name, value) =
        pair.split_once('=').ok_or_else(|| Misuse(format!("{pair} has to be written as NAME=VALUE")))?;
    Ok((name.trim().to_owned(), Parameter::read(value.trim())))
}

/// Has a service answer, and tells its refusal as ours.
async fn by_service(
    url: &Url,
    sql: &str,
    parameters: &Parameters,
    format: &str,
    lang: &str,
) -> anyhow::Result<Vec<u8>> {
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
