//! Texts with places to fill in: `{target}`, `{setting}`, `{parameters.key}`, `{prior.key}`.
//!
//! A secret has no place in any of these; where one belongs is said by what authenticates. Invariant: a
//! value never changes the shape of what it is put into. In a URL it is percent-encoded, in JSON it
//! is a value.

use std::{
    collections::BTreeMap,
    fmt::{self, Write as _},
};

use cordon_model::Value;

/// A text with places.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Template {
    parts: Vec<Part>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Part {
    Text(String),
    Place(String),
}

/// What places stand for.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Filling<'f> {
    pub(crate) target: &'f str,
    pub(crate) parameters: &'f Value,
    pub(crate) prior: &'f Value,
    pub(crate) settings: &'f BTreeMap<String, String>,
}

/// As it was written.
impl fmt::Display for Template {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.parts.iter().try_for_each(|part| match part {
            Part::Text(text) => f.write_str(text),
            Part::Place(name) => write!(f, "{{{name}}}"),
        })
    }
}

impl Template {
    /// Reads a template; `{{` and `}}` are braces.
    ///
    /// # Errors
    /// What is wrong with it.
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        let mut parts = Vec::new();
        let mut plain = String::new();
        let mut chars = text.chars().peekable();
        while let Some(c) = chars.next() {
            match c {
                '{' | '}' if chars.peek() == Some(&c) => {
                    chars.next();
                    plain.push(c);
                }
                '{' => {
                    let mut name = String::new();
                    loop {
                        match chars.next() {
                            Some('}') => break,
                            Some(c) if c.is_ascii_alphanumeric() || "._-".contains(c) => {
                                name.push(c);
                            }
                            Some(_) | None => {
                                return Err("expected a name and `}` after `{`".to_owned());
                            }
                        }
                    }
                    parts.push(Part::Text(std::mem::take(&mut plain)));
                    parts.push(Part::Place(name));
                }
                '}' => return Err("expected `}}` for a brace".to_owned()),
                c => plain.push(c),
            }
        }
        parts.push(Part::Text(plain));
        parts.retain(|part| *part != Part::Text(String::new()));
        Ok(Self { parts })
    }

    /// Names of its places.
    pub(crate) fn places(&self) -> impl Iterator<Item = &str> {
        self.parts.iter().filter_map(|part| match part {
            Part::Place(name) => Some(name.as_str()),
            Part::Text(_) => None,
        })
    }

    /// The text as a URL, values percent-encoded unless they are settings. Between the quotes of a filter
    /// a value that holds a quote is refused: whoever unpacks the URL would see the filter end there.
    pub(crate) fn url(&self, filling: &Filling<'_>) -> Result<String, String> {
        let mut before = "";
        for part in &self.parts {
            match part {
                Part::Text(text) => before = text,
                Part::Place(name) => {
                    let is_quoted = ["'", "%22", "%27"].iter().any(|q| before.ends_with(q));
                    let value = filling.value(name)?;
                    if is_quoted && value.as_str().is_some_and(|v| v.contains(['\'', '"'])) {
                        return Err(format!("`{name}` holds a quote"));
                    }
                    before = "";
                }
            }
        }
        self.fill(filling, |name, value| {
            if filling.settings.contains_key(name) {
                value
            } else {
                encoded(&value)
            }
        })
    }

    /// The text with values as they are.
    pub(crate) fn text(&self, filling: &Filling<'_>) -> Result<String, String> {
        self.fill(filling, |_name, value| value)
    }

    /// The text as part of a form, whose fields may hold markup: values with signs of markup in them
    /// are refused.
    pub(crate) fn plain(&self, filling: &Filling<'_>) -> Result<String, String> {
        for name in self.places() {
            let value = filling.value(name)?;
            if value.to_string().contains(['<', '>', '&', '\''])
                || value.as_str().is_some_and(|v| v.contains('"'))
            {
                return Err(format!("`{name}` holds signs of markup"));
            }
        }
        self.text(filling)
    }

    /// The text as a JSON value: a single place gives the very value it stands for.
    pub(crate) fn value(&self, filling: &Filling<'_>) -> Result<Value, String> {
        match self.parts.as_slice() {
            [Part::Place(name)] => filling.value(name),
            _ => self.text(filling).map(Value::String),
        }
    }

    fn fill(
        &self,
        filling: &Filling<'_>,
        shape: impl Fn(&str, String) -> String,
    ) -> Result<String, String> {
        let mut filled = String::new();
        for part in &self.parts {
            match part {
                Part::Text(text) => filled.push_str(text),
                Part::Place(name) => {
                    let value = filling.value(name)?;
                    if value.is_null() {
                        return Err(format!("`{name}` is not known"));
                    }
                    let value = value
                        .as_str()
                        .map_or_else(|| value.to_string(), str::to_owned);
                    filled.push_str(&shape(name, value));
                }
            }
        }
        Ok(filled)
    }
}

