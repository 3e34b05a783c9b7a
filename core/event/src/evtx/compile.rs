//! A template to a program.
//!
//! The fields, their names and their order are those that the careful way gets by way of a tree
//! (`windows::of_xml` says what they are); a template whose fields cannot be told beforehand has no
//! program.

use cordon_model::{NameHash, Span};

use super::{
    program::{Empty, Field, Name, Naming, Program, Role, Source, Step},
    template::{Attribute, Element, Part, Template},
};
use crate::windows;

/// Most steps of one program; templates of real logs have up to a hundred.
const STEPS_MAX: usize = 1024;

/// The program of a template; none if the careful way must look at its records.
pub(super) fn compile(template: &Template, role: Role) -> Option<Program> {
    let root = template.root()?;
    let mut compiler = Compiler {
        template,
        reused: uses_a_slot_twice(template),
        program: Program::sized(template),
    };
    match role {
        Role::Record => compiler.record(root)?,
        Role::Part => compiler.part(root)?,
        Role::Root => compiler.root(root)?,
    }
    let mut program = compiler.program;
    program.root = program.keep(&[root.name()]);
    (program.steps.len() <= STEPS_MAX).then_some(program)
}

fn uses_a_slot_twice(template: &Template) -> bool {
    let mut seen = [0_u64; 16];
    template.slots().any(|slot| {
        let bit = 1 << (slot & 63);
        match seen.get_mut(usize::from(slot >> 6)) {
            Some(word) if *word & bit == 0 => {
                *word |= bit;
                false
            }
            // So high a number counts as used before.
            Some(_) | None => true,
        }
    })
}

/// None if two names of one map are the same.
fn differ<'n>(names: impl Iterator<Item = &'n str> + Clone) -> Option<()> {
    let all = names.clone();
    let mut seen = [0_u64; 16];
    for name in names {
        let hash = NameHash::of(name).number();
        let bit = 1 << (hash & 63);
        let word = seen.get_mut(usize::from(hash >> 6) % 16)?;
        // Different names meet here seldom.
        if *word & bit != 0 && all.clone().filter(|other| *other == name).nth(1).is_some() {
            return None;
        }
        *word |= bit;
    }
    Some(())
}

fn elements_differ<'t>(elements: impl Iterator<Item = Element<'t>> + Clone) -> Option<()> {
    differ(elements.map(Element::name))
}

struct Compiler<'t> {
    template: &'t Template,
    program: Program,
    /// Whether some value stands in two places, where a list would make two.
    reused: bool,
}

