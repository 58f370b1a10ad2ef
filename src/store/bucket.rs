//! A bucket of S3: where it is, who asks and how long an answer is waited for; what its objects mean is decided elsewhere.

use std::{env, sync::Arc, time::Duration};

use object_store::{
    BackoffConfig, ClientConfigKey, Error, ObjectStore, RetryConfig,
    aws::{AmazonS3Builder, AmazonS3ConfigKey},
    path::Path,
};
use url::Url;

/// How long whoever asks can wait.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Patience {
    /// Somebody at a command line, or a job by night: a store that is busy for a minute is waited for.
    Much,
    /// A service that starts or looks for news: what it has goes on being good.
    Little,
}

impl Patience {
    /// Tries after the first, and the time after which there is none more.
    fn retries(self) -> RetryConfig {
        let (attempts, seconds) = match self {
            Self::Much => (10, 120),
            Self::Little => (4, 20),
        };
        // the name that Amazon's own tools go by
        let told = env::var("AWS_MAX_ATTEMPTS").ok().and_then(|text| text.parse::<usize>().ok());
        let max_retries = told.unwrap_or(attempts).max(1) - 1;
        RetryConfig { max_retries, retry_timeout: Duration::from_secs(seconds), backoff: BackoffConfig::default() }
    }

    /// How long one request may take, and connecting for it, unless the environment says otherwise.
    fn times(self) -> [(ClientConfigKey, &'static str, &'static str); 2] {
        let request = match self {
            Self::Much => "60 seconds",
            Self::Little => "10 seconds",
        };
        [
            (ClientConfigKey::Timeout, "AWS_TIMEOUT", request),
            (ClientConfigKey::ConnectTimeout, "AWS_CONNECT_TIMEOUT", "2 seconds"),
        ]
    }
}

/// Opens the bucket of an `s3:` URL, and gives the folder in it that the URL is about. Region, credentials and the address of a server other than Amazon's come from the environment,
/// in the names that every tool of S3 knows (`AWS_REGION`, `AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY`, `AWS_ENDPOINT`).
pub(super) fn open(url: &Url, patience: Patience) -> Result<(Arc<dyn ObjectStore>, Path), Error> {
    let bucket = url.host_str().unwrap_or_default();
    let mut builder = AmazonS3Builder::from_env().with_bucket_name(bucket).with_retry(patience.retries());
    for (key, name, value) in patience.times() {
        if env::var_os(name).is_none() {
            builder = builder.with_config(AmazonS3ConfigKey::Client(key), value);
        }
    }
    let folder = Path::from_url_path(url.path()).map_err(|source| Error::InvalidPath { source })?;
    Ok((Arc::new(builder.build()?), folder))
}