impl Filling<'_> {
    fn value(&self, name: &str) -> Result<Value, String> {
        let missing = || format!("`{name}` is not known");
        if name == "target" {
            return Ok(Value::from(self.target));
        }
        match name.split_once('.') {
            Some(("parameters", key)) => self.parameters.get(key).cloned().ok_or_else(missing),
            Some(("prior", key)) => self.prior.get(key).cloned().ok_or_else(missing),
            Some(_) | None => {
                let setting = self.settings.get(name).ok_or_else(missing)?;
                Ok(Value::from(setting.as_str()))
            }
        }
    }
}

/// Everything but unreserved characters (RFC 3986) as `%XX`, so that no value leaves its segment.
fn encoded(text: &str) -> String {
    let mut encoded = String::new();
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric()
            || b"-_~".contains(&byte)
            || byte == b'.' && text != "." && text != ".."
        {
            encoded.push(char::from(byte));
        } else {
            let _never_fails = write!(encoded, "%{byte:02X}");
        }
    }
    encoded
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use serde_json::json;

    use super::{Filling, Template};

    fn filled(template: &str, target: &str) -> (String, String) {
        let settings = BTreeMap::from([("url".to_owned(), "https://x.example".to_owned())]);
        let filling = Filling {
            target,
            parameters: &json!({"group": "a b"}),
            prior: &json!({"on": true}),
            settings: &settings,
        };
        let template = Template::parse(template).unwrap();
        let value = template.value(&filling).unwrap().to_string();
        (template.url(&filling).unwrap(), value)
    }

    #[test]
    fn a_value_never_leaves_its_segment_of_a_url() {
        let (url, _) = filled(
            "{url}/users/{target}/groups/{parameters.group}",
            "a/../b?c#d",
        );
        assert_eq!(
            url,
            "https://x.example/users/a%2F..%2Fb%3Fc%23d/groups/a%20b"
        );
        assert_eq!(filled("{url}/{target}", "..").0, "https://x.example/%2E%2E");
    }

    #[test]
    fn a_value_with_a_quote_does_not_end_a_filter() {
        let settings = BTreeMap::new();
        for (text, target, is_good) in [
            ("/u?$filter=id%20eq%20'{target}'", "a' or 'b", false),
            ("/u?filter=id%20eq%20%22{target}%22", "a\" or \"b", false),
            ("/u?$filter=id%20eq%20'{target}'", "a-b", true),
            ("/u/{target}", "o'brien@x.example", true),
        ] {
            let filling = Filling {
                target,
                parameters: &json!({}),
                prior: &json!({}),
                settings: &settings,
            };
            let url = Template::parse(text).unwrap().url(&filling);
            assert_eq!(url.is_ok(), is_good, "{text} {target}: {url:?}");
        }
    }

    #[test]
    fn a_single_place_gives_the_value_itself_and_braces_are_doubled() {
        assert_eq!(filled("{prior.on}", "t").1, "true");
        assert_eq!(filled("on: {prior.on} {{}}", "t").1, "\"on: true {}\"");
    }

    #[test]
    fn what_is_no_template_is_refused() {
        for text in ["{", "}", "{a b}", "{target"] {
            assert!(Template::parse(text).is_err(), "{text}");
        }
    }
}
