//! Records from values and from other records, and back.

use serde_json::Value;

use super::{Item, Key, Node, Record, Scalar, Shape, Trail};

impl Record {
    /// Puts a copy of a value of another record behind all others, under a name of its own.
    pub fn copy(&mut self, key: &str, item: Item<'_>) {
        let key = self.name(key);
        self.copy_under(key, item);
    }

    /// Fills this record with the fields of a map; anything else has none.
    pub fn fill(&mut self, value: &Value) {
        self.clear();
        if let Value::Object(fields) = value {
            for (name, value) in fields {
                let key = self.name(name);
                self.put_value(key, value);
            }
        }
    }

    /// Puts a value behind all others.
    pub fn put_value(&mut self, key: Key, value: &Value) {
        match value {
            Value::Null => self.put(key, Scalar::Null),
            Value::Bool(truth) => self.put(key, Scalar::Bool(*truth)),
            Value::Number(number) => self.put(key, Scalar::Number(&number.to_string())),
            Value::String(text) => self.put(key, Scalar::Text(text)),
            Value::Array(items) => {
                let open = self.open(key, Shape::List);
                for item in items {
                    self.put_value(Key::NONE, item);
                }
                self.close(open);
            }
            Value::Object(fields) => {
                let open = self.open(key, Shape::Map);
                for (name, value) in fields {
                    let key = self.name(name);
                    self.put_value(key, value);
                }
                self.close(open);
            }
        }
    }

    /// The fields as a tree of their own.
    pub fn to_value(&self) -> Value {
        self.root().to_value()
    }

    /// The same fields in as little memory as they take.
    #[must_use]
    pub fn compact(&self) -> Self {
        let bytes = |node: &Node| node.key.range().len() + node.text.range().len();
        let mut compact = Self {
            nodes: Vec::with_capacity(self.nodes.len()),
            text: String::with_capacity(self.nodes.iter().map(bytes).sum()),
            index: self.index.clone(),
            layout: None,
            is_laid_out: false,
            trail: Trail::START,
            depth: 0,
        };
        for node in &self.nodes {
            let (key, text) = (
                compact.keep(self.text(node.key)),
                compact.keep(self.text(node.text)),
            );
            compact.nodes.push(Node { key, text, ..*node });
        }
        compact
    }

    fn copy_under(&mut self, key: Key, item: Item<'_>) {
        match item.shape() {
            None => self.put(key, item.scalar().unwrap_or(Scalar::Null)),
            Some(shape) => {
                let open = self.open(key, shape);
                for child in item.children() {
                    let key = self.name(child.key());
                    self.copy_under(key, child);
                }
                self.close(open);
            }
        }
    }
}
