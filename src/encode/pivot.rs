//! A cube as people read tables: some dimensions down the side, the others across the top; each way of writing it has a file.

mod csv;
mod html;
mod sheet;

use std::borrow::Cow;

pub use csv::write as write_csv;
pub use html::write as write_html;
pub use sheet::write as write_xlsx;

use super::{Category, Cell, Cube, Dimension, Role};
use crate::model::Language;

/// What stands for a dimension or a category.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Shown {
    /// Names.
    #[default]
    Texts,
    /// Codes.
    Codes,
    /// A code and the name behind it.
    CodesAndTexts,
}

/// A cube whose first dimensions stand in the stub, down the side, and whose others stand in the heading, across the top.
#[derive(Debug, Clone, Copy)]
pub struct Pivot<'a> {
    /// The cube.
    pub cube: &'a Cube,
    /// How many dimensions stand in the stub.
    pub stub: usize,
    /// What stands for dimensions and categories.
    pub shown: Shown,
    /// Whether the title is written.
    pub title: bool,
    /// The language of names.
    pub language: Language,
}

impl<'a> Pivot<'a> {
    fn stub(&self) -> &'a [Dimension] {
        &self.cube.dimensions[..self.stub.min(self.cube.dimensions.len())]
    }

    fn heading(&self) -> &'a [Dimension] {
        &self.cube.dimensions[self.stub.min(self.cube.dimensions.len())..]
    }

    /// Cells of a row.
    fn width(&self) -> usize {
        size(self.heading())
    }

    /// The categories of each row in the stub, with its cells and the place of the first of them.
    fn rows(&self) -> impl Iterator<Item = (Vec<&'a Category>, usize, &'a [Cell])> {
        let (stub, width) = (self.stub(), self.width().max(1));
        let cells = self.cube.cells.chunks(width).enumerate();
        cells.map(move |(row, cells)| (categories(stub, row), row * width, cells))
    }

    /// The categories of each column in the heading.
    fn columns(&self) -> impl Iterator<Item = Vec<&'a Category>> {
        let heading = self.heading();
        (0..self.width()).map(move |column| categories(heading, column))
    }

    /// What a column is called where all of its heading is one line.
    fn column_names(&self) -> Vec<String> {
        if self.heading().is_empty() {
            return vec![self.language.of(&self.cube.title).to_owned()];
        }
        let joined = |own: Vec<&Category>| own.iter().map(|own| self.category(own)).collect::<Vec<_>>().join(" ");
        self.columns().map(joined).collect()
    }

    fn dimension(&self, dimension: &'a Dimension) -> Cow<'a, str> {
        self.name(&dimension.id, self.language.of(&dimension.name))
    }

    fn category(&self, category: &'a Category) -> Cow<'a, str> {
        self.name(&category.code, self.language.of(&category.name))
    }

    fn name(&self, code: &'a str, name: &'a str) -> Cow<'a, str> {
        match self.shown {
            Shown::Texts => Cow::Borrowed(name),
            Shown::Codes => Cow::Borrowed(code),
            // a year is its own name
            Shown::CodesAndTexts if code == name => Cow::Borrowed(name),
            Shown::CodesAndTexts => Cow::Owned(format!("{code} {name}")),
        }
    }

    /// Decimal places of the cell at a place, as its measure has them.
    fn decimals(&self, place: usize) -> usize {
        let dimensions = &self.cube.dimensions;
        let Some(at) = dimensions.iter().position(|own| own.role == Role::Measure) else { return 0 };
        let number = place / size(&dimensions[at + 1..]) % dimensions[at].categories.len();
        dimensions[at].categories[number].unit.map_or(0, |(_, decimals)| usize::from(decimals))
    }
}

/// The symbol in place of a value.
fn symbol(cell: &Cell) -> &'static str {
    cell.status.px().unwrap_or("..")
}

fn size(dimensions: &[Dimension]) -> usize {
    dimensions.iter().map(|dimension| dimension.categories.len()).product()
}

/// The categories of a place among all combinations of dimensions, the last of which changes fastest.
fn categories(dimensions: &[Dimension], place: usize) -> Vec<&Category> {
    let mut rest = place;
    let mut found: Vec<&Category> = dimensions
        .iter()
        .rev()
        .map(|dimension| {
            let own = &dimension.categories[rest % dimension.categories.len()];
            rest /= dimension.categories.len();
            own
        })
        .collect();
    found.reverse();
    found
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::{
        definition::Unit,
        model::{Status, Text},
    };

    /// Two groups by two measures by two years; the second group is withheld in the first year.
    pub(super) fn cube() -> Cube {
        let category =
            |code: &str, sv: &str, en: &str, unit| Category { code: Arc::from(code), name: Text::new(sv, en), unit };
        let dimension = |id: &str, role, sv: &str, en: &str, categories| Dimension {
            id: Arc::from(id),
            role,
            name: Text::new(sv, en),
            categories,
        };
        let value = |value: f64| Cell { value: Some(value), status: Status::Ok, bound: None };
        let withheld = Cell { value: None, status: Status::Withheld, bound: None };
        Cube {
            title: Text::new("Mognad & \"mål\"", "Maturity & \"goals\""),
            notes: vec![Text::new("Syntetiska data <1>", "Synthetic data <1>")],
            dimensions: vec![
                dimension(
                    "group_id",
                    Role::Plain,
                    "Grupp",
                    "Group",
                    vec![
                        category("all", "Alla", "All", None),
                        category("size:0-10k", "Små; <10 000", "Small; <10,000", None),
                    ],
                ),
                dimension(
                    "ContentsCode",
                    Role::Measure,
                    "Tabellinnehåll",
                    "Contents",
                    vec![
                        category("mean", "Medelvärde", "Mean", Some((Unit::Percent, 0))),
                        category("deviation", "Avvikelse", "Deviation", Some((Unit::PercentagePoints, 1))),
                    ],
                ),
                dimension(
                    "Tid",
                    Role::Time,
                    "År",
                    "Year",
                    vec![category("2019", "2019", "2019", None), category("2020", "2020", "2020", None)],
                ),
            ],
            cells: vec![value(47.0), value(48.0), value(9.0), value(9.5), withheld, value(31.0), withheld, value(-0.5)],
        }
    }

    pub(super) fn pivot(cube: &Cube, stub: usize, shown: Shown, title: bool) -> Pivot<'_> {
        Pivot { cube, stub, shown, title, language: Language::Sv }
    }

    #[test]
    fn cells_find_their_rows_columns_and_decimals() {
        let cube = cube();
        let two = pivot(&cube, 2, Shown::Texts, false);
        assert_eq!(two.width(), 2);
        let rows: Vec<String> =
            two.rows().map(|(own, ..)| own.iter().map(|own| &*own.code).collect::<Vec<_>>().join(" ")).collect();
        assert_eq!(rows, ["all mean", "all deviation", "size:0-10k mean", "size:0-10k deviation"]);
        assert_eq!((0..8).map(|place| two.decimals(place)).collect::<Vec<_>>(), [0, 0, 1, 1, 0, 0, 1, 1]);
        assert_eq!(
            pivot(&cube, 1, Shown::Codes, false).column_names(),
            ["mean 2019", "mean 2020", "deviation 2019", "deviation 2020"]
        );
        assert_eq!(pivot(&cube, 3, Shown::Codes, false).column_names().len(), 1);
        assert_eq!(pivot(&cube, 0, Shown::Codes, false).rows().count(), 1);
    }
}
