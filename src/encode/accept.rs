//! The choice of a format: by its name, or by what a client accepts (RFC 9110, 12.5.1); which formats there are stands in `encode`.

use std::cmp::Reverse;

use mediatype::{
    MediaType, MediaTypeList, ReadParams as _,
    names::{_STAR, CHARSET, Q},
};

use super::{FORMATS, Format};

/// No format that the client accepts.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("no format fits; there are {}", FORMATS.iter().map(|format| format.name()).collect::<Vec<_>>().join(", "))]
pub struct NotAcceptable;

/// The format of a name.
pub fn named(name: &str) -> Option<&'static dyn Format> {
    FORMATS.iter().copied().find(|format| format.name() == name || format.other_names().contains(&name))
}

/// Chooses by `?format=`, else by `Accept`, else JSON; never anything that was not asked for.
///
/// Each format has the quality of the range that describes it most closely. Of formats with the same quality the one that is
/// described most closely is taken, then the one whose range comes first, then the one that comes first here.
pub fn negotiate(name: Option<&str>, accept: Option<&str>) -> Result<&'static dyn Format, NotAcceptable> {
    if let Some(name) = name {
        return named(name).ok_or(NotAcceptable);
    }
    let Some(accept) = accept.filter(|text| !text.trim().is_empty()) else { return Ok(FORMATS[0]) };
    // what cannot be read accepts nothing; old clients send such ranges beside good ones
    let ranges: Vec<Range> = MediaTypeList::new(accept).filter_map(Result::ok).map(Range::read).collect();
    let mut best: Option<(f32, usize, Reverse<usize>, &'static dyn Format)> = None;
    for format in FORMATS.iter().copied() {
        let closest = ranges
            .iter()
            .enumerate()
            .filter_map(|(at, range)| Some((range.closeness(format)?, Reverse(at), range.quality)))
            .max_by_key(|&(closeness, at, _)| (closeness, at));
        let Some((closeness, at, quality)) = closest.filter(|&(_, _, quality)| quality > 0.0) else { continue };
        let is_better = best.is_none_or(|(best_quality, best_closeness, best_at, _)| {
            quality.total_cmp(&best_quality).then(closeness.cmp(&best_closeness)).then(at.cmp(&best_at)).is_gt()
        });
        if is_better {
            best = Some((quality, closeness, at, format));
        }
    }
    best.map(|(_, _, _, format)| format).ok_or(NotAcceptable)
}

/// A media range with its quality, 0 to 1.
struct Range<'a> {
    media: MediaType<'a>,
    quality: f32,
}

impl<'a> Range<'a> {
    fn read(media: MediaType<'a>) -> Self {
        let quality = media.get_param(Q).and_then(|value| value.as_str().parse().ok());
        let quality = quality.filter(|quality: &f32| quality.is_finite()).unwrap_or(1.0).clamp(0.0, 1.0);
        Self { media, quality }
    }

    /// How closely it describes a format; none where it does not.
    fn closeness(&self, format: &dyn Format) -> Option<usize> {
        let own = [MediaType::parse(format.media_type()).ok()?, MediaType::parse(format.content_type()).ok()?];
        if self.media.ty == _STAR {
            return (self.media.subty == _STAR).then_some(0);
        }
        if self.media.ty != own[0].ty {
            return None;
        }
        if self.media.subty == _STAR {
            return Some(1);
        }
        if self.media.subty != own[0].subty || self.media.suffix != own[0].suffix {
            return None;
        }
        let mut closeness = 2;
        for (name, value) in self.media.params() {
            // everything of ours that is text is UTF-8, so that asking for it changes nothing
            let is_utf8 = name == CHARSET && value.unquoted_str().eq_ignore_ascii_case("utf-8");
            if name == Q || is_utf8 {
                continue;
            }
            let fits = |own: &MediaType| {
                own.get_param(name).is_some_and(|own| own.unquoted_str().eq_ignore_ascii_case(&value.unquoted_str()))
            };
            if !own.iter().any(fits) {
                return None;
            }
            closeness += 1;
        }
        Some(closeness)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(name: Option<&str>, accept: Option<&str>, expected: Option<&str>) {
        assert_eq!(negotiate(name, accept).ok().map(Format::name), expected, "{name:?} {accept:?}");
    }

    #[test]
    fn a_format_is_named_accepted_or_refused() {
        check(None, None, Some("json"));
        check(None, Some(" "), Some("json"));
        check(None, Some("*/*"), Some("json"));
        check(None, Some("text/csv"), Some("csv"));
        check(None, Some("TEXT/CSV; Charset=UTF-8"), Some("csv"));
        check(None, Some("application/xml"), None);
        check(None, Some("text/csv;q=0"), None);
        check(None, Some("*/xml"), None);
        check(None, Some("unreadable"), None);
        check(None, Some("*; q=.2, */*; q=.2"), Some("json"));
        check(Some("csv"), Some("application/json"), Some("csv"));
        check(Some("json-stat2"), None, Some("json-stat"));
        check(Some("pdf"), None, None);
        check(Some(""), None, None);
    }

    #[test]
    fn qualities_are_weighed_and_closer_ranges_go_first() {
        check(None, Some("text/html,application/json;q=0.5,text/csv;q=0.9"), Some("csv"));
        check(None, Some("text/csv, application/json"), Some("csv"));
        check(None, Some("application/json, text/csv"), Some("json"));
        check(None, Some("*/*, text/csv"), Some("csv"));
        check(None, Some("*/*;q=0.1, application/json;q=0"), Some("csv"));
        check(None, Some("text/*;q=0.3, text/csv;q=0, text/csv;variant=excel-sv;q=0.2"), Some("px"));
        check(None, Some("application/json;q=nan"), Some("json"));
        check(
            None,
            Some("text/html, application/xhtml+xml, application/xml;q=0.9, image/avif, */*;q=0.8"),
            Some("json"),
        );
    }

    #[test]
    fn parameters_tell_formats_of_one_type_apart() {
        check(None, Some("text/csv;variant=excel-sv"), Some("excel-sv"));
        check(None, Some("text/csv;variant=other"), None);
        check(None, Some("text/csv;header=present"), Some("csv"));
        check(None, Some("application/json;profile=\"https://json-stat.org/format/\""), Some("json-stat"));
        check(
            None,
            Some("application/json, application/json;profile=\"https://json-stat.org/format/\""),
            Some("json-stat"),
        );
        check(None, Some("application/json;profile=\"https://example.org/\""), None);
        check(None, Some("application/vnd.sdmx.data+csv"), Some("sdmx-csv"));
        check(None, Some("application/vnd.sdmx.data+csv; version=2.0.0"), Some("sdmx-csv"));
        check(None, Some("application/vnd.sdmx.data+csv; version=1.0.0"), None);
    }

    #[test]
    fn every_format_is_found_by_its_names_and_by_its_own_media_type() {
        let mut names: Vec<&str> = Vec::new();
        for format in FORMATS {
            check(None, Some(format.media_type()), Some(format.name()));
            check(None, Some(format.content_type()), Some(format.name()));
            for name in [format.name()].iter().chain(format.other_names()) {
                check(Some(name), None, Some(format.name()));
                names.push(name);
            }
        }
        let count = names.len();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), count);
    }
}