impl<'t> Compiler<'t> {
    fn text(&self, span: Span) -> &'t str {
        self.template.text(span)
    }

    /// The attributes of an element, if their names differ.
    fn attributes(&self, element: Element<'t>) -> Option<&'t [Attribute]> {
        let attributes = element.attributes();
        differ(attributes.iter().map(|attribute| self.text(attribute.name)))?;
        Some(attributes)
    }

    fn source(&mut self, part: Part) -> Source {
        match part {
            Part::Nothing => Source::Nothing,
            Part::Text(text) => Source::Text(self.program.keep(&[self.template.text(text)])),
            Part::Slot(slot) => Source::Slot(slot),
        }
    }

    /// The steps of an element, which depend on what it depends on.
    fn dependent(
        &mut self,
        element: Element<'t>,
        compile: impl FnOnce(&mut Self) -> Option<()>,
    ) -> Option<()> {
        let Some(slot) = element.depends() else {
            return compile(self);
        };
        let at = self.program.steps.len();
        self.program.steps.push(Step::Unless { slot, steps: 0 });
        compile(self)?;
        let count = self.program.steps.len() - at - 1;
        if let Some(Step::Unless { steps, .. }) = self.program.steps.get_mut(at) {
            *steps = count;
        }
        Some(())
    }

    fn record(&mut self, event: Element<'t>) -> Option<()> {
        let constant = |attribute: &Attribute| matches!(attribute.value, Part::Text(_));
        let attributes = self.attributes(event)?;
        if event.name() != "Event" || !attributes.iter().all(constant) {
            return None;
        }
        elements_differ(event.elements())?;
        let is_system = |element: &Element<'_>| element.name() == "System";
        self.system(event.elements().find(is_system)?)?;
        for (at, element) in event.elements().enumerate() {
            if at == event.elements_before_part() {
                self.fragment(event.part(), Role::Part)?;
            }
            if !is_system(&element) {
                self.dependent(element, |compiler| compiler.part(element))?;
            }
        }
        if event.elements_before_part() == event.elements().count() {
            self.fragment(event.part(), Role::Part)?;
        }
        for element in event.elements() {
            let name = self.program.keep(&[element.name()]);
            self.program.siblings.push(name);
        }
        Some(())
    }

    fn fragment(&mut self, part: Part, role: Role) -> Option<()> {
        match part {
            Part::Nothing => {}
            Part::Slot(slot) => self.program.steps.push(Step::Fragment { slot, role }),
            Part::Text(_) => return None,
        }
        Some(())
    }

    fn system(&mut self, system: Element<'t>) -> Option<()> {
        let plain = system.attributes().is_empty() && system.part() == Part::Nothing;
        if !plain || system.depends().is_some() {
            return None;
        }
        elements_differ(system.elements())?;
        for element in system.elements() {
            self.dependent(element, |compiler| compiler.system_element(element))?;
        }
        let fields = self.program.steps.iter().filter_map(|step| match step {
            Step::Field(field) => Some(self.program.name(field.name)),
            Step::Fragment { .. } | Step::Unless { .. } => None,
        });
        differ(fields)
    }

    fn system_element(&mut self, element: Element<'t>) -> Option<()> {
        if element.name().ends_with("_attributes") {
            return None;
        }
        let content = content(element)?;
        for attribute in self.attributes(element)? {
            let name = [element.name(), "_", self.text(attribute.name)];
            self.system_field(&name, attribute.value);
        }
        self.system_field(&[element.name()], content);
        Some(())
    }

    fn system_field(&mut self, name: &[&str], part: Part) {
        if part == Part::Nothing {
            return;
        }
        let name = self.program.keep_name(name);
        let naming = if windows::is_number_field(self.program.name(name)) {
            Naming::Number
        } else {
            Naming::System
        };
        let source = self.source(part);
        self.field(name, naming, source, Empty::Skip);
    }

    fn field(&mut self, name: Name, naming: Naming, source: Source, empty: Empty) {
        self.program.steps.push(Step::Field(Field {
            name,
            naming,
            source,
            empty,
        }));
    }

    fn part(&mut self, part: Element<'t>) -> Option<()> {
        match part.name() {
            "System" | "RenderingInfo" | "#attributes" | "@xmlns" | "xmlns" => None,
            "EventData" => self.event_data(part),
            "UserData" => self.user_data(part),
            _ => self.root(part),
        }
    }

    fn event_data(&mut self, data: Element<'t>) -> Option<()> {
        if data.part() != Part::Nothing {
            return None;
        }
        for attribute in self.attributes(data)? {
            let name = ["EventData_", self.text(attribute.name)];
            let name = self.program.keep_name(&name);
            let source = self.source(attribute.value);
            self.field(name, Naming::Alone, source, Empty::Skip);
        }
        if data.elements().any(|element| self.is_named(element)) {
            self.named_data(data)
        } else {
            self.unnamed_data(data)
        }
    }

    fn name_attribute(&self, element: Element<'t>) -> Part {
        let is_name = |attribute: &&Attribute| self.text(attribute.name) == "Name";
        let name = element.attributes().iter().find(is_name);
        name.map_or(Part::Nothing, |name| name.value)
    }

    /// Whether an element is data that has a name or may have one.
    fn is_named(&self, element: Element<'t>) -> bool {
        is_data(element) && self.name_attribute(element) != Part::Nothing
    }

    /// What the field of an element of data is called.
    fn data_name(&self, element: Element<'t>) -> Option<&'t str> {
        match self.name_attribute(element) {
            _ if !is_data(element) => Some(element.name()),
            Part::Text(name) => Some(self.text(name)),
            Part::Slot(_) | Part::Nothing => None,
        }
    }

    /// Data that say their names; those among them that do not are nothing.
    fn named_data(&mut self, data: Element<'t>) -> Option<()> {
        let names = data
            .elements()
            .filter_map(|element| self.data_name(element));
        differ(names.clone())?;
        if names.clone().any(|name| name == "#attributes") {
            return None;
        }
        let of_data = data.elements().filter(|element| is_data(*element));
        let all_named = of_data
            .clone()
            .all(|element| self.data_name(element).is_some());
        // Without the one that is left out, the others may be read as having no names.
        if !all_named && of_data.clone().any(|element| element.depends().is_some()) {
            return None;
        }
        for element in data.elements() {
            let content = content(element)?;
            // The record itself may name its data.
            if is_data(element) && matches!(self.name_attribute(element), Part::Slot(_)) {
                return None;
            }
            let Some(name) = self.data_name(element) else {
                continue;
            };
            let empty = if is_data(element) {
                Empty::Text
            } else {
                Empty::Null
            };
            self.dependent(element, |compiler| {
                let source = compiler.source(content);
                compiler.data_field(&[name], source, empty);
                Some(())
            })?;
        }
        Some(())
    }

    /// Data without names: one field of all.
    fn unnamed_data(&mut self, data: Element<'t>) -> Option<()> {
        elements_differ(data.elements().filter(|element| !is_data(*element)))?;
        let mut list = Some(self.unnamed_list(data.elements().filter(|e| is_data(*e)))?);
        for element in data.elements() {
            let (source, empty) = if is_data(element) {
                match list.take() {
                    Some(list) => (list, Empty::Text),
                    None => continue,
                }
            } else {
                (self.source(content(element)?), Empty::Null)
            };
            self.dependent(element, |compiler| {
                compiler.data_field(&[element.name()], source, empty);
                Some(())
            })?;
        }
        Some(())
    }

    fn unnamed_list(
        &mut self,
        mut unnamed: impl Iterator<Item = Element<'t>> + Clone,
    ) -> Option<Source> {
        let mut all = unnamed.clone();
        match (unnamed.next(), unnamed.next()) {
            (None, _) => Some(Source::Nothing),
            (Some(one), None) => match content(one)? {
                Part::Slot(slot) if !self.reused => Some(Source::Texts(slot)),
                part @ (Part::Nothing | Part::Text(_) | Part::Slot(_)) => Some(self.source(part)),
            },
            (Some(_), Some(_)) => {
                if all.clone().any(|element| element.depends().is_some()) {
                    return None;
                }
                let list = all.try_fold(Vec::new(), |mut list, element| {
                    list.push(self.source(content(element)?));
                    Some(list)
                });
                list.map(Source::List)
            }
        }
    }

    fn data_field(&mut self, name: &[&str], source: Source, empty: Empty) {
        let name = self.program.keep_name(name);
        self.field(name, Naming::Data, source, empty);
    }

    fn user_data(&mut self, data: Element<'t>) -> Option<()> {
        self.attributes(data)?;
        elements_differ(data.elements())?;
        match (data.elements().next(), data.part()) {
            (None, part) => self.fragment(part, Role::Root)?,
            (Some(_), Part::Nothing) => {
                for root in data.elements() {
                    self.dependent(root, |compiler| compiler.root(root))?;
                }
            }
            (Some(_), Part::Text(_) | Part::Slot(_)) => return None,
        }
        Some(())
    }

    /// An element whose own name says nothing.
    fn root(&mut self, root: Element<'t>) -> Option<()> {
        if is_container(root) || is_data(root) {
            return None;
        }
        self.tree("", root)
    }

    fn tree(&mut self, prefix: &str, element: Element<'t>) -> Option<()> {
        if element.part() != Part::Nothing {
            return None;
        }
        self.data_attributes(prefix, element)?;
        elements_differ(element.elements())?;
        for child in element.elements() {
            self.dependent(child, |compiler| compiler.branch(prefix, child))?;
        }
        Some(())
    }

    fn data_attributes(&mut self, prefix: &str, element: Element<'t>) -> Option<()> {
        for attribute in self.attributes(element)? {
            let name = self.text(attribute.name);
            if !name.starts_with("xmlns") {
                let source = self.source(attribute.value);
                self.data_field(&[prefix, name], source, Empty::Skip);
            }
        }
        Some(())
    }

    fn branch(&mut self, prefix: &str, element: Element<'t>) -> Option<()> {
        let name = element.name();
        if is_container(element) || name.ends_with('_') {
            return None;
        }
        let inner = format!("{prefix}{name}_");
        if element.elements().next().is_some() {
            // Without any of its elements it would be null.
            let mut elements = element.elements();
            elements.find(|element| element.depends().is_none())?;
            return self.tree(&inner, element);
        }
        let content = content(element)?;
        let constant = |attribute: &Attribute| matches!(attribute.value, Part::Text(_));
        let empty = match element.attributes() {
            [] => Empty::Null,
            attributes if attributes.iter().any(constant) => Empty::Skip,
            // Whether it is null depends on its attributes.
            _ => return None,
        };
        self.data_attributes(&inner, element)?;
        if content != Part::Nothing || empty == Empty::Null {
            let source = self.source(content);
            self.data_field(&[prefix, name], source, empty);
        }
        Some(())
    }
}

fn is_data(element: Element<'_>) -> bool {
    element.name() == "Data"
}

/// Whether the careful way looks for data in an element of this name.
fn is_container(element: Element<'_>) -> bool {
    matches!(element.name(), "EventData" | "UserData")
}

/// What an element without elements holds; none if it has elements.
fn content(element: Element<'_>) -> Option<Part> {
    match element.elements().next() {
        None => Some(element.part()),
        Some(_) => None,
    }
}
