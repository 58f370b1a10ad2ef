//! What goes between a worker and its parent: the length of a head in JSON, the head, the length of a body, the body.

use std::io::{self, Read, Write};

use serde::{Serialize, de::DeserializeOwned};

/// Bytes of a head at most: a query's text is a part of it.
const HEAD_MAX: u32 = 4 * 1024 * 1024;

/// Writes a message.
pub(in crate::query) fn write(out: &mut impl Write, head: &impl Serialize, body: &[&[u8]]) -> io::Result<()> {
    let head = serde_json::to_vec(head)?;
    let length = u32::try_from(head.len()).ok().filter(|length| *length <= HEAD_MAX);
    let length = length.ok_or_else(|| io::Error::new(io::ErrorKind::InvalidInput, "the head is too long"))?;
    out.write_all(&length.to_le_bytes())?;
    out.write_all(&head)?;
    let bytes: usize = body.iter().map(|part| part.len()).sum();
    out.write_all(&(bytes as u64).to_le_bytes())?;
    body.iter().try_for_each(|part| out.write_all(part))?;
    out.flush()
}

/// Reads a message; none where the other side has ended.
pub(in crate::query) fn read<T: DeserializeOwned>(from: &mut impl Read) -> io::Result<Option<(T, Vec<u8>)>> {
    let mut length = [0; 4];
    match from.read_exact(&mut length) {
        Ok(()) => {}
        Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => return Ok(None),
        Err(error) => return Err(error),
    }
    let length = u32::from_le_bytes(length);
    if length > HEAD_MAX {
        return Err(io::Error::new(io::ErrorKind::InvalidData, "the head is too long"));
    }
    let mut head = vec![0; length as usize];
    from.read_exact(&mut head)?;
    let mut length = [0; 8];
    from.read_exact(&mut length)?;
    let length = u64::from_le_bytes(length);
    let mut body = Vec::new();
    from.take(length).read_to_end(&mut body)?;
    if body.len() as u64 != length {
        return Err(io::ErrorKind::UnexpectedEof.into());
    }
    Ok(Some((serde_json::from_slice(&head)?, body)))
}
