//! A published table kept as the file that it was verified as: rows are read when they are asked for, and only near where they stand.

use std::{
    collections::{HashMap, HashSet},
    fmt,
    ops::Range,
    sync::Arc,
};

use bytes::Bytes;
use datafusion::arrow::{
    array::{Array, ArrayRef, AsArray as _, BooleanArray, Int64Array, RecordBatch, Scalar, StringArray},
    compute::{and, cast, filter_record_batch, kernels::cmp::eq},
    datatypes::{DataType, Field, Int32Type, Int64Type, Schema, SchemaRef},
};
use parquet::{
    arrow::{
        ProjectionMask,
        arrow_reader::{
            ArrowReaderMetadata, ArrowReaderOptions, ParquetRecordBatchReader, ParquetRecordBatchReaderBuilder,
            RowSelection,
        },
    },
    file::{metadata::PageIndexPolicy, page_index::column_index::ColumnIndexMetaData},
};

use super::{DisclosureError, Safe};
use crate::{
    model::Digest,
    table::{Table, TableError},
};

/// Rows that are decoded at once.
const BATCH_ROWS: usize = 65_536;

/// A published table. Its file is held as it is stored, a byte or a few for each row; what is read of it belongs to the reader.
#[derive(Clone)]
pub struct Published {
    bytes: Bytes,
    digest: Digest,
    metadata: ArrowReaderMetadata,
    rows: usize,
}

/// A value that a column is to have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wanted<'a> {
    /// A text.
    Text(&'a str),
    /// A whole number.
    Whole(i64),
}

impl fmt::Debug for Published {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Published({}, {} rows)", self.digest.short(), self.rows)
    }
}

impl Published {
    /// Opens a published table again. The digest must come from a committed manifest; bytes that do not match it are refused
    /// before they are parsed.
    pub fn open(bytes: Bytes, digest: &Digest) -> Result<Self, DisclosureError> {
        if Digest::of(&bytes) != *digest {
            return Err(DisclosureError::Damaged(digest.short().to_owned()));
        }
        Ok(Self::read(bytes, digest.clone())?)
    }

    /// A table that has no file yet.
    pub fn of(table: &Safe<Table>) -> Result<Self, TableError> {
        let bytes = table.get().to_parquet()?;
        let digest = Digest::of(&bytes);
        Self::read(bytes, digest)
    }

    fn read(bytes: Bytes, digest: Digest) -> Result<Self, TableError> {
        let options = ArrowReaderOptions::new().with_page_index_policy(PageIndexPolicy::Optional);
        let metadata = ArrowReaderMetadata::load(&bytes, options)?;
        let rows = metadata.metadata().file_metadata().num_rows().max(0) as usize;
        Ok(Self { bytes, digest, metadata, rows })
    }

    /// Number of rows.
    pub fn rows(&self) -> usize {
        self.rows
    }

    /// The names of its columns.
    pub fn columns(&self) -> impl Iterator<Item = &str> {
        self.metadata.schema().fields().iter().map(|field| field.name().as_str())
    }

    /// The file.
    pub fn file(&self) -> &Bytes {
        &self.bytes
    }

    /// The file's digest.
    pub fn digest(&self) -> &Digest {
        &self.digest
    }

    /// All rows.
    pub fn whole(&self) -> Result<Safe<Table>, TableError> {
        Ok(Safe::seal(Table::from_parquet(self.bytes.clone())?))
    }

    /// The rows from one place to another.
    pub fn part(&self, rows: Range<usize>) -> Result<Safe<Table>, TableError> {
        let batches = self.reader(&self.metadata, &[rows], None)?.collect::<Result<Vec<_>, _>>()?;
        Ok(Safe::seal(Table::from_batches(self.metadata.schema(), &batches)?))
    }

    /// Where its pages begin, and where the last one ends: rows between two of these places are cheapest to read together.
    pub fn pages(&self) -> Vec<usize> {
        let metadata = self.metadata.metadata();
        let (mut found, mut start) = (Vec::new(), 0);
        for (group, own) in metadata.row_groups().iter().enumerate() {
            let places = metadata.offset_index().and_then(|index| Some(index.get(group)?.first()?.page_locations()));
            found.push(start);
            found.extend(places.into_iter().flatten().skip(1).map(|page| start + page.first_row_index.max(0) as usize));
            start += own.num_rows().max(0) as usize;
        }
        found.push(start);
        found
    }

