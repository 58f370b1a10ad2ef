//! How large a survey file may be; the limits are held where files are read.

/// Limits on one file. A file beyond one is refused whole, with the rule `too-large`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of a CSV file.
    pub csv_bytes: u64,
    /// Columns of a CSV file.
    pub csv_columns: usize,
    /// Bytes of one record of a CSV file. A longer one is taken for a quotation mark that is not closed.
    pub csv_record_bytes: usize,
    /// Bytes of an XLSX file.
    pub xlsx_bytes: u64,
    /// Files within an XLSX file.
    pub xlsx_entries: usize,
    /// Bytes of those files together, unpacked.
    pub xlsx_unpacked_bytes: u64,
    /// How many times larger than packed a file of more than 1 MiB may be unpacked.
    pub xlsx_ratio: u64,
    /// Rows of the sheet.
    pub xlsx_rows: u32,
    /// Columns of the sheet.
    pub xlsx_columns: u32,
    /// Cells of the sheet.
    pub xlsx_cells: u64,
    /// Characters of a cell.
    pub xlsx_cell_chars: usize,
    /// Findings kept with row and column; all are counted.
    pub findings: usize,
    /// Rows sorted in memory at a time; more are sorted in temporary files. It changes no result.
    pub run_rows: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            csv_bytes: 2 << 30,
            csv_columns: 2_000,
            csv_record_bytes: 1 << 20,
            xlsx_bytes: 50 << 20,
            xlsx_entries: 2_000,
            xlsx_unpacked_bytes: 200 << 20,
            xlsx_ratio: 100,
            xlsx_rows: 1_048_576,
            xlsx_columns: 200,
            xlsx_cells: 5_000_000,
            xlsx_cell_chars: 32_767,
            findings: 100,
            run_rows: 262_144,
        }
    }
}
