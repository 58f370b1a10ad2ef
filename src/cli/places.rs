//! Arguments that several commands share: where definitions, register and stores are.

use std::path::PathBuf;

use clap::Args;

use crate::{
    definition::{DefinitionError, Definitions, Source},
    ingest::PseudonymKey,
    register::{Register, RegisterError, RegisterSource},
    store::{PrivateStore, PublicStore, StoreError},
};

/// Where definitions and register are.
#[derive(Debug, Clone, Args)]
pub(super) struct Knowledge {
    /// Folder with `schemas/` (and `sql/`, if methods are own); the built-in definitions unless given
    #[arg(long, value_name = "DIR")]
    definitions: Option<PathBuf>,
    /// Folder with the register's CSV files; the built-in register unless given
    #[arg(long, value_name = "DIR")]
    register: Option<PathBuf>,
}

impl Knowledge {
    pub(super) fn definitions(&self) -> Result<Definitions, DefinitionError> {
        Definitions::load(&Source::new(self.definitions.clone()))
    }

    pub(super) fn register(&self) -> Result<Register, RegisterError> {
        RegisterSource::new(self.register.clone()).load()
    }
}

/// Where the private store is.
#[derive(Debug, Clone, Args)]
pub(super) struct Private {
    /// Private store: a folder, or a file: or s3: URL
    #[arg(long, value_name = "URL", env = "MOGNAD_PRIVATE", default_value = "var/private")]
    private: String,
}

impl Private {
    pub(super) fn at(address: &str) -> Self {
        Self { private: address.to_owned() }
    }

    pub(super) fn open(&self) -> Result<PrivateStore, StoreError> {
        PrivateStore::open(&self.private)
    }

    pub(super) fn existing(&self) -> Result<PrivateStore, StoreError> {
        PrivateStore::existing(&self.private)
    }
}

/// Where the public store is.
#[derive(Debug, Clone, Args)]
pub(super) struct Public {
    /// Public store: a folder, or a file: or s3: URL
    #[arg(long, value_name = "URL", env = "MOGNAD_PUBLIC", default_value = "var/public")]
    public: String,
}

impl Public {
    pub(super) fn at(address: &str) -> Self {
        Self { public: address.to_owned() }
    }

    pub(super) fn open(&self) -> Result<PublicStore, StoreError> {
        PublicStore::open(&self.public)
    }

    pub(super) fn existing(&self) -> Result<PublicStore, StoreError> {
        PublicStore::existing(&self.public)
    }

    pub(super) fn served(&self, cache: Option<&str>) -> Result<PublicStore, StoreError> {
        PublicStore::served(&self.public, cache)
    }
}

/// The secret that pseudonyms are made with, from the environment: on a command line other users could read it.
pub(super) fn pseudonym_key() -> anyhow::Result<PseudonymKey> {
    let text = std::env::var("MOGNAD_PSEUDONYM_KEY").map_err(|_| {
        anyhow::anyhow!("MOGNAD_PSEUDONYM_KEY is not set; set it to at least 64 hexadecimal digits, for example from `openssl rand -hex 32`, and keep it: the same key is needed to recognise a respondent again")
    })?;
    Ok(PseudonymKey::parse(&text)?)
}
