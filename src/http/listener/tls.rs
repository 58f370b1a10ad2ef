//! The certificate that connections are encrypted with, read from two files and read again when they have changed.

use std::{fmt, io, path::PathBuf, sync::Arc};

use rustls::{
    ServerConfig,
    crypto::ring,
    pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject as _},
};
use tokio::{net::TcpStream, sync::watch};
use tokio_rustls::{TlsAcceptor, server::TlsStream};

/// Why a certificate cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum TlsError {
    /// A file is absent or holds something else.
    #[error("{what} cannot be read from {}: {cause}; give a file in PEM", path.display())]
    File {
        /// What should be in it.
        what: &'static str,
        /// Where it should be.
        path: PathBuf,
        /// Why it is not.
        cause: rustls::pki_types::pem::Error,
    },
    /// No certificate in the file.
    #[error("there is no certificate in {}; give the whole chain, one's own first", .0.display())]
    Empty(PathBuf),
    /// Certificate and key are not of each other, or of a kind that is not supported.
    #[error("certificate and key do not fit each other: {0}")]
    Unfit(#[from] rustls::Error),
}

/// The files of a certificate and its key, and who is told when they have been read again.
#[derive(Debug)]
pub struct Certificate {
    chain: PathBuf,
    key: PathBuf,
    config: watch::Sender<Arc<ServerConfig>>,
}

impl Certificate {
    /// Reads a certificate's chain and its key, both in PEM.
    pub fn read(chain: PathBuf, key: PathBuf) -> Result<Self, TlsError> {
        let (config, _) = watch::channel(Arc::new(config(&chain, &key)?));
        Ok(Self { chain, key, config })
    }

    /// Reads both files again. Connections that are open keep what they have; a failure changes nothing.
    pub fn read_again(&self) -> Result<(), TlsError> {
        self.config.send_replace(Arc::new(config(&self.chain, &self.key)?));
        Ok(())
    }

    /// What a listener shows.
    pub fn tls(&self) -> Tls {
        Tls(self.config.subscribe())
    }
}

fn config(chain: &PathBuf, key: &PathBuf) -> Result<ServerConfig, TlsError> {
    let unreadable = |what, path: &PathBuf| {
        let path = path.clone();
        move |cause| TlsError::File { what, path, cause }
    };
    let certificates = CertificateDer::pem_file_iter(chain)
        .and_then(Iterator::collect::<Result<Vec<_>, _>>)
        .map_err(unreadable("a certificate", chain))?;
    if certificates.is_empty() {
        return Err(TlsError::Empty(chain.clone()));
    }
    let key = PrivateKeyDer::from_pem_file(key).map_err(unreadable("a private key", key))?;
    let mut config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()?
        .with_no_client_auth()
        .with_single_cert(certificates, key)?;
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(config)
}

/// The certificate that is shown to whoever connects: always the one read last.
#[derive(Clone)]
pub struct Tls(watch::Receiver<Arc<ServerConfig>>);

impl fmt::Debug for Tls {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Tls")
    }
}

impl Tls {
    /// Shakes hands with a peer, for as long as it takes.
    pub(super) async fn accept(&self, stream: TcpStream) -> io::Result<TlsStream<TcpStream>> {
        let config = Arc::clone(&self.0.borrow());
        TlsAcceptor::from(config).accept(stream).await
    }
}
