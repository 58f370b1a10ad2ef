//! The edition before, as the private store remembers it: what it was made of is computed again, so that what has changed since
//! can be told. Which changes wait is decided in `disclosure`.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::{PublishError, audit, computed::Computer};
use crate::{
    disclosure::revision::{Changes, OrganisationYear, Results},
    microdata::{self, Receipt},
    model::{Digest, OrganisationId, Year},
    release::Log,
};

/// Results of a year that stay as an earlier edition had them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Waiting {
    pub(super) year: Year,
    /// The surveys of the year that they are computed of; superseded ones are kept for it.
    receipts: Vec<Digest>,
    pub(super) organisations: BTreeSet<OrganisationId>,
}

/// What an edition of one instrument was made of.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Basis {
    pub(super) receipts: Vec<Digest>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) waiting: Vec<Waiting>,
}

/// The edition before, in the years whose surveys have changed since or in which something waits.
pub(super) struct Before {
    /// Surveys that it was made of, by year.
    receipts: BTreeMap<Year, Vec<Digest>>,
    /// What waited then already, and the surveys that it is computed of.
    waited: BTreeMap<OrganisationYear, Vec<Digest>>,
    pub(super) results: Results,
    pub(super) changes: Changes,
}

impl Before {
    /// Computes it; none if there is no edition before, or nothing has changed since.
    pub(super) async fn of(
        computer: &Computer<'_>,
        log: &Log,
        active: &[Receipt],
        now: &Results,
    ) -> Result<Option<Self>, PublishError> {
        let Some(basis) = audit::basis_before(computer.private, log, &computer.instrument.id).await? else {
            return Ok(None);
        };
        let kept: BTreeMap<Digest, Receipt> = microdata::receipts(computer.private, &computer.instrument.id)
            .await?
            .into_iter()
            .map(|receipt| (receipt.id.clone(), receipt))
            .collect();
        let find = |id: &Digest| kept.get(id).cloned().ok_or_else(|| PublishError::Forgotten(id.short().to_owned()));
        let of_basis: Vec<Receipt> = basis.receipts.iter().map(find).collect::<Result<_, _>>()?;
        let waited = basis.waiting.iter().map(|own| own.year);
        let mut years: BTreeSet<Year> = changed(&of_basis, active).into_iter().chain(waited).collect();
        // a year that is measured otherwise now has another figure, not a corrected one
        let version = |year: Year| computer.instrument.version_in(year).map(|version| version.id.as_str());
        for receipt in of_basis.iter().filter(|receipt| version(receipt.year) != Some(&*receipt.version)) {
            years.remove(&receipt.year);
        }
        if years.is_empty() {
            return Ok(None);
        }
        let of_basis: Vec<Receipt> = of_basis.into_iter().filter(|receipt| years.contains(&receipt.year)).collect();
        let mut results = computer.results("the edition before", &of_basis).await?;
        for (number, own) in basis.waiting.iter().filter(|own| years.contains(&own.year)).enumerate() {
            let receipts: Vec<Receipt> = own.receipts.iter().map(find).collect::<Result<_, _>>()?;
            let earlier = computer.results(&format!("what waits, {}", number + 1), &receipts).await?;
            let wanted = own.organisations.iter().map(|id| (id.clone(), own.year)).collect();
            results = results.replaced(&earlier, &wanted)?;
        }
        let mut receipts: BTreeMap<Year, Vec<Digest>> = BTreeMap::new();
        for receipt in of_basis {
            receipts.entry(receipt.year).or_default().push(receipt.id);
        }
        let waited = basis.waiting.into_iter().flat_map(|own| {
            let Waiting { year, receipts, organisations } = own;
            organisations.into_iter().map(move |id| ((id, year), receipts.clone()))
        });
        let changes = Changes::between(&results, now)?.in_years(&years);
        Ok(Some(Self { receipts, waited: waited.collect(), results, changes }))
    }

    /// Results in which what waits is as it was.
    pub(super) fn settle(&self, now: Results, waiting: &BTreeSet<OrganisationYear>) -> Result<Results, PublishError> {
        Ok(now.replaced(&self.results, waiting)?)
    }

    /// What waits, with the surveys that it is computed of, for the next edition.
    pub(super) fn noted(&self, waiting: &BTreeSet<OrganisationYear>) -> Vec<Waiting> {
        let mut noted: BTreeMap<(Year, &Vec<Digest>), BTreeSet<OrganisationId>> = BTreeMap::new();
        let none = Vec::new();
        for key in waiting {
            let receipts = self.waited.get(key).or_else(|| self.receipts.get(&key.1)).unwrap_or(&none);
            noted.entry((key.1, receipts)).or_default().insert(key.0.clone());
        }
        let noted = noted.into_iter();
        noted.map(|((year, own), organisations)| Waiting { year, receipts: own.clone(), organisations }).collect()
    }
}

/// Years of which other surveys count than did.
fn changed(before: &[Receipt], now: &[Receipt]) -> BTreeSet<Year> {
    let by_id = |receipts: &[Receipt]| -> BTreeMap<Digest, Year> {
        receipts.iter().map(|receipt| (receipt.id.clone(), receipt.year)).collect()
    };
    let (before, now) = (by_id(before), by_id(now));
    let only = |these: &BTreeMap<Digest, Year>, those: &BTreeMap<Digest, Year>| -> Vec<Year> {
        these.iter().filter(|(id, _)| !those.contains_key(id)).map(|(_, year)| *year).collect()
    };
    only(&before, &now).into_iter().chain(only(&now, &before)).collect()
}
