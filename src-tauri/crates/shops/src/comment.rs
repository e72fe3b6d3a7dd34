//! Notes in a shop that has one text for all of them. A note is a block: its words and after them
//! the mark by which it is found again. What others have written around it is theirs.

/// A note as it stands in the text.
pub(crate) fn block(words: &str, mark: &str) -> String {
    format!("{} {mark}", words.trim())
}

/// The text with a block below it.
pub(crate) fn appended(text: &str, block: &str) -> String {
    if text.trim().is_empty() {
        block.to_owned()
    } else {
        format!("{}\n{block}", text.trim_end())
    }
}

/// The text with a note below it in at most so many characters: the note is shortened, never what
/// stands there, and not to less than `least` characters of it. None where it does not fit.
pub(crate) fn appended_within(
    text: &str,
    words: &str,
    mark: &str,
    most: usize,
    least: usize,
) -> Option<String> {
    let whole = appended(text, &block(words, mark));
    let surplus = whole.chars().count().saturating_sub(most);
    if surplus == 0 {
        return Some(whole);
    }
    // One more for the sign that something was left out.
    let kept = words.trim().chars().count().checked_sub(surplus + 1)?;
    if kept < least {
        return None;
    }
    let shortened: String = words.trim().chars().take(kept).collect();
    Some(appended(text, &block(&format!("{shortened}…"), mark)))
}

/// The text with only the first of what bears the mark; how many went. Words that somebody has
/// changed since are left, and only the mark on them goes.
pub(crate) fn without_surplus(text: &str, block: &str, mark: &str) -> (String, u32) {
    let Some(first) = text.find(mark) else {
        return (text.to_owned(), 0);
    };
    let (kept, mut rest) = text.split_at(first + mark.len());
    let mut clean = kept.to_owned();
    let mut count = 0;
    while let Some(at) = rest.find(mark) {
        let (before, after) = rest.split_at(at);
        let told = block.strip_suffix(mark).unwrap_or(block);
        let before = before.strip_suffix(told).unwrap_or(before);
        clean.push_str(before.strip_suffix('\n').unwrap_or(before));
        rest = after.strip_prefix(mark).unwrap_or(after);
        count += 1;
    }
    clean.push_str(rest);
    (clean, count)
}

#[cfg(test)]
mod tests {
    use super::*;

    const MARK: &str = "[dz:0123456789ab]";

    #[test]
    fn a_note_is_put_below_what_stands_there() {
        assert_eq!(appended("", "new [m]"), "new [m]");
        assert_eq!(appended("old words \n", "new [m]"), "old words\nnew [m]");
    }

    #[test]
    fn surplus_notes_go_and_other_words_stay() {
        let note = block("call after six", MARK);
        let twice = format!("staff\n{note}\nmore staff\n{note}\nend");
        let (clean, count) = without_surplus(&twice, &note, MARK);
        assert_eq!(clean, format!("staff\n{note}\nmore staff\nend"));
        assert_eq!(count, 1);
        assert_eq!(without_surplus(&clean, &note, MARK), (clean.clone(), 0));
        let changed = format!("{note}\ncall after seven {MARK}");
        let (clean, count) = without_surplus(&changed, &note, MARK);
        assert_eq!(
            clean,
            format!("{note}\ncall after seven "),
            "somebody's own words stay"
        );
        assert_eq!(count, 1);
        assert_eq!(without_surplus("nothing", &note, MARK).1, 0);
    }

    #[test]
    fn a_note_is_shortened_and_what_stands_there_is_not() {
        let fits = appended_within("old", "короткий текст", MARK, 200, 20).unwrap();
        assert_eq!(fits, format!("old\nкороткий текст {MARK}"));
        let old = "с".repeat(100);
        let shortened = appended_within(&old, &"д".repeat(150), MARK, 200, 20).unwrap();
        assert_eq!(shortened.chars().count(), 200, "the room is used up");
        assert!(shortened.starts_with(&old) && shortened.ends_with(&format!("… {MARK}")));
        let full = "с".repeat(170);
        assert_eq!(
            appended_within(&full, "ще одна нотатка", MARK, 200, 20),
            None,
            "half a word is no note"
        );
    }
}
