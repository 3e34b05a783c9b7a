//! What an action of a connector comes to, whatever an estate calls the step that names it.

/// What is known of a connector's action beforehand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Means {
    /// A way of carrying out steps of these kinds, and of no others.
    Of {
        /// The kinds.
        kinds: Vec<String>,
        /// It reaches a whole zone or everybody, whatever the kind.
        wide: bool,
    },
    /// Whatever its site made it do: a program, or a definition that does not ship.
    Own,
    /// Nothing by itself: a person does it, or it is rehearsed.
    Nothing,
}

impl Means {
    /// A way of carrying out steps of these kinds that reaches no further than its target.
    pub fn of(kinds: &[&str]) -> Self {
        Self::Of {
            kinds: kinds.iter().map(|&kind| kind.to_owned()).collect(),
            wide: false,
        }
    }
}
