//! What a browser keeps for us between two pages: a holder's key and a form's token, encrypted with a key that the process makes at
//! its start and never stores. After a restart, or at another replica, the holder is asked again.

use std::fmt;

use axum::http::{HeaderMap, HeaderValue, header};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use chacha20poly1305::{
    AeadCore as _, KeyInit as _, XChaCha20Poly1305, XNonce,
    aead::{Aead as _, OsRng, Payload},
};
use jiff::Timestamp;

/// How long a key is remembered, in seconds.
const SECONDS: i64 = 30 * 60;

/// Bytes of a nonce.
const NONCE: usize = 24;

/// What a cookie is for; one made for something else does not open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Purpose {
    /// A holder's key, with the organisation whose results it opens.
    Key,
    /// What tells that a form was sent by whoever was given it.
    Form,
}

impl Purpose {
    /// The cookie's name. Behind TLS it has the prefix with which browsers take it from nobody but this very host, whole and
    /// secure (RFC 6265bis, 4.1.3.2).
    fn cookie(self, is_secure: bool) -> &'static str {
        match (self, is_secure) {
            (Self::Key, false) => "mognad-key",
            (Self::Key, true) => "__Host-mognad-key",
            (Self::Form, false) => "mognad-form",
            (Self::Form, true) => "__Host-mognad-form",
        }
    }
}

/// Seals and opens what browsers keep.
pub(super) struct Sessions(XChaCha20Poly1305);

impl fmt::Debug for Sessions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Sessions(…)")
    }
}

impl Default for Sessions {
    fn default() -> Self {
        Self(XChaCha20Poly1305::new(&XChaCha20Poly1305::generate_key(&mut OsRng)))
    }
}

impl Sessions {
    /// A text that only this process can read, for as long as keys are remembered.
    pub(super) fn seal(&self, purpose: Purpose, text: &str) -> Option<String> {
        self.seal_until(purpose, text, Timestamp::now().as_second() + SECONDS)
    }

    fn seal_until(&self, purpose: Purpose, text: &str, until: i64) -> Option<String> {
        let nonce = XChaCha20Poly1305::generate_nonce(&mut OsRng);
        let message = format!("{until}\n{text}");
        let payload = Payload { msg: message.as_bytes(), aad: purpose.cookie(true).as_bytes() };
        let sealed = self.0.encrypt(&nonce, payload).ok()?;
        Some(URL_SAFE_NO_PAD.encode([nonce.as_slice(), &sealed].concat()))
    }

    /// The text, unless it is another's, for something else, or too old.
    pub(super) fn open(&self, purpose: Purpose, sealed: &str) -> Option<String> {
        let bytes = URL_SAFE_NO_PAD.decode(sealed).ok()?;
        let (nonce, sealed) = bytes.split_at_checked(NONCE)?;
        let payload = Payload { msg: sealed, aad: purpose.cookie(true).as_bytes() };
        let message = String::from_utf8(self.0.decrypt(XNonce::from_slice(nonce), payload).ok()?).ok()?;
        let (until, text) = message.split_once('\n')?;
        (until.parse::<i64>().ok()? > Timestamp::now().as_second()).then(|| text.to_owned())
    }
}

/// A cookie of ours that a request carries.
pub(super) fn cookie(headers: &HeaderMap, purpose: Purpose, is_secure: bool) -> Option<&str> {
    let lines = headers.get_all(header::COOKIE).iter().filter_map(|line| line.to_str().ok());
    let mut pairs = lines.flat_map(|line| line.split(';')).filter_map(|pair| pair.trim().split_once('='));
    pairs.find(|(name, _)| *name == purpose.cookie(is_secure)).map(|(_, value)| value)
}

/// The field that gives a browser a cookie; without a value, one that takes it away. No script can read it, and no page of another
/// site makes the browser send it.
pub(super) fn set_cookie(purpose: Purpose, value: Option<&str>, is_secure: bool) -> Option<HeaderValue> {
    let secure = if is_secure { "; Secure" } else { "" };
    let (value, age) = value.map_or(("", 0), |value| (value, SECONDS));
    let name = purpose.cookie(is_secure);
    HeaderValue::try_from(format!("{name}={value}; Path=/; Max-Age={age}; HttpOnly; SameSite=Strict{secure}")).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_same_process_opens_it_for_the_same_purpose_and_in_time() {
        let sessions = Sessions::default();
        let sealed = sessions.seal(Purpose::Key, "AGE-SECRET-KEY-1").unwrap();
        assert!(!sealed.contains("AGE"));
        assert_eq!(sessions.open(Purpose::Key, &sealed).as_deref(), Some("AGE-SECRET-KEY-1"));
        assert_eq!(sessions.open(Purpose::Form, &sealed), None);
        assert_eq!(Sessions::default().open(Purpose::Key, &sealed), None);
        for at in [0, 30, sealed.len() - 1] {
            let mut other = sealed.clone().into_bytes();
            other[at] = if other[at] == b'A' { b'B' } else { b'A' };
            assert_eq!(sessions.open(Purpose::Key, str::from_utf8(&other).unwrap()), None, "{at}");
        }
        let old = sessions.seal_until(Purpose::Key, "x", Timestamp::now().as_second() - 1).unwrap();
        assert_eq!(sessions.open(Purpose::Key, &old), None);
        assert_eq!(sessions.open(Purpose::Key, ""), None);
        assert_ne!(sealed, sessions.seal(Purpose::Key, "AGE-SECRET-KEY-1").unwrap());
    }

    #[test]
    fn cookies_are_read_and_written() {
        let mut headers = HeaderMap::new();
        headers.insert(header::COOKIE, "a=b; mognad-key=xyz;mognad-form=1".parse().unwrap());
        assert_eq!(cookie(&headers, Purpose::Key, false), Some("xyz"));
        assert_eq!(cookie(&headers, Purpose::Key, true), None, "another host may have set it");
        assert_eq!(cookie(&headers, Purpose::Form, false), Some("1"));
        assert_eq!(cookie(&HeaderMap::new(), Purpose::Key, false), None);
        let set = set_cookie(Purpose::Key, Some("xyz"), true).unwrap();
        assert_eq!(set, "__Host-mognad-key=xyz; Path=/; Max-Age=1800; HttpOnly; SameSite=Strict; Secure");
        let gone = set_cookie(Purpose::Key, None, false).unwrap();
        assert_eq!(gone, "mognad-key=; Path=/; Max-Age=0; HttpOnly; SameSite=Strict");
    }
}
