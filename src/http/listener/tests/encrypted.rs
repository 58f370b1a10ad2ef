//! The same listener behind TLS, met by a client of the same library.

use std::{path::Path, sync::Arc};

use rustls::{ClientConfig, RootCertStore, crypto::ring, pki_types::ServerName};
use tokio_rustls::{TlsConnector, client::TlsStream};

use super::*;

/// Writes a certificate for `localhost` and its key, and gives what a client has to trust.
fn written(folder: &Path) -> RootCertStore {
    let made = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    std::fs::write(folder.join("chain.pem"), made.cert.pem()).unwrap();
    std::fs::write(folder.join("key.pem"), made.signing_key.serialize_pem()).unwrap();
    let mut roots = RootCertStore::empty();
    roots.add(made.cert.der().clone()).unwrap();
    roots
}

fn read(folder: &Path) -> Result<Certificate, TlsError> {
    Certificate::read(folder.join("chain.pem"), folder.join("key.pem"))
}

/// A server behind a door with this certificate.
async fn behind(certificate: &Certificate, router: Router, limits: Limits) -> (Running, ConnectionCounts) {
    let counts = ConnectionCounts::default();
    let door = Door { tls: Some(certificate.tls()), counts: counts.clone() };
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let (stop, stopped) = oneshot::channel();
    let served = tokio::spawn(serve_through(door, listener, router, limits, async { drop(stopped.await) }));
    (Running { address, stop, served }, counts)
}

async fn connected(server: &Running, roots: &RootCertStore) -> io::Result<TlsStream<TcpStream>> {
    let mut config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots.clone())
        .with_no_client_auth();
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    TlsConnector::from(Arc::new(config))
        .connect(ServerName::try_from("localhost").unwrap(), server.connect().await)
        .await
}

async fn greeted_over(stream: &mut TlsStream<TcpStream>) -> String {
    stream.write_all(ASK).await.unwrap();
    let mut answer = Vec::new();
    while !answer.ends_with(b"\r\n\r\nhej") {
        assert!(timeout(PATIENCE, stream.read_buf(&mut answer)).await.expect("no answer").unwrap() > 0);
    }
    String::from_utf8(answer).unwrap()
}

#[tokio::test]
async fn an_encrypted_connection_is_answered_and_counted() {
    let folder = tempfile::tempdir().unwrap();
    let roots = written(folder.path());
    let (server, counts) = behind(&read(folder.path()).unwrap(), greeting(), patient()).await;
    let mut stream = connected(&server, &roots).await.unwrap();
    assert_eq!(stream.get_ref().1.alpn_protocol(), Some(&b"http/1.1"[..]));
    for _ in 0..2 {
        assert!(greeted_over(&mut stream).await.starts_with("HTTP/1.1 200 "));
    }
    assert_eq!(counts.open.get(), 1);
    // whoever does not trust the certificate does not get in
    assert!(connected(&server, &RootCertStore::empty()).await.is_err());
    let gone = async {
        while counts.unsecured.get() == 0 {
            tokio::task::yield_now().await;
        }
    };
    timeout(PATIENCE, gone).await.expect("a failed handshake is not counted");
}

#[tokio::test]
async fn without_a_handshake_in_time_a_connection_is_closed() {
    let folder = tempfile::tempdir().unwrap();
    let roots = written(folder.path());
    let limits = Limits { handshake_ms: 150, connections_max: 1, ..patient() };
    let (server, counts) = behind(&read(folder.path()).unwrap(), greeting(), limits).await;
    let mut silent = server.connect().await;
    assert_eq!(rest(&mut silent).await, "");
    let mut plain = server.connect().await;
    plain.write_all(ASK).await.unwrap();
    assert!(!rest(&mut plain).await.contains("HTTP/1.1"), "nothing is answered in the clear");
    assert_eq!(counts.unsecured.get(), 2);
    let place = async {
        loop {
            if let Ok(mut stream) = connected(&server, &roots).await {
                return greeted_over(&mut stream).await;
            }
        }
    };
    timeout(PATIENCE, place).await.expect("the slot is not given back");
}

#[tokio::test]
async fn behind_tls_too_a_peer_that_does_not_read_is_closed() {
    let folder = tempfile::tempdir().unwrap();
    let roots = written(folder.path());
    // first more than encryption keeps for itself, then as much as only its flush can notice
    for bytes in [64 << 20, 8 << 20] {
        let large = move || async move { vec![b'x'; bytes] };
        let limits = Limits { write_stall_ms: 200, ..patient() };
        let (server, counts) =
            behind(&read(folder.path()).unwrap(), Router::new().route("/", get(large)), limits).await;
        let mut stream = connected(&server, &roots).await.unwrap();
        stream.write_all(ASK).await.unwrap();
        let closed = async {
            while counts.open.get() > 0 {
                tokio::task::yield_now().await;
            }
        };
        timeout(PATIENCE, closed).await.expect("the answer is still being written");
    }
}

#[tokio::test]
async fn a_certificate_that_has_changed_is_read_again() {
    let folder = tempfile::tempdir().unwrap();
    let before = written(folder.path());
    let certificate = read(folder.path()).unwrap();
    let (server, _) = behind(&certificate, greeting(), patient()).await;
    let mut open = connected(&server, &before).await.unwrap();
    let after = written(folder.path());
    assert!(connected(&server, &after).await.is_err(), "not until it is told");
    std::fs::write(folder.path().join("key.pem"), "nothing").unwrap();
    let error = certificate.read_again().unwrap_err();
    assert!(error.to_string().contains("a private key cannot be read from"), "{error}");
    assert!(connected(&server, &before).await.is_ok(), "a failure changes nothing");
    let after = if after.is_empty() { after } else { written(folder.path()) };
    certificate.read_again().unwrap();
    assert!(connected(&server, &after).await.is_ok());
    assert!(connected(&server, &before).await.is_err());
    assert!(greeted_over(&mut open).await.starts_with("HTTP/1.1 200 "), "open connections stay");
}

#[test]
fn what_is_no_certificate_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    assert!(matches!(read(folder.path()), Err(TlsError::File { .. })), "absent");
    written(folder.path());
    std::fs::write(folder.path().join("chain.pem"), "").unwrap();
    assert!(matches!(read(folder.path()), Err(TlsError::Empty(_) | TlsError::File { .. })));
    let other = tempfile::tempdir().unwrap();
    written(folder.path());
    written(other.path());
    let mixed = Certificate::read(folder.path().join("chain.pem"), other.path().join("key.pem"));
    assert!(matches!(mixed, Err(TlsError::Unfit(_))), "a key of another certificate");
}
