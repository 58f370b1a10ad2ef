//! What a request chooses of a table: values by variable, and where variables stand; the cells that are chosen make a cube.

use super::{
    default_selection,
    problem::{PxProblem, word},
    selection::{Fault, Values, forms},
    table::{Table, Variable},
    valueset::ValueSet,
};
use crate::{
    encode::{Category, Cube, Dimension},
    figure::{Edition, PublishedRows},
    http::Problem,
};

/// What is asked of one variable.
#[derive(Debug, Default)]
pub(super) struct Choice {
    /// The variable.
    pub(super) variable: String,
    /// The code list to choose from.
    pub(super) list: Option<String>,
    /// Codes and expressions; with none at all, a code list is taken whole.
    pub(super) values: Option<Vec<String>>,
}

/// What is asked of a table.
#[derive(Debug, Default)]
pub(super) struct Request {
    /// Variable by variable.
    pub(super) choices: Vec<Choice>,
    /// Variables to stand across the top.
    pub(super) heading: Vec<String>,
    /// Variables to stand down the side.
    pub(super) stub: Vec<String>,
}

/// What is chosen of a table.
#[derive(Debug)]
pub(super) struct Chosen {
    /// Positions of values by variable, ascending; none where the variable is eliminated.
    pub(super) positions: Vec<Option<Vec<usize>>>,
    /// The variables that are shown: those of the stub, then those of the heading.
    order: Vec<usize>,
    stub: usize,
}

impl Chosen {
    /// All of a table.
    pub(super) fn everything(table: &Table) -> Self {
        Self::placed(table, table.variables.iter().map(|own| Some((0..own.categories.len()).collect())).collect())
    }

    /// Values in the order of the table's variables, with years across the top.
    pub(super) fn placed(table: &Table, positions: Vec<Option<Vec<usize>>>) -> Self {
        let shown = |&at: &usize| positions[at].is_some();
        let (heading, mut order): (Vec<usize>, Vec<usize>) =
            (0..table.variables.len()).filter(shown).partition(|&at| table.variables[at].is_time());
        let stub = order.len();
        order.extend(heading);
        Self { positions, order, stub }
    }

    /// What a request chooses, if it does not choose more than `cells_max` cells.
    pub(super) fn of(table: &Table, request: &Request, cells_max: usize) -> Result<Self, Problem> {
        let mut chosen = if request.choices.is_empty() {
            default_selection::of(table, cells_max)
        } else {
            Self::placed(table, positions(table, &request.choices)?)
        };
        let cells = chosen.cells();
        if cells > cells_max {
            return Err(PxProblem::TooManyCells.because(
                format!("Urvalet har {cells} celler, och högst {cells_max} ges på en gång: välj färre värden eller hämta i flera delar."),
                format!("The selection has {cells} cells, and at most {cells_max} are given at once: choose fewer values or fetch in several parts."),
            ));
        }
        chosen.place(table, request)?;
        Ok(chosen)
    }

    /// How many cells are chosen.
    pub(super) fn cells(&self) -> usize {
        self.positions.iter().flatten().fold(1, |cells, own| cells.saturating_mul(own.len()))
    }

    /// The variables down the side.
    pub(super) fn stub(&self) -> &[usize] {
        &self.order[..self.stub]
    }

    /// The variables across the top.
    pub(super) fn heading(&self) -> &[usize] {
        &self.order[self.stub..]
    }

    /// The variables that are shown, with the positions of their values.
    pub(super) fn shown(&self) -> impl Iterator<Item = (usize, &[usize])> + Clone {
        self.order.iter().map(|&at| (at, self.positions[at].as_deref().unwrap_or_default()))
    }

    /// Puts variables where the request wants them.
    fn place(&mut self, table: &Table, request: &Request) -> Result<(), Problem> {
        if request.heading.is_empty() && request.stub.is_empty() {
            return Ok(());
        }
        let find = |codes: &[String]| -> Result<Vec<usize>, Problem> {
            let known = |code: &String| table.variable(code).filter(|at| self.positions[*at].is_some());
            codes.iter().map(|code| known(code).ok_or_else(|| PxProblem::IllegalPlacement.into())).collect()
        };
        let (mut heading, mut stub) = (find(&request.heading)?, find(&request.stub)?);
        let mut named: Vec<usize> = heading.iter().chain(&stub).copied().collect();
        named.sort_unstable();
        if named.windows(2).any(|pair| pair[0] == pair[1]) {
            return Err(PxProblem::IllegalPlacement.into());
        }
        let mut others: Vec<usize> = self.order.iter().copied().filter(|at| !named.contains(at)).collect();
        others.sort_unstable();
        if heading.is_empty() {
            heading = others;
        } else if stub.is_empty() {
            stub = others;
        } else if !others.is_empty() {
            return Err(PxProblem::IllegalPlacement.into());
        }
        self.stub = stub.len();
        self.order = stub.into_iter().chain(heading).collect();
        Ok(())
    }

