//! What a GraphQL document asks for: enough of the language to answer with nothing else.

use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// Fields by the name they are answered under, each with what is asked of it.
#[derive(Clone, Debug, Default)]
pub(super) struct Selection {
    fields: Vec<(String, Self)>,
    fragments: Vec<String>,
}

/// A document of one operation and its fragments.
#[derive(Clone, Debug, Default)]
pub(super) struct Document {
    pub(super) is_mutation: bool,
    operation: Selection,
    fragments: BTreeMap<String, Selection>,
}

impl Document {
    /// Reads a document; none where it is not one.
    pub(super) fn read(text: &str) -> Option<Self> {
        let mut words = Words {
            words: words(text),
            at: 0,
        };
        let mut document = Self::default();
        while let Some(word) = words.next() {
            match word.as_str() {
                "query" | "mutation" => {
                    document.is_mutation = word == "mutation";
                    while words.peek()? != "{" {
                        words.next()?;
                    }
                    document.operation = words.selection()?;
                }
                "fragment" => {
                    let name = words.next()?;
                    while words.peek()? != "{" {
                        words.next()?;
                    }
                    document.fragments.insert(name, words.selection()?);
                }
                _ => return None,
            }
        }
        Some(document)
    }

    /// Of `value` what is asked for; a field that is asked for and not known is null.
    pub(super) fn only(&self, value: &Value) -> Value {
        self.kept(value, &[&self.operation])
    }

    fn kept(&self, value: &Value, asked: &[&Selection]) -> Value {
        match value {
            Value::Array(items) => {
                Value::Array(items.iter().map(|item| self.kept(item, asked)).collect())
            }
            Value::Object(map) => {
                let mut fields: Vec<(&String, Vec<&Selection>)> = Vec::new();
                for selection in self.with_fragments(asked) {
                    for (name, inner) in &selection.fields {
                        match fields.iter_mut().find(|(known, _)| *known == name) {
                            Some((_, inners)) => inners.push(inner),
                            None => fields.push((name, vec![inner])),
                        }
                    }
                }
                let mut kept = Map::new();
                for (name, inners) in fields {
                    let value = map.get(name).unwrap_or(&Value::Null);
                    kept.insert(name.clone(), self.kept(value, &inners));
                }
                Value::Object(kept)
            }
            other => other.clone(),
        }
    }

    fn with_fragments<'a>(&'a self, asked: &[&'a Selection]) -> Vec<&'a Selection> {
        let mut all = Vec::new();
        let mut left: Vec<&Selection> = asked.to_vec();
        while let Some(selection) = left.pop() {
            let named = selection.fragments.iter();
            left.extend(named.filter_map(|name| self.fragments.get(name)));
            all.push(selection);
        }
        all
    }
}

struct Words {
    words: Vec<String>,
    at: usize,
}

impl Words {
    fn peek(&self) -> Option<&str> {
        self.words.get(self.at).map(String::as_str)
    }

    fn next(&mut self) -> Option<String> {
        let word = self.words.get(self.at).cloned();
        self.at += 1;
        word
    }

    /// From an opening brace to its closing one.
    fn selection(&mut self) -> Option<Selection> {
        (self.next()? == "{").then_some(())?;
        let mut selection = Selection::default();
        loop {
            let word = self.next()?;
            match word.as_str() {
                "}" => return Some(selection),
                "..." => {
                    let name = self.next()?;
                    if name == "on" {
                        self.next()?;
                        let inner = self.selection()?;
                        selection.fields.extend(inner.fields);
                        selection.fragments.extend(inner.fragments);
                    } else {
                        selection.fragments.push(name);
                    }
                }
                _ => {
                    // The name to answer under; the field's own after a colon says no more to us.
                    if self.peek() == Some(":") {
                        self.next()?;
                        self.next()?;
                    }
                    self.skip_arguments()?;
                    while self.peek() == Some("@") {
                        self.next()?;
                        self.next()?;
                        self.skip_arguments()?;
                    }
                    let inner = if self.peek() == Some("{") {
                        self.selection()?
                    } else {
                        Selection::default()
                    };
                    selection.fields.push((word, inner));
                }
            }
        }
    }

    fn skip_arguments(&mut self) -> Option<()> {
        if self.peek() != Some("(") {
            return Some(());
        }
        while self.next()? != ")" {}
        Some(())
    }
}

/// Names, texts and punctuation; commas and white space say nothing.
fn words(text: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut letters = text.chars().peekable();
    while let Some(letter) = letters.next() {
        match letter {
            '.' => {
                words.push("...".to_owned());
                while letters.next_if_eq(&'.').is_some() {}
            }
            '"' => {
                let inside: String = letters.by_ref().take_while(|one| *one != '"').collect();
                words.push(format!("\"{inside}\""));
            }
            '{' | '}' | '(' | ')' | ':' | '@' | '!' | '[' | ']' | '=' => {
                words.push(letter.to_string());
            }
            _ if letter.is_alphanumeric() || matches!(letter, '_' | '$' | '-') => {
                let mut word = letter.to_string();
                while let Some(next) =
                    letters.next_if(|next| next.is_alphanumeric() || *next == '_')
                {
                    word.push(next);
                }
                words.push(word);
            }
            _ => {}
        }
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn only_what_is_asked_for_is_kept() {
        let document = Document::read(
            "query Q($id: ID!) { order(id: $id) { ...F note: metafield(key: \"note\") { value } \
             ... on Order { tags } } } fragment F on Order { id lines(first: 2) { nodes { id } } }",
        )
        .unwrap();
        assert!(!document.is_mutation);
        let whole = json!({ "order": {
            "id": 1, "secret": 2, "tags": ["a"], "note": { "value": "x", "type": "y" },
            "lines": { "nodes": [{ "id": 3, "price": 4 }], "pageInfo": {} },
        }, "shop": {} });
        assert_eq!(
            document.only(&whole),
            json!({ "order": {
                "id": 1, "tags": ["a"], "note": { "value": "x" }, "lines": { "nodes": [{ "id": 3 }] },
            } })
        );
    }

    #[test]
    fn a_directive_and_its_arguments_are_no_fields() {
        let document = Document::read(
            "mutation M($k: String!) { out: make(a: 1) @idempotent(key: $k) { id } }",
        );
        let document = document.unwrap();
        assert!(document.is_mutation);
        assert_eq!(
            document.only(&json!({ "out": { "id": 1, "rest": 2 } })),
            json!({ "out": { "id": 1 } })
        );
        assert!(Document::read("{ broken").is_none());
    }
}
