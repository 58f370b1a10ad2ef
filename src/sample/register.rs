//! A synthetic register of any size, shaped after real municipalities, for work on more organisations than there are.

use std::path::Path;

use csv::Writer;

use crate::{
    model::{Organisation, OrganisationId, Sector, Year},
    register::{Register, RegisterSource},
    sample::{SampleError, random::Key},
};

const VARIABLES: [&str; 6] =
    ["population", "density_per_km2", "share_0_19", "share_75plus", "share_tertiary", "tax_base_sek"];

/// A register of synthetic municipalities. Each takes county, classes and structure from one of `like`'s municipalities, in
/// turn; structure variables vary a little. Ids are `municipality-x0001` and on, names say that they are synthetic.
pub fn synthetic_register(like: &Register, organisations: usize) -> Result<Register, SampleError> {
    let folder = tempfile::tempdir()?;
    write_register(like, organisations, folder.path())?;
    Ok(RegisterSource::Folder(folder.path().to_owned()).load()?)
}

/// Writes the files of [`synthetic_register`] into a folder that exists.
pub fn write_register(like: &Register, organisations: usize, folder: &Path) -> Result<(), SampleError> {
    let models: Vec<&Organisation> = like.in_sector(Sector::Municipality).collect();
    let members: Vec<(String, OrganisationId, &Organisation)> = (1..=organisations)
        .zip(models.iter().cycle())
        .map(|(number, model)| {
            let id = OrganisationId::parse(&format!("municipality-x{number:04}")).unwrap_or_else(|_| model.id.clone());
            (format!("{number:04}"), id, *model)
        })
        .collect();

    let header = [
        "id",
        "kind",
        "code",
        "number",
        "name",
        "official_name",
        "county",
        "branch",
        "owner",
        "employees",
        "valid_from",
        "valid_to",
    ];
    let rows = members.iter().map(|(code, id, model)| {
        let county = model.county.clone().unwrap_or_default();
        let mut row = vec![id.to_string(), "municipality".to_owned(), code.clone(), String::new()];
        row.extend([format!("Syntetisk kommun {code}"), String::new(), county]);
        row.resize(header.len(), String::new());
        row
    });
    write(folder, "organisations.csv", &header, rows)?;

    let rows = members.iter().flat_map(|(_, id, model)| structure(like, id, model));
    let header = [&["organisation", "year"][..], &VARIABLES[..]].concat();
    write(folder, "structure.csv", &header, rows)?;

    let rows = like
        .counties
        .values()
        .map(|county| vec![county.code.clone(), String::new(), county.name.sv.clone(), county.name.en.clone()]);
    write(folder, "counties.csv", &["code", "letter", "name_sv", "name_en"], rows)?;
    let rows = like.counties.values().flat_map(|county| {
        let row = |(code, km): (&String, &u32)| vec![county.code.clone(), code.clone(), km.to_string(), String::new()];
        county.neighbours.iter().map(row)
    });
    write(folder, "county_adjacency.csv", &["county", "neighbour", "border_km", "basis"], rows)?;

    let rows = like.classifications.iter().flat_map(|((name, version), classification)| {
        classification.classes.iter().map(|class| {
            let parent = class.parent.clone().unwrap_or_default();
            let text = &class.name;
            vec![name.clone(), version.clone(), class.code.clone(), parent, text.sv.clone(), text.en.clone()]
        })
    });
    let header = ["classification", "version", "code", "parent", "name_sv", "name_en"];
    write(folder, "classifications.csv", &header, rows)?;
    let rows = like.classifications.iter().flat_map(|((name, version), classification)| {
        members.iter().filter_map(|(_, id, model)| {
            let code = classification.members.get(&model.id)?;
            Some(vec![name.clone(), version.clone(), code.clone(), id.to_string()])
        })
    });
    write(folder, "memberships.csv", &["classification", "version", "code", "organisation"], rows)?;

    write(folder, "aliases.csv", &["organisation", "alias", "source"], [])?;
    write(folder, "population.csv", &["organisation", "year", "population"], [])?;
    write(folder, "successions.csv", &["date", "kind", "predecessor", "successor", "note", "source"], [])
}

/// The structure variables of a synthetic municipality: its model's, each off by at most a tenth, the same in all years.
fn structure(like: &Register, id: &OrganisationId, model: &Organisation) -> Vec<Vec<String>> {
    let mut draws = Key::new(0, ["register", "structure", id.as_str()]).stream(0);
    let factors = VARIABLES.map(|_| 1.0 + 0.1 * draws.either_way());
    let mut rows = Vec::new();
    for year in (1990..=2100).filter_map(|year| Year::try_from(year).ok()) {
        let values = VARIABLES.map(|name| like.variable(name, &model.id, year));
        if values.iter().all(Option::is_none) {
            continue;
        }
        let mut row = vec![id.to_string(), year.to_string()];
        row.extend(VARIABLES.iter().zip(values).zip(factors).map(|((name, value), factor)| match value {
            Some(value) if *name == "population" => (value * factor).round().to_string(),
            Some(value) => format!("{:.4}", value * factor),
            None => String::new(),
        }));
        rows.push(row);
    }
    rows
}

fn write(
    folder: &Path,
    file: &str,
    header: &[&str],
    rows: impl IntoIterator<Item = Vec<String>>,
) -> Result<(), SampleError> {
    let note = "# Syntetiskt register: inga verkliga organisationer. Synthetic register: no real organisations.\n";
    let mut out = std::fs::File::create(folder.join(file))?;
    std::io::Write::write_all(&mut out, note.as_bytes())?;
    let mut writer = Writer::from_writer(out);
    writer.write_record(header)?;
    for row in rows {
        writer.write_record(row)?;
    }
    Ok(writer.flush()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_synthetic_register_is_spread_like_the_real_one() {
        let like = RegisterSource::BuiltIn.load().unwrap();
        let register = synthetic_register(&like, 1600).unwrap();
        assert_eq!(register.in_sector(Sector::Municipality).count(), 1600);
        assert_eq!(register.counties, like.counties);
        let first = OrganisationId::parse("municipality-x0001").unwrap();
        assert_eq!(register.organisations[&first].name, "Syntetisk kommun 0001");
        assert_eq!(register.organisations[&first].code.as_deref(), Some("0001"));
        let groups = &register.classifications[&("skr-group".to_owned(), "2023".to_owned())];
        assert_eq!(groups.members.len(), 1600);
        let year = Year::try_from(2023).unwrap();
        let population = register.variable("population", &first, year).unwrap();
        let model = like.in_sector(Sector::Municipality).next().unwrap();
        let real = like.variable("population", &model.id, year).unwrap();
        assert!((0.89..1.11).contains(&(population / real)), "{population} {real}");
        assert_eq!(register.variable_names(), like.variable_names());
    }
}
