//! Rows under described columns, the shape that tables are written in as files; what the columns of a published table mean is in `definition`.

use std::borrow::Cow;

use super::{Column, Document, EncodeError, Meta, Names, Page, Value};
use crate::{
    definition::ColumnText,
    model::{Language, Text},
};

/// A column with what its values are. The kind decides how they are written, whichever values there are.
#[derive(Debug, Clone)]
pub struct SheetColumn<'a> {
    /// Name, `snake_case`.
    pub name: Column,
    /// Kind, unit, decimals, title and meaning.
    pub text: Cow<'a, ColumnText>,
}

/// Rows with what a file says about them.
#[derive(Debug, Clone)]
pub struct Sheet<'a> {
    /// Name of the table.
    pub id: &'a str,
    /// Title.
    pub title: &'a Text,
    /// What a row is.
    pub text: &'a Text,
    /// Columns.
    pub columns: Vec<SheetColumn<'a>>,
    /// Rows, each as long as `columns`.
    pub rows: &'a [Vec<Value>],
    /// The release that the rows come from.
    pub meta: &'a Meta,
    /// Which part of all rows they are; none where they are all.
    pub page: Option<Page>,
    /// What ids in columns are called, where names are to stand beside them in files for people.
    pub names: Option<&'a Names>,
    /// The language of formats that speak only one.
    pub language: Language,
}

impl<'a> Sheet<'a> {
    /// The rows of a document, all of whose columns have to be described.
    pub fn of(document: &'a Document) -> Result<Self, EncodeError> {
        let table = &*document.table;
        let column = |name: &Column| {
            let text = table.column(name).ok_or_else(|| {
                EncodeError::Library(format!("the column {name} of {} is described nowhere", table.id))
            })?;
            Ok(SheetColumn { name: name.clone(), text: Cow::Borrowed(text) })
        };
        let columns = document.grid.columns.iter().map(column).collect::<Result<Vec<_>, EncodeError>>()?;
        Ok(Self {
            id: &table.id,
            title: &table.title,
            text: &table.text,
            columns,
            rows: &document.grid.rows,
            meta: &document.meta,
            page: Some(document.page),
            // lists have columns for names themselves
            names: table.is_cube().then_some(&document.names),
            language: document.language,
        })
    }

    /// The instrument that a row is of.
    pub(super) fn instrument(&self, row: &'a [Value]) -> Option<&'a str> {
        let at = self.columns.iter().position(|column| &*column.name == "instrument")?;
        if let Value::Text(id) = &row[at] { Some(id) } else { None }
    }
}
