//! The bytes of a CSV file as UTF-8, whatever encoding they came in; an encoding is recognised or declared, never guessed.

use std::{
    fs::File,
    io::{self, Read, Seek as _, SeekFrom},
};

use encoding_rs::{Decoder, DecoderResult, Encoding, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};
use sha2::{Digest as _, Sha256};

use crate::{
    ingest::{
        check::{Rule, file as rules},
        reader::{Opening, Stop},
    },
    model::Digest,
};

/// Bytes read at a time.
const READ_BYTES: usize = 256 << 10;
/// Bytes at the start of a file in which the zero bytes of UTF-16 show.
const PATTERN_BYTES: usize = 4096;

/// Why there is no more text.
pub(super) enum SourceError {
    Refused(&'static Rule),
    Unreadable(io::Error),
}

/// A file that is being read.
pub(super) struct Source<'a> {
    file: File,
    hasher: Sha256,
    bytes: u64,
    bytes_max: u64,
    /// None while the bytes are UTF-8 already; then whoever decodes them checks that they are.
    decoder: Option<Decoder>,
    raw: Vec<u8>,
    /// Bytes of `raw` that wait to be handed on.
    waiting: std::ops::Range<usize>,
    is_ended: bool,
    progress: Option<&'a (dyn Fn(u64) + Sync)>,
}

impl<'a> Source<'a> {
    pub(super) fn open(opening: &Opening<'a>) -> Result<Self, Stop> {
        let mut file = File::open(opening.path)?;
        if file.metadata()?.len() > opening.limits.csv_bytes {
            return Err(Stop::Refused(None, &rules::TOO_LARGE));
        }
        let mut source = Self {
            hasher: Sha256::new(),
            bytes: 0,
            bytes_max: opening.limits.csv_bytes,
            decoder: None,
            raw: vec![0; READ_BYTES],
            waiting: 0..0,
            is_ended: false,
            progress: opening.progress,
            file: file.try_clone()?,
        };
        source.more().map_err(|error| match error {
            SourceError::Refused(rule) => Stop::Refused(None, rule),
            SourceError::Unreadable(cause) => Stop::Unreadable(cause),
        })?;
        let (encoding, mark_bytes) = recognise(&source.raw[source.waiting.clone()]);
        source.waiting.start += mark_bytes;
        let encoding = match encoding {
            Some(encoding) => encoding,
            None if opening.windows_1252 && !is_utf8(&mut file)? => WINDOWS_1252,
            None => UTF_8,
        };
        // the copy shares its position with the file that was read ahead
        source.file.seek(SeekFrom::Start(source.bytes))?;
        if encoding != UTF_8 {
            source.decoder = Some(encoding.new_decoder_without_bom_handling());
        }
        Ok(source)
    }

    /// Appends some text; 0 bytes mean that there is no more.
    pub(super) fn fill(&mut self, text: &mut Vec<u8>) -> Result<usize, SourceError> {
        let before = text.len();
        while text.len() == before {
            if self.waiting.is_empty() {
                if self.is_ended {
                    return Ok(0);
                }
                self.more()?;
            }
            let raw = &self.raw[self.waiting.clone()];
            match &mut self.decoder {
                None => text.extend_from_slice(raw),
                Some(decoder) => decode(decoder, raw, self.is_ended, text)?,
            }
            self.waiting = 0..0;
        }
        Ok(text.len() - before)
    }

    fn more(&mut self) -> Result<(), SourceError> {
        let read = loop {
            match self.file.read(&mut self.raw) {
                Err(cause) if cause.kind() == io::ErrorKind::Interrupted => {}
                read => break read.map_err(SourceError::Unreadable)?,
            }
        };
        self.hasher.update(&self.raw[..read]);
        self.bytes += read as u64;
        self.is_ended = read == 0;
        self.waiting = 0..read;
        if self.bytes > self.bytes_max {
            return Err(SourceError::Refused(&rules::TOO_LARGE));
        }
        if let Some(progress) = self.progress {
            progress(self.bytes);
        }
        Ok(())
    }

    /// The digest of the bytes read.
    pub(super) fn digest(self) -> Digest {
        Digest::finish(self.hasher)
    }
}

fn decode(decoder: &mut Decoder, raw: &[u8], is_last: bool, text: &mut Vec<u8>) -> Result<(), SourceError> {
    let mut piece = String::with_capacity(decoder.max_utf8_buffer_length_without_replacement(raw.len()).unwrap_or(0));
    let (result, _) = decoder.decode_to_string_without_replacement(raw, &mut piece, is_last);
    text.extend_from_slice(piece.as_bytes());
    match result {
        DecoderResult::InputEmpty => Ok(()),
        _ => Err(SourceError::Refused(&rules::INVALID_ENCODING)),
    }
}

/// The encoding that the start of a file tells, and the length of its byte order mark.
fn recognise(start: &[u8]) -> (Option<&'static Encoding>, usize) {
    if let Some((encoding, length)) = Encoding::for_bom(start) {
        return (Some(encoding), length);
    }
    // most characters of a header are Latin, so that every other byte of UTF-16 is zero
    let start = &start[..start.len().min(PATTERN_BYTES) & !1];
    let zeros = |from: usize| start.iter().skip(from).step_by(2).filter(|byte| **byte == 0).count();
    let (high_first, low_first) = (zeros(0), zeros(1));
    let many = start.len() / 4;
    let encoding = match (low_first > many, high_first > many) {
        (true, false) if high_first * 8 < low_first => Some(UTF_16LE),
        (false, true) if low_first * 8 < high_first => Some(UTF_16BE),
        _ => None,
    };
    (encoding, 0)
}

/// Whether a whole file is UTF-8.
fn is_utf8(file: &mut File) -> io::Result<bool> {
    file.seek(SeekFrom::Start(0))?;
    let mut decoder = UTF_8.new_decoder_without_bom_handling();
    let mut raw = vec![0; READ_BYTES];
    let mut text = vec![0; READ_BYTES * 3];
    loop {
        let read = file.read(&mut raw)?;
        let (result, _, _) = decoder.decode_to_utf8_without_replacement(&raw[..read], &mut text, read == 0);
        match result {
            DecoderResult::InputEmpty if read == 0 => return Ok(true),
            DecoderResult::InputEmpty => {}
            _ => return Ok(false),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unicode_is_recognised_by_its_mark_or_its_zero_bytes() {
        let utf16 = |big: bool| -> Vec<u8> {
            "organisation;år\n"
                .encode_utf16()
                .flat_map(|c| if big { c.to_be_bytes() } else { c.to_le_bytes() })
                .collect()
        };
        let with_mark = |mark: &[u8], text: &[u8]| [mark, text].concat();
        for (bytes, encoding, mark) in [
            (with_mark(b"\xef\xbb\xbf", b"a"), Some(UTF_8), 3),
            (with_mark(b"\xff\xfe", &utf16(false)), Some(UTF_16LE), 2),
            (with_mark(b"\xfe\xff", &utf16(true)), Some(UTF_16BE), 2),
            (utf16(false), Some(UTF_16LE), 0),
            (utf16(true), Some(UTF_16BE), 0),
            (b"organisation;\xe5r\n".to_vec(), None, 0),
            (b"a\0\0\0\0\0\0b".to_vec(), None, 0),
            (Vec::new(), None, 0),
        ] {
            assert_eq!(recognise(&bytes), (encoding, mark), "{bytes:?}");
        }
    }
}
