//! Connectors by name.

use std::{collections::BTreeMap, sync::Arc};

use cordon_act::{Ability, Asked, Catalogue, Digest, Means};

use crate::{Connector, tried::Tried};

/// Every connector that a process has.
#[derive(Clone, Default)]
pub struct Registry {
    connectors: BTreeMap<String, Arc<dyn Connector>>,
}

impl Registry {
    /// Adds one, in the place of one of the same name; what it does can be tried from outside too.
    pub fn add(&mut self, name: impl Into<String>, connector: Arc<dyn Connector>) {
        let connector = Arc::new(Tried(connector));
        self.connectors.insert(name.into(), connector);
    }

    /// The one of this name.
    pub fn get(&self, name: &str) -> Option<&Arc<dyn Connector>> {
        self.connectors.get(name)
    }

    /// All names.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.connectors.keys().map(String::as_str)
    }
}

impl Catalogue for Registry {
    fn ability(&self, connector: &str, asked: Asked<'_>) -> Result<Ability, String> {
        let none = || {
            let known: Vec<&str> = self.names().collect();
            format!("there is none of this name; known: {}", known.join(", "))
        };
        self.get(connector).ok_or_else(none)?.ability(asked)
    }

    fn means(&self, connector: &str, action: &str) -> Means {
        self.get(connector)
            .map_or(Means::Own, |connector| connector.means(action))
    }

    fn digest(&self, connector: &str) -> Option<Digest> {
        self.get(connector)?.digest()
    }
}