    /// The rows that have these values, in their order. Only pages that can have some are read.
    pub fn select(&self, wanted: &[(&str, Wanted<'_>)]) -> Result<Safe<Table>, TableError> {
        let near = self.near(&wanted.iter().map(|(name, value)| (*name, vec![*value])).collect::<Vec<_>>());
        let mut found = Vec::new();
        for batch in self.reader(&self.metadata, &near, None)? {
            let batch = batch?;
            let mut fits = BooleanArray::from(vec![true; batch.num_rows()]);
            for (name, value) in wanted {
                let column = batch.column_by_name(name).ok_or_else(|| TableError::Column((*name).to_owned()))?;
                let own = match value {
                    Wanted::Text(text) => {
                        eq(&cast(column, &DataType::Utf8)?, &Scalar::new(StringArray::from(vec![*text])))?
                    }
                    Wanted::Whole(number) => {
                        eq(&cast(column, &DataType::Int64)?, &Scalar::new(Int64Array::from(vec![*number])))?
                    }
                };
                fits = and(&fits, &own)?;
            }
            if fits.true_count() > 0 {
                found.push(filter_record_batch(&batch, &fits)?);
            }
        }
        Ok(Safe::seal(Table::from_batches(self.metadata.schema(), &found)?))
    }

    /// The combinations of values that some columns have (at most five, texts or whole numbers), in the order of the rows that
    /// have them first. Texts are told apart by their places in the file's dictionaries, and never copied.
    pub fn distinct(&self, names: &[&str]) -> Result<Safe<Table>, TableError> {
        let options = ArrowReaderOptions::new().with_schema(coded(self.metadata.schema()));
        let metadata = ArrowReaderMetadata::try_new(Arc::clone(self.metadata.metadata()), options)?;
        let mut columns: Vec<Codes> = names.iter().map(|_| Codes::default()).collect();
        let mut seen: HashSet<u128> = HashSet::new();
        let mut first: Vec<u128> = Vec::new();
        for batch in self.reader(&metadata, std::slice::from_ref(&(0..self.rows)), Some(names))? {
            let batch = batch?;
            let mut keys = vec![0_u128; batch.num_rows()];
            for (own, name) in columns.iter_mut().zip(names) {
                own.add(&batch, name, &mut keys)?;
            }
            let mut last = None;
            for key in keys {
                if last != Some(key) && seen.insert(key) {
                    first.push(key);
                }
                last = Some(key);
            }
        }
        let mut arrays: Vec<ArrayRef> = Vec::new();
        for (at, own) in columns.iter().enumerate() {
            let shift = CODE_BITS * (names.len() - 1 - at) as u32;
            arrays.push(own.array(first.iter().map(|key| (key >> shift) as usize & CODE_MAX)));
        }
        let fields = names.iter().zip(&arrays).map(|(name, own)| Field::new(*name, own.data_type().clone(), true));
        Ok(Safe::seal(Table::from_columns(Schema::new(fields.collect::<Vec<_>>()), arrays)?))
    }

    /// Where rows can stand that have one of some values in each of some columns, ascending: all rows of pages whose least and
    /// greatest values admit them.
    pub fn near(&self, wanted: &[(&str, Vec<Wanted<'_>>)]) -> Vec<Range<usize>> {
        let mut found: Vec<Range<usize>> = std::iter::once(0..self.rows).collect();
        for (name, values) in wanted {
            if let Some(own) = self.admitting(name, values) {
                found = common(&found, &own);
            }
        }
        found.retain(|rows| !rows.is_empty());
        found
    }

    /// The rows of a column's pages that admit one of some values; none where the file does not say.
    fn admitting(&self, name: &str, values: &[Wanted<'_>]) -> Option<Vec<Range<usize>>> {
        let metadata = self.metadata.metadata();
        let at = self.columns().position(|own| own == name)?;
        let mut found: Vec<Range<usize>> = Vec::new();
        let mut start = 0;
        for (group, (bounds, places)) in metadata.column_index()?.iter().zip(metadata.offset_index()?).enumerate() {
            let rows = metadata.row_group(group).num_rows().max(0) as usize;
            let (places, _) = (places.get(at)?.page_locations(), bounds.get(at)?);
            for page in 0..places.len() {
                if !values.iter().any(|value| admits(&bounds[at], page, *value)) {
                    continue;
                }
                let from = start + places[page].first_row_index.max(0) as usize;
                let to = places.get(page + 1).map_or(start + rows, |next| start + next.first_row_index.max(0) as usize);
                match found.last_mut().filter(|last| last.end == from) {
                    Some(last) => last.end = to,
                    None => found.push(from..to),
                }
            }
            start += rows;
        }
        Some(found)
    }

    fn reader(
        &self,
        metadata: &ArrowReaderMetadata,
        ranges: &[Range<usize>],
        columns: Option<&[&str]>,
    ) -> Result<ParquetRecordBatchReader, TableError> {
        // row groups without wanted rows are not even begun
        let (mut groups, mut start, mut rows) = (Vec::new(), 0, 0);
        let mut wanted: Vec<Range<usize>> = Vec::new();
        for (at, group) in metadata.metadata().row_groups().iter().enumerate() {
            let own = start..start + group.num_rows().max(0) as usize;
            start = own.end;
            let within = common(ranges, std::slice::from_ref(&own));
            if !within.is_empty() {
                groups.push(at);
                wanted.extend(within.into_iter().map(|own_rows| {
                    let from = rows + own_rows.start - own.start;
                    from..from + own_rows.len()
                }));
                rows += own.len();
            }
        }
        let mut builder = ParquetRecordBatchReaderBuilder::new_with_metadata(self.bytes.clone(), metadata.clone());
        if let Some(names) = columns {
            let mask = ProjectionMask::columns(builder.parquet_schema(), names.iter().copied());
            builder = builder.with_projection(mask);
        }
        // memory is set aside for whole batches
        let batch = wanted.iter().map(Range::len).sum::<usize>().clamp(1, BATCH_ROWS);
        let selection = RowSelection::from_consecutive_ranges(wanted.into_iter(), rows);
        Ok(builder.with_row_groups(groups).with_row_selection(selection).with_batch_size(batch).build()?)
    }
}

fn admits(bounds: &ColumnIndexMetaData, page: usize, value: Wanted<'_>) -> bool {
    match (bounds, value) {
        (ColumnIndexMetaData::BYTE_ARRAY(own), Wanted::Text(text)) => {
            let text = text.as_bytes();
            // bounds may be cut short, in which case they are still bounds
            own.min_value(page).is_none_or(|least| least <= text) && own.max_value(page).is_none_or(|most| text <= most)
        }
        (ColumnIndexMetaData::INT32(own), Wanted::Whole(number)) => {
            own.min_value(page).is_none_or(|least| i64::from(*least) <= number)
                && own.max_value(page).is_none_or(|most| number <= i64::from(*most))
        }
        _ => true,
    }
}

/// What two lists of ascending ranges have in common.
fn common(a: &[Range<usize>], b: &[Range<usize>]) -> Vec<Range<usize>> {
    let (mut found, mut i, mut j) = (Vec::new(), 0, 0);
    while let (Some(one), Some(other)) = (a.get(i), b.get(j)) {
        let both = one.start.max(other.start)..one.end.min(other.end);
        if !both.is_empty() {
            found.push(both);
        }
        if one.end <= other.end { i += 1 } else { j += 1 }
    }
    found
}

/// The same schema with texts as places in dictionaries.
fn coded(schema: &SchemaRef) -> SchemaRef {
    let fields = schema.fields().iter().map(|field| match field.data_type() {
        DataType::Utf8 => {
            let kind = DataType::Dictionary(Box::new(DataType::Int32), Box::new(DataType::Utf8));
            field.as_ref().clone().with_data_type(kind)
        }
        _ => field.as_ref().clone(),
    });
    Arc::new(Schema::new_with_metadata(fields.collect::<Vec<_>>(), schema.metadata().clone()))
}

/// Bits of a combination for the code of one column.
const CODE_BITS: u32 = 25;

/// The greatest code.
const CODE_MAX: usize = (1 << CODE_BITS) - 1;

/// The values of a column by their codes; 0 is no value.
#[derive(Debug, Default)]
struct Codes {
    texts: Vec<String>,
    numbers: Vec<i64>,
    text_at: HashMap<String, u128>,
    number_at: HashMap<i64, u128>,
}

impl Codes {
    /// Appends the code of every row's value to its combination.
    fn add(&mut self, batch: &RecordBatch, name: &str, keys: &mut [u128]) -> Result<(), TableError> {
        let wrong = || TableError::Column(name.to_owned());
        let column = batch.column_by_name(name).ok_or_else(wrong)?;
        if let Some(own) = column.as_dictionary_opt::<Int32Type>() {
            let words = own.values().as_string_opt::<i32>().ok_or_else(wrong)?;
            let codes: Vec<u128> = (0..words.len()).map(|at| self.text(words.value(at))).collect();
            for (key, word) in keys.iter_mut().zip(own.keys()) {
                *key = *key << CODE_BITS | word.map_or(0, |word| codes[word as usize]);
            }
        } else {
            let numbers = cast(column, &DataType::Int64)?;
            for (key, number) in keys.iter_mut().zip(numbers.as_primitive::<Int64Type>()) {
                *key = *key << CODE_BITS | number.map_or(0, |number| self.number(number));
            }
        }
        if self.texts.len().max(self.numbers.len()) > CODE_MAX { Err(wrong()) } else { Ok(()) }
    }

    fn text(&mut self, text: &str) -> u128 {
        if let Some(&code) = self.text_at.get(text) {
            return code;
        }
        self.texts.push(text.to_owned());
        let code = self.texts.len() as u128;
        self.text_at.insert(text.to_owned(), code);
        code
    }

    fn number(&mut self, number: i64) -> u128 {
        *self.number_at.entry(number).or_insert_with(|| {
            self.numbers.push(number);
            self.numbers.len() as u128
        })
    }

    fn array(&self, codes: impl Iterator<Item = usize>) -> ArrayRef {
        if self.numbers.is_empty() {
            let texts = codes.map(|code| self.texts.get(code.wrapping_sub(1)).map(String::as_str));
            return Arc::new(texts.collect::<StringArray>());
        }
        Arc::new(codes.map(|code| self.numbers.get(code.wrapping_sub(1)).copied()).collect::<Int64Array>())
    }
}

#[cfg(test)]
mod tests {
    use datafusion::arrow::datatypes::Int16Type;
    use parquet::{
        arrow::ArrowWriter,
        file::properties::{EnabledStatistics, WriterProperties},
    };

    use super::*;

    const ROWS: usize = 45_000;

    /// Rows in the order of their groups, of several pages.
    fn table() -> Table {
        let group: StringArray = (0..ROWS).map(|row| Some(format!("group:{:03}", row / 300))).collect();
        let indicator: StringArray =
            (0..ROWS).map(|row| (row % 7 != 0).then(|| format!("measure-{}", row % 11))).collect();
        let year = datafusion::arrow::array::Int16Array::from_iter_values((0..ROWS).map(|row| 2010 + (row % 9) as i16));
        let fields = [("group_id", DataType::Utf8), ("indicator", DataType::Utf8), ("year", DataType::Int16)];
        let fields = fields.map(|(name, kind)| Field::new(name, kind, name == "indicator"));
        let columns: Vec<ArrayRef> = vec![Arc::new(group), Arc::new(indicator), Arc::new(year)];
        Table::from_columns(Schema::new(fields.to_vec()), columns).unwrap()
    }

    /// The same rows in a file of several row groups, with or without what is said of pages.
    fn published(says_bounds: bool) -> Published {
        let properties = WriterProperties::builder()
            .set_max_row_group_row_count(Some(25_000))
            .set_data_page_row_count_limit(2_000)
            .set_offset_index_disabled(!says_bounds)
            .set_statistics_enabled(if says_bounds { EnabledStatistics::Page } else { EnabledStatistics::None })
            .build();
        let (table, mut file) = (table(), Vec::new());
        let mut writer = ArrowWriter::try_new(&mut file, table.batch().schema(), Some(properties)).unwrap();
        writer.write(table.batch()).unwrap();
        writer.close().unwrap();
        let digest = Digest::of(&file);
        Published::open(file.into(), &digest).unwrap()
    }

    /// Rows as texts.
    fn rows(table: &Table) -> Vec<[String; 3]> {
        let [group, indicator] = ["group_id", "indicator"].map(|name| table.text(name).unwrap());
        let year = table.batch().column_by_name("year").unwrap().as_primitive::<Int16Type>().clone();
        let text = |column: &StringArray, at: usize| if column.is_null(at) { "-" } else { column.value(at) }.to_owned();
        (0..table.rows()).map(|at| [text(&group, at), text(&indicator, at), year.value(at).to_string()]).collect()
    }

    #[test]
    fn whatever_is_read_is_what_the_file_has() {
        for says_bounds in [true, false] {
            let (published, all) = (published(says_bounds), rows(&table()));
            assert_eq!((published.rows(), rows(published.whole().unwrap().get())), (ROWS, all.clone()));
            for range in [0..0, 0..1, 1_999..2_001, 24_990..25_010, 100..40_000, ROWS - 1..ROWS] {
                assert_eq!(rows(published.part(range.clone()).unwrap().get()), all[range.clone()], "{range:?}");
            }
            let check = |wanted: &[(&str, Wanted<'_>)], fits: &dyn Fn(&[String; 3]) -> bool| {
                let expected: Vec<[String; 3]> = all.iter().filter(|row| fits(row)).cloned().collect();
                assert_eq!(rows(published.select(wanted).unwrap().get()), expected, "{wanted:?}");
                expected.len()
            };
            assert_eq!(check(&[("group_id", Wanted::Text("group:083"))], &|row| row[0] == "group:083"), 300);
            assert!(check(&[("indicator", Wanted::Text("measure-3"))], &|row| row[1] == "measure-3") > 1_000);
            let both = [("year", Wanted::Whole(2015)), ("group_id", Wanted::Text("group:149"))];
            assert!(check(&both, &|row| row[2] == "2015" && row[0] == "group:149") > 10);
            assert_eq!(check(&[("group_id", Wanted::Text("group:0835"))], &|_| false), 0);
            assert_eq!(check(&[("year", Wanted::Whole(70_000))], &|_| false), 0);
            assert!(published.select(&[("role", Wanted::Text("all"))]).is_err());

            let distinct = published.distinct(&["year", "indicator"]).unwrap();
            let years = distinct.get().column::<Int64Array>("year", &DataType::Int64).unwrap();
            let indicators = distinct.get().text("indicator").unwrap();
            let found: Vec<(String, String)> = (0..distinct.get().rows())
                .map(|at| {
                    let indicator = if indicators.is_null(at) { "-" } else { indicators.value(at) };
                    (years.value(at).to_string(), indicator.to_owned())
                })
                .collect();
            let mut seen = HashSet::new();
            let own = all.iter().map(|row| (row[2].clone(), row[1].clone())).filter(|own| seen.insert(own.clone()));
            assert_eq!(found, own.collect::<Vec<_>>());
        }
    }

    #[test]
    fn only_pages_that_can_have_the_values_are_read() {
        let published = published(true);
        let near = published.near(&[("group_id", vec![Wanted::Text("group:083")])]);
        let read: usize = near.iter().map(Range::len).sum();
        assert!((300..=6_000).contains(&read), "{near:?}");
        assert!(near[0].start <= 83 * 300 && near.last().unwrap().end >= 84 * 300, "{near:?}");
        assert!(published.near(&[("group_id", vec![Wanted::Text("h")])]).is_empty());
        let two = vec![Wanted::Text("group:000"), Wanted::Text("group:149")];
        assert_eq!(published.near(&[("group_id", two)]).len(), 2);
        let pages = published.pages();
        assert!(pages.is_sorted() && pages.len() > 15 && (pages[0], pages[pages.len() - 1]) == (0, ROWS), "{pages:?}");
        assert!(pages.contains(&25_000), "{pages:?}");
    }

    #[test]
    fn a_table_without_rows_is_one() {
        let (all, wanted) = (Safe::seal(table()), [("group_id", Wanted::Text("group:083"))]);
        let batch = all.get().batch().slice(0, 0);
        let none = Published::of(&Safe::seal(Table::new(batch))).unwrap();
        assert_eq!((none.rows(), none.pages()), (0, vec![0]));
        assert!(none.near(&[("group_id", vec![wanted[0].1])]).is_empty());
        for table in [none.whole(), none.select(&wanted), none.distinct(&["year", "group_id"])] {
            assert_eq!(table.unwrap().get().rows(), 0);
        }
    }

    #[test]
    fn a_file_that_is_not_what_the_manifest_says_is_refused() {
        let file = published(true).file().clone();
        let mut flipped = file.to_vec();
        flipped[1_000] ^= 1;
        let error = Published::open(flipped.into(), &Digest::of(&file)).unwrap_err();
        assert!(matches!(error, DisclosureError::Damaged(_)), "{error}");
    }
}
