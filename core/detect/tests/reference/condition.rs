//! Conditions over named selections, evaluated while they are read.

/// Whether a condition holds, where `holds` says so of each selection.
pub(crate) fn holds(text: &str, names: &[&str], holds: &dyn Fn(&str) -> bool) -> bool {
    let spaced = text.replace('(', " ( ").replace(')', " ) ");
    let mut reading = Reading {
        tokens: spaced.split_whitespace().collect(),
        names,
        holds,
    };
    reading.tokens.reverse();
    reading.or()
}

struct Reading<'c> {
    /// The next one last.
    tokens: Vec<&'c str>,
    names: &'c [&'c str],
    holds: &'c dyn Fn(&str) -> bool,
}

impl Reading<'_> {
    fn takes(&mut self, word: &str) -> bool {
        self.tokens.pop_if(|next| *next == word).is_some()
    }

    fn or(&mut self) -> bool {
        let mut result = self.and();
        while self.takes("or") {
            result |= self.and();
        }
        result
    }

    fn and(&mut self) -> bool {
        let mut result = self.not();
        while self.takes("and") {
            result &= self.not();
        }
        result
    }

    fn not(&mut self) -> bool {
        if self.takes("not") {
            return !self.not();
        }
        if self.takes("(") {
            let inner = self.or();
            assert!(self.takes(")"));
            return inner;
        }
        let word = self.tokens.pop().unwrap();
        if !self.takes("of") {
            return (self.holds)(word);
        }
        let pattern = self.tokens.pop().unwrap();
        let mut meant = self
            .names
            .iter()
            .filter(|name| match pattern.strip_suffix('*') {
                Some(start) => name.starts_with(start),
                None => pattern == "them" && !name.starts_with('_'),
            });
        match word {
            "all" => meant.all(|name| (self.holds)(name)),
            _ => meant.any(|name| (self.holds)(name)),
        }
    }
}
