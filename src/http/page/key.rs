//! `/nyckel` and `/en/key`: where the holder of an organisation's key shows it once, and takes it back.

use axum::{
    Router,
    body::Bytes,
    extract::{OriginalUri, State},
    http::{HeaderMap, HeaderValue, StatusCode, Uri, header},
    response::{IntoResponse as _, Response},
    routing::get,
};

use crate::{
    disclosure::Identity,
    http::{
        App, Problem, ProblemKind, answer, holder, parameter,
        session::{self, Purpose},
    },
    model::Language,
    web::{KeyPage, Words},
};

/// What the form sends beside the choices of the page that it was reached from.
const FIELDS: [&str; 4] = ["organisation", "key", "token", "forget"];

/// Whose key a browser has shown.
pub(super) struct Holder {
    pub(super) organisation: String,
    pub(super) key: Identity,
}

impl Holder {
    /// The holder of the request's cookie, if there is one.
    pub(super) fn of(app: &App, headers: &HeaderMap) -> Option<Self> {
        let opened = app.sessions.open(Purpose::Key, session::cookie(headers, Purpose::Key, app.is_secure())?)?;
        let (organisation, key) = opened.split_once('\n')?;
        Some(Self { organisation: organisation.to_owned(), key: Identity::parse(key).ok()? })
    }
}

pub(super) fn mounted(mut router: Router<App>) -> Router<App> {
    for (language, path) in Language::ALL.into_iter().zip(KeyPage::ADDRESSES) {
        let words = Words { language };
        let show = move |State(app): State<App>, uri: Uri, headers: HeaderMap| async move {
            shown(&app, &uri, &headers, words)
        };
        let take = move |State(app): State<App>, OriginalUri(uri): OriginalUri, headers: HeaderMap, body: Bytes| async move {
            taken(&app, &uri, &headers, &body, words).await
        };
        router = router.route(path, get(show).post(take));
    }
    router
}

fn shown(app: &App, uri: &Uri, headers: &HeaderMap, words: Words) -> Result<Response, Problem> {
    let asked = super::asked(&[], uri, &KeyPage::CHOICES)?;
    let choices = KeyPage::CHOICES.iter().filter_map(|name| Some(((*name).to_owned(), asked.get(name)?.to_owned())));
    form(app, headers, choices.collect(), None, words)
}

/// The form, with a token that only this browser has.
fn form(
    app: &App,
    headers: &HeaderMap,
    choices: Vec<(String, String)>,
    refusal: Option<&str>,
    words: Words,
) -> Result<Response, Problem> {
    let broken = || Problem::new(ProblemKind::Internal);
    // another window's form goes on being good
    let known = session::cookie(headers, Purpose::Form, app.is_secure()).filter(|own| is_secret(own));
    let secret = known.map_or_else(|| format!("{:032x}", rand::random::<u128>()), str::to_owned);
    let token = app.sessions.seal(Purpose::Form, &secret).ok_or_else(broken)?;
    let open = Holder::of(app, headers).map(|holder| holder.organisation);
    let notice = app.served().ok().and_then(|served| served.edition.meta.notice.clone());
    let html = KeyPage::new(words, choices, open.as_deref(), token, refusal, notice).html().map_err(|_| broken())?;
    let mut response = answer::html(html);
    let fields = response.headers_mut();
    fields.insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-store"));
    fields.insert(header::CONTENT_LANGUAGE, HeaderValue::from_static(words.language.tag()));
    if let Some(cookie) = session::set_cookie(Purpose::Form, Some(&secret), app.is_secure()) {
        fields.append(header::SET_COOKIE, cookie);
    }
    if refusal.is_some() {
        *response.status_mut() = StatusCode::FORBIDDEN;
    }
    Ok(response)
}

async fn taken(app: &App, uri: &Uri, headers: &HeaderMap, body: &[u8], words: Words) -> Result<Response, Problem> {
    parameter::Parameters::only(uri.query(), &[])?;
    let sent: Vec<(String, String)> = url::form_urlencoded::parse(body).into_owned().collect();
    let is_choice = |name: &str| KeyPage::CHOICES.contains(&name);
    if let Some((name, _)) = sent.iter().find(|(name, _)| !FIELDS.contains(&&**name) && !is_choice(name)) {
        return Err(parameter::unknown(name, &FIELDS, &[]));
    }
    let field = |name: &str| sent.iter().find(|(own, _)| own == name).map_or("", |(_, value)| value.trim());
    let choices: Vec<(String, String)> =
        sent.iter().filter(|(name, value)| is_choice(name) && !value.trim().is_empty()).cloned().collect();
    if !is_own_form(app, headers, field("token")) {
        return form(app, headers, choices, Some("key-form-old"), words);
    }
    if !field("forget").is_empty() {
        return Ok(left(super::ADDRESS_AFTER[words.language as usize], None, app));
    }
    let (organisation, key) = (field("organisation"), field("key"));
    let opened = match Identity::parse(key) {
        Ok(identity) => holder::opened(app.served()?.as_ref(), organisation, &identity).await.is_ok(),
        Err(_) => false,
    };
    // whether the organisation exists, has results or has another key cannot be told from the refusal
    if !opened {
        return form(app, headers, choices, Some("key-refused"), words);
    }
    let cookie = app.sessions.seal(Purpose::Key, &format!("{organisation}\n{key}"));
    let query = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(choices).finish();
    let address = format!("{}?{query}", super::ADDRESS_AFTER[words.language as usize]);
    Ok(left(&address, cookie.as_deref(), app))
}

/// Whether a form was sent from our page by the browser that was given it.
fn is_own_form(app: &App, headers: &HeaderMap, token: &str) -> bool {
    let is_own_site = headers.get("sec-fetch-site").is_none_or(|site| site == "same-origin");
    let given = session::cookie(headers, Purpose::Form, app.is_secure()).filter(|own| is_secret(own));
    is_own_site && given.is_some() && app.sessions.open(Purpose::Form, token).as_deref() == given
}

/// Whether it can be what we gave a browser.
fn is_secret(text: &str) -> bool {
    text.len() == 32 && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// Leads on, with the cookie or without it.
fn left(address: &str, cookie: Option<&str>, app: &App) -> Response {
    let mut response = StatusCode::SEE_OTHER.into_response();
    let fields = response.headers_mut();
    if let Ok(address) = HeaderValue::try_from(address) {
        fields.insert(header::LOCATION, address);
    }
    fields.insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-store"));
    if let Some(cookie) = session::set_cookie(Purpose::Key, cookie, app.is_secure()) {
        fields.append(header::SET_COOKIE, cookie);
    }
    response
}
