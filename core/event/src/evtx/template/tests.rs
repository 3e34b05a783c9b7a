//! Definitions of templates, well formed and broken.

use super::{Part, Template, length};

fn read(chunk: &[u8]) -> Option<Template> {
    let mut template = Template::default();
    template.read(chunk, 0).map(|()| template)
}

/// A definition whose names follow the places that refer to them.
struct Definition(Vec<u8>);

impl Definition {
    fn new() -> Self {
        let mut bytes = vec![0; 24];
        bytes.extend([0x0f, 1, 1, 0]);
        Self(bytes)
    }

    fn name(mut self, name: &str) -> Self {
        let behind = u32::try_from(self.0.len() + 4).unwrap();
        self.0.extend(behind.to_le_bytes());
        self.0.extend([0; 6]);
        self.text(name).raw(&[0, 0])
    }

    fn text(mut self, text: &str) -> Self {
        let units: Vec<u16> = text.encode_utf16().collect();
        self.0
            .extend(u16::try_from(units.len()).unwrap().to_le_bytes());
        self.0
            .extend(units.iter().flat_map(|unit| unit.to_le_bytes()));
        self
    }

    fn raw(mut self, bytes: &[u8]) -> Self {
        self.0.extend(bytes);
        self
    }

    fn open(self, name: &str) -> Self {
        self.raw(&[0x01, 0xff, 0xff, 0, 0, 0, 0]).name(name)
    }

    fn done(mut self) -> Vec<u8> {
        let size = u32::try_from(self.0.len() - 24).unwrap();
        self.0[20..24].copy_from_slice(&size.to_le_bytes());
        self.0
    }
}

#[test]
fn a_definition_is_read_with_names_constants_and_places_for_values() {
    let bytes = Definition::new()
        .open("Event")
        .raw(&[0x06])
        .name("xmlns")
        .raw(&[0x05, 0x01])
        .text("http://x")
        .raw(&[0x02])
        .raw(&[0x41, 3, 0, 0, 0, 0, 0])
        .name("Data")
        .raw(&[0; 4])
        .raw(&[0x02, 0x0e, 5, 0, 0x01, 0x04])
        .open("Note")
        .raw(&[0x02, 0x05, 0x01])
        .text("a")
        .raw(&[0x09])
        .name("amp")
        .raw(&[0x08, b'b', 0, 0x04, 0x04, 0x00])
        .done();
    let template = read(&bytes).unwrap();
    let root = template.root().unwrap();
    assert_eq!(root.name(), "Event");
    assert_eq!(template.text(root.attributes()[0].name), "xmlns");
    let elements: Vec<_> = root.elements().collect();
    let [data, note] = elements.as_slice() else {
        panic!("{template:?}");
    };
    assert_eq!((data.name(), data.depends()), ("Data", Some(3)));
    assert_eq!(data.part(), Part::Slot(5));
    let Part::Text(constant) = note.part() else {
        panic!("{note:?}");
    };
    assert_eq!(template.text(constant), "a&b");
}

#[test]
fn what_is_cut_off_or_too_deep_is_left_alone() {
    let whole = Definition::new().open("Event").raw(&[0x03, 0x00]).done();
    assert!(read(&whole).is_some());
    for end in 0..whole.len() {
        assert!(read(&whole[..end]).is_none(), "{end}");
    }
    assert_eq!(length(&whole, usize::MAX), None);
    let mut deep = Definition::new();
    for _ in 0..20 {
        deep = deep.open("A").raw(&[0x02]);
    }
    assert!(read(&deep.raw(&[0x04; 20]).done()).is_none());
}
