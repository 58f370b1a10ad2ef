//! `/v1/files/{release}/{file}`: whole published tables in every format; a Parquet file is the very one that the release consists of.

use std::sync::Arc;

use axum::{
    body::Bytes,
    extract::{Path, State},
    http::{HeaderMap, HeaderValue, Method, StatusCode, Uri, header},
    response::{IntoResponse as _, Response},
    routing::get,
};

use super::{Answer, Route};
use crate::{
    definition,
    encode::{Document, FORMATS, Format, Page},
    http::{App, Problem, ProblemKind, Served, answer, bundle, file, parameter::Parameters, unknown},
    model::{Digest, Language},
    store::path,
};

pub(super) static ROUTE: Route = Route {
    path: "/v1/files/{release}/{file}",
    operation: "get_file",
    summary: [
        "en hel tabell som fil, eller en del av filen; bundle.zip är alla tabeller, och current leder till den aktuella utgåvan",
        "a whole table as a file, or a part of the file; bundle.zip is all tables, and current leads to the current release",
    ],
    example: "/v1/files/current/figures.parquet",
    parameters: &["lang"],
    answer: Answer::File,
    handler: || get(get_file),
};

async fn get_file(
    State(app): State<App>,
    Path((release, name)): Path<(String, String)>,
    method: Method,
    uri: Uri,
    mut headers: HeaderMap,
) -> Result<Response, Problem> {
    // a part is defined for GET alone (RFC 9110, 14.2)
    if method != Method::GET {
        headers.remove(header::RANGE);
    }
    let language = language(&uri)?;
    let served = app.release_at(&release).await?;
    let wanted = Wanted::read(&served, &name)?;
    if release == "current" {
        let id = &served.edition.meta.release;
        let query = uri.query().map_or(String::new(), |query| format!("?{query}"));
        let place = format!("/v1/files/{id}/{name}{query}");
        let place = HeaderValue::from_str(&place).map_err(|_| unknown("file", &name))?;
        let mut response = (StatusCode::TEMPORARY_REDIRECT, [(header::LOCATION, place)]).into_response();
        response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("public, max-age=60"));
        return Ok(response);
    }
    let (bytes, digest) = wanted.bytes(&served, language).await?;
    let mut response = file::respond(&headers, &bytes, &digest)?;
    let out = response.headers_mut();
    out.insert(header::CONTENT_TYPE, HeaderValue::from_static(wanted.content_type()));
    // a name that another release also has would not be the same for ever
    let is_whole_id = release == served.edition.meta.release.as_str();
    let cache = if is_whole_id { "public, max-age=86400, immutable" } else { "public, max-age=60" };
    out.insert(header::CACHE_CONTROL, HeaderValue::from_static(cache));
    let disposition = format!("attachment; filename=\"{}\"", wanted.file_name(&served));
    if let Ok(value) = HeaderValue::from_str(&disposition) {
        out.insert(header::CONTENT_DISPOSITION, value);
    }
    answer::label(&served, out);
    Ok(response)
}

/// A file of a release.
enum Wanted {
    /// A table in a format.
    Table(String, &'static dyn Format),
    /// All of them at once.
    Bundle,
}

impl Wanted {
    fn read(served: &Served, name: &str) -> Result<Self, Problem> {
        if name == bundle::NAME {
            return Ok(Self::Bundle);
        }
        let (table, format) = name
            .rsplit_once('.')
            .and_then(|(table, end)| Some((table, FORMATS.iter().copied().find(|format| format.name() == end)?)))
            .ok_or_else(|| unknown("file", name))?;
        let is_there = served.edition.release.manifest.tables.iter().any(|entry| entry.name == table);
        if is_there { Ok(Self::Table(table.to_owned(), format)) } else { Err(unknown("table", table)) }
    }

    fn content_type(&self) -> &'static str {
        match self {
            Self::Table(_, format) => format.content_type(),
            Self::Bundle => "application/zip",
        }
    }

    fn file_name(&self, served: &Served) -> String {
        let release = served.edition.meta.release.short();
        match self {
            Self::Table(table, format) => format!("{table}-{release}.{}", format.extension()),
            Self::Bundle => format!("mognad-{release}.zip"),
        }
    }

    async fn bytes(&self, served: &Arc<Served>, language: Language) -> Result<(Bytes, Digest), Problem> {
        match self {
            Self::Table(table, format) if format.name() == "parquet" => stored(served, table).await,
            Self::Table(table, format) => {
                let (own, format) = (table.clone(), *format);
                served
                    .file(table, (format.name(), language), move |served| written(served, &own, format, language))
                    .await
            }
            Self::Bundle => {
                let mut parts = Vec::new();
                for entry in &served.edition.release.manifest.tables {
                    parts.push((entry.name.clone(), stored(served, &entry.name).await?.0));
                }
                let write = move |served: &Served| {
                    let edition = &served.edition;
                    bundle::written(&edition.meta, &edition.release.manifest, &parts).map_err(|error| {
                        tracing::error!(%error, "a release cannot be bundled");
                        Problem::new(ProblemKind::Internal)
                    })
                };
                served.file("bundle", ("zip", Language::Sv), write).await
            }
        }
    }
}

/// The very file that the release consists of.
async fn stored(served: &Arc<Served>, table: &str) -> Result<(Bytes, Digest), Problem> {
    let entry = served.edition.release.manifest.tables.iter().find(|entry| entry.name == table);
    let entry = entry.ok_or_else(|| unknown("table", table))?;
    let Some(store) = served.store() else { return Err(unknown("file", table)) };
    let read = store.0.get_verified(&path::data(&entry.digest), &entry.digest).await;
    let bytes = read.map_err(|error| {
        tracing::error!(%error, "a published table cannot be read");
        Problem::new(ProblemKind::Internal)
    })?;
    Ok((bytes, entry.digest.clone()))
}

/// A file's bytes depend on its address alone, so its language is named there.
fn language(uri: &Uri) -> Result<Language, Problem> {
    let parameters = Parameters::only(uri.query(), ROUTE.parameters)?;
    Ok(if parameters.get("lang") == Some("en") { Language::En } else { Language::Sv })
}

fn written(served: &Served, table: &str, format: &'static dyn Format, language: Language) -> Result<Bytes, Problem> {
    let edition = &served.edition;
    let text = definition::table(table).ok_or_else(|| unknown("table", table))?;
    let grid = edition.table(table).ok_or_else(|| unknown("table", table))?.grid().map_err(|error| {
        tracing::error!(%error, table, "a published table cannot be read");
        Problem::new(ProblemKind::Internal)
    })?;
    let total = grid.rows.len();
    let document = Document {
        table: std::borrow::Cow::Borrowed(text),
        grid,
        meta: edition.meta.clone(),
        page: Page { number: 1, limit: total.max(1), total },
        names: std::sync::Arc::clone(&edition.names),
        language,
    };
    let mut bytes = Vec::new();
    format.write(&document, &mut bytes).map_err(answer::problem)?;
    Ok(Bytes::from(bytes))
}
