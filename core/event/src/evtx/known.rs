//! The programs of all templates met so far, in whatever chunk or file they stood.
//!
//! Each chunk defines its templates anew, and nearly always as chunks and files before it did.
//!
//! Invariants: a program serves for a definition only if that is the same in everything; memory is
//! bounded, and at its limit everything is forgotten and worked out again.

use std::{collections::BTreeMap, sync::Arc};

use super::{
    compile::compile,
    program::{Program, Role},
    template::Template,
};

/// Most bytes that are kept, roughly; the templates of one machine take a tenth of it.
const BYTES_MAX: usize = 8 * 1024 * 1024;

/// The programs of all templates met so far.
#[derive(Debug, Default)]
pub(crate) struct Programs {
    /// By the text of the template, in which few are alike.
    known: BTreeMap<Box<str>, Vec<Known>>,
    bytes: usize,
}

#[derive(Debug)]
struct Known {
    role: Role,
    template: Template,
    /// None if the careful way must look at records of this template.
    program: Option<Arc<Program>>,
}

impl Programs {
    /// The program of a template; none if the careful way must look at its records.
    pub(super) fn of(&mut self, template: &Template, role: Role) -> Option<Arc<Program>> {
        let alike = self.known.get(template.all_text());
        let same = |known: &&Known| known.role == role && known.template == *template;
        if let Some(known) = alike.and_then(|alike| alike.iter().find(same)) {
            return known.program.clone();
        }
        let program = compile(template, role).map(Arc::new);
        if self.bytes > BYTES_MAX {
            *self = Self::default();
        }
        // What is compiled takes about as much as what it was compiled from.
        self.bytes += 3 * template.size_bytes();
        let alike = self.known.entry(template.all_text().into()).or_default();
        alike.push(Known {
            role,
            template: template.clone(),
            program: program.clone(),
        });
        program
    }
}