    /// The cells that are chosen, in the order in which variables stand.
    pub(super) fn cube(&self, edition: &Edition, table: &Table, stored: &PublishedRows) -> Cube {
        let dimension = |(at, positions): (usize, &[usize])| {
            let own = &table.variables[at];
            let categories: Vec<Category> =
                positions.iter().map(|&position| own.categories[position].clone()).collect();
            Dimension { id: own.code.clone(), role: own.role, name: own.name.clone(), categories }
        };
        let eliminated = table.variables.iter().enumerate().filter(|(at, _)| self.positions[*at].is_none());
        let start = eliminated.map(|(at, own)| table.step(at, own.elimination.unwrap_or_default()).0).sum();
        let mut places: Vec<(usize, usize)> = vec![(start, 0)];
        for (at, positions) in self.shown() {
            let steps: Vec<(usize, usize)> = positions.iter().map(|&position| table.step(at, position)).collect();
            places = places
                .iter()
                .flat_map(|(place, measure)| steps.iter().map(move |(own, number)| (place + own, measure + number)))
                .collect();
        }
        Cube {
            title: table.title_by(&self.shown().map(|(at, _)| &table.variables[at])),
            notes: edition.meta.notice.iter().cloned().collect(),
            dimensions: self.shown().map(dimension).collect(),
            cells: places.into_iter().map(|(place, measure)| table.cell(stored, place, measure)).collect(),
        }
    }
}

/// A variable that a request names.
pub(super) fn variable(table: &Table, code: &str) -> Result<usize, Problem> {
    table.variable(code).ok_or_else(|| {
        let all: Vec<&str> = table.variables.iter().map(|own| &*own.code).collect();
        let (code, all) = (word(code), all.join(", "));
        PxProblem::NonExistentVariable.because(
            format!("Tabellen har ingen variabel {code}; den har {all}."),
            format!("The table has no variable {code}; it has {all}."),
        )
    })
}

/// A code list that a request names.
pub(super) fn set<'a>(variable: &'a Variable, id: &str) -> Result<&'a ValueSet, Problem> {
    variable.set(id).ok_or_else(|| {
        let all: Vec<&str> = variable.sets.iter().map(|set| set.id.as_str()).collect();
        let (id, own) = (word(id), &variable.code);
        if all.is_empty() {
            return PxProblem::NonExistentVariableCodelist.because(
                format!("Variabeln {own} har inga kodlistor."),
                format!("The variable {own} has no code lists."),
            );
        }
        let all = all.join(", ");
        PxProblem::NonExistentVariableCodelist.because(
            format!("Variabeln {own} har ingen kodlista {id}; den har {all}."),
            format!("The variable {own} has no code list {id}; it has {all}."),
        )
    })
}

/// The positions that choices come to.
fn positions(table: &Table, choices: &[Choice]) -> Result<Vec<Option<Vec<usize>>>, Problem> {
    let mut found: Vec<Option<Vec<usize>>> = vec![None; table.variables.len()];
    let mut named = vec![false; table.variables.len()];
    for choice in choices {
        let at = variable(table, &choice.variable)?;
        if std::mem::replace(&mut named[at], true) {
            let code = &table.variables[at].code;
            return Err(PxProblem::IllegalBody.because(
                format!("Variabeln {code} väljs mer än en gång: ange alla dess värden på ett ställe."),
                format!("The variable {code} is chosen more than once: give all of its values in one place."),
            ));
        }
        found[at] = chosen_of(&table.variables[at], choice)?;
    }
    for (own, positions) in table.variables.iter().zip(&found) {
        if positions.is_none() && own.elimination.is_none() {
            let code = &own.code;
            return Err(PxProblem::MissingSelection.because(
                format!("Variabeln {code} måste väljas: ange minst ett värde, till exempel valuecodes[{code}]=TOP(1) eller *."),
                format!("The variable {code} has to be chosen: give at least one value, such as valuecodes[{code}]=TOP(1) or *."),
            ));
        }
    }
    Ok(found)
}

/// The positions that are chosen of one variable; none where nothing is.
fn chosen_of(variable: &Variable, choice: &Choice) -> Result<Option<Vec<usize>>, Problem> {
    let set = choice.list.as_deref().map(|id| set(variable, id)).transpose()?;
    let Some(texts) = &choice.values else { return Ok(set.map(|set| set.members.clone())) };
    let values = Values { variable, members: set.map(|set| set.members.as_slice()) };
    let mut positions = Vec::new();
    for text in texts {
        positions.extend(values.select(text).map_err(|fault| refusal(variable, set, text, fault))?);
    }
    // values stand in the order of the table, each once
    positions.sort_unstable();
    positions.dedup();
    Ok(Some(positions).filter(|positions| !positions.is_empty()))
}

fn refusal(variable: &Variable, set: Option<&ValueSet>, text: &str, fault: Fault) -> Problem {
    let (own, shown) = (&variable.code, word(text));
    match fault {
        Fault::Illegal => PxProblem::IllegalExpression.because(
            format!("{shown} i {own} kan inte läsas: skriv {}.", forms()),
            format!("{shown} in {own} cannot be read: write {}.", forms()),
        ),
        Fault::NonExistent => {
            let (sv, en) = match set {
                Some(set) => (format!("kodlistan {}", set.id), format!("the code list {}", set.id)),
                None => ("variabeln".to_owned(), "the variable".to_owned()),
            };
            PxProblem::NonExistentValue.because(
                format!("{shown} väljer inget värde i {own}; värdena i {sv} finns i tabellens metadata."),
                format!("{shown} selects no value of {own}; the values of {en} are listed in the table's metadata."),
            )
        }
    }
}
