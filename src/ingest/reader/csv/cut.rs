//! Cuts a stream of CSV text into blocks that end where records end, jumping from quotation mark to quotation mark.

use memchr::{memchr, memrchr};

/// Bytes of a block, more or less. Small enough that a block's cells stay in a core's cache while it is decoded.
pub(super) const BLOCK_BYTES: usize = 256 << 10;

/// Text that has been read, and how far its records are known.
pub(super) struct Cutter {
    pub(super) delimiter: u8,
    /// The byte that ends records: a line feed, or a carriage return where none follows.
    pub(super) line_end: u8,
    record_bytes_max: usize,
    /// Begins where a record begins.
    pub(super) text: Vec<u8>,
    /// Bytes that have been looked at.
    scanned: usize,
    /// Whether those end within quotation marks.
    is_quoted: bool,
    /// Bytes up to the end of the last whole record among them.
    records_end: usize,
    is_ended: bool,
}

/// What comes next.
pub(super) enum Next {
    /// Whole records. The last of a file is cut short if it has no line end of its own.
    Block {
        /// The records, with a line end after the last.
        text: Vec<u8>,
        /// Whether the last record had none in the file.
        is_cut_short: bool,
    },
    /// More text is needed.
    More,
    /// A quotation mark is not closed before the file ends, or not within a reasonable length.
    Unclosed,
    /// There is nothing more.
    End,
}

impl Cutter {
    pub(super) fn new(delimiter: u8, line_end: u8, record_bytes_max: usize, text: Vec<u8>) -> Self {
        Self {
            delimiter,
            line_end,
            record_bytes_max,
            text,
            scanned: 0,
            is_quoted: false,
            records_end: 0,
            is_ended: false,
        }
    }

    /// Says that there will be no more text.
    pub(super) fn end(&mut self) {
        self.is_ended = true;
    }

    /// The next block, as far as the text goes.
    pub(super) fn next(&mut self) -> Next {
        if self.text.len() < BLOCK_BYTES && !self.is_ended {
            return Next::More;
        }
        self.scan();
        if let Some(text) = self.take_records() {
            return Next::Block { text, is_cut_short: false };
        }
        if self.text.len() > self.record_bytes_max {
            return Next::Unclosed;
        }
        if !self.is_ended {
            return Next::More;
        }
        if self.text.is_empty() {
            return Next::End;
        }
        if self.is_quoted {
            return Next::Unclosed;
        }
        let mut text = std::mem::take(&mut self.text);
        text.push(self.line_end);
        Next::Block { text, is_cut_short: true }
    }

    /// The whole records among the text that was read before reading failed.
    pub(super) fn whole_records(&mut self) -> Option<Vec<u8>> {
        self.scan();
        self.take_records()
    }

    fn take_records(&mut self) -> Option<Vec<u8>> {
        if self.records_end == 0 {
            return None;
        }
        let rest = self.text.split_off(self.records_end);
        let block = std::mem::replace(&mut self.text, rest);
        self.scanned -= self.records_end;
        self.records_end = 0;
        Some(block)
    }

    /// A quotation mark opens only where a cell begins; elsewhere it is an ordinary character, as the decoder has it.
    fn scan(&mut self) {
        let text = &self.text;
        let mut at = self.scanned;
        while at < text.len() {
            let mark = memchr(b'"', &text[at..]).map(|found| at + found);
            match (self.is_quoted, mark) {
                (true, None) => at = text.len(),
                (true, Some(mark)) => match text.get(mark + 1) {
                    Some(b'"') => at = mark + 2,
                    // the next byte decides, so it is waited for
                    None if !self.is_ended => {
                        at = mark;
                        break;
                    }
                    _ => {
                        self.is_quoted = false;
                        at = mark + 1;
                    }
                },
                (false, mark) => {
                    let until = mark.unwrap_or(text.len());
                    if let Some(found) = memrchr(self.line_end, &text[at..until]) {
                        self.records_end = at + found + 1;
                    }
                    at = until;
                    if let Some(mark) = mark {
                        let opens =
                            mark == 0 || text[mark - 1] == self.delimiter || matches!(text[mark - 1], b'\n' | b'\r');
                        self.is_quoted = opens;
                        at = mark + 1;
                    }
                }
            }
        }
        self.scanned = at;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Feeds a text in pieces and gives the blocks back.
    fn blocks(text: &str, piece: usize) -> Result<Vec<String>, &'static str> {
        let mut cutter = Cutter::new(b',', b'\n', 1 << 20, Vec::new());
        let mut pieces = text.as_bytes().chunks(piece);
        let mut blocks = Vec::new();
        loop {
            // as if blocks were tiny
            cutter.scan();
            if let Some(block) = cutter.take_records() {
                blocks.push(String::from_utf8(block).unwrap());
            }
            match pieces.next() {
                Some(piece) => cutter.text.extend_from_slice(piece),
                None => break,
            }
        }
        cutter.end();
        loop {
            match cutter.next() {
                Next::Block { text, .. } => blocks.push(String::from_utf8(text).unwrap()),
                Next::End => return Ok(blocks),
                Next::Unclosed => return Err("unclosed"),
                Next::More => return Err("more"),
            }
        }
    }

    #[test]
    fn blocks_end_where_records_end_however_the_text_arrives() {
        let text = "a,\"b\nc\",d\r\ne,\"f\"\"\n\"\"g\",5\" screen\nh,\"\",\"\"\"\"\ni,j,k\n";
        let ends: Vec<usize> =
            ["d\r\n", "screen\n", "\"\"\"\"\n", "k\n"].map(|s| text.find(s).unwrap() + s.len()).into();
        for piece in 1..text.len() {
            let blocks = blocks(text, piece).unwrap();
            assert_eq!(blocks.concat(), text);
            let mut end = 0;
            for block in blocks {
                end += block.len();
                assert!(ends.contains(&end), "{piece}: {block:?}");
            }
        }
    }

    #[test]
    fn the_end_of_the_text_is_told_apart() {
        assert_eq!(blocks("a,b", 2).unwrap(), ["a,b\n"]);
        assert_eq!(blocks("a,\"b\"", 1).unwrap(), ["a,\"b\"\n"]);
        assert_eq!(blocks("a\nb,\"c\nd\n", 3), Err("unclosed"));
        assert!(blocks("", 1).unwrap().is_empty());
    }
}
