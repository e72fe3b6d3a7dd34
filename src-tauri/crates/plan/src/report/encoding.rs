//! The characters of a report, in whatever code page its exchange writes them.

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::Encoding;
use std::borrow::Cow;

/// What these bytes say: by their mark, else as UTF-8 where they are that, else in the code page that
/// gives words.
pub(super) fn decode(bytes: &[u8]) -> Cow<'_, str> {
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    detector.feed(bytes, true);
    let page: &Encoding = detector.guess(None, Utf8Detection::Allow);
    page.decode(bytes).0
}
