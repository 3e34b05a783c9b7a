//! The published collection of a directory, against the second opinion.

use std::{collections::BTreeSet, fs::File, io::Read as _};

use cordon_estate::Import;
use cordon_recordings::recording;

use cordon_model::Estate;

use crate::{edges, estate_of, options, pages, plain::Collection};

pub(crate) fn files() -> Option<Vec<(String, String)>> {
    let path = recording("inventory/ad_sampledata.zip")?;
    let mut archive = zip::ZipArchive::new(File::open(path).unwrap()).unwrap();
    let mut files = Vec::new();
    for place in 0..archive.len() {
        let mut member = archive.by_index(place).unwrap();
        let mut text = String::new();
        member.read_to_string(&mut text).unwrap();
        files.push((member.name().unwrap().into_owned(), text));
    }
    Some(files)
}

/// Edges of a kind that are known.
fn certain(estate: &Estate, kind: &str) -> BTreeSet<(String, String)> {
    let known = edges(estate, kind)
        .into_iter()
        .filter(|(.., why)| why.is_none());
    known.map(|(from, to, _)| (from, to)).collect()
}

#[test]
fn every_object_and_every_derived_edge_of_the_published_collection_is_there_and_no_other() {
    let Some(files) = files() else { return };
    let (pages, mut plain) = (pages(), Collection::default());
    let mut import = Import::new(pages);
    for (name, text) in &files {
        import.read(name, text.as_bytes()).unwrap();
        plain.add(text);
    }
    let imported = import.finish(&options()).unwrap();
    let estate = estate_of(&imported);
    let nodes: BTreeSet<String> = estate
        .nodes()
        .iter()
        .map(|n| n.id.to_string().to_uppercase())
        .collect();
    let missing: Vec<_> = plain
        .objects
        .keys()
        .filter(|id| !nodes.contains(*id))
        .collect();
    assert_eq!(missing, Vec::<&String>::new());
    assert_eq!(
        plain.objects.len(),
        1469,
        "objects of the collection, each once"
    );
    let expect = [
        ("dcsync", plain.dcsync(), 8),
        ("sync-laps-password", plain.sync_laps(), 2),
        ("admin-to", plain.local("-544"), 22),
        ("can-psremote", plain.local("-580"), 0),
        ("execute-dcom", plain.local("-562"), 0),
        ("owns", plain.owners(), 1439),
        ("golden-cert", plain.golden(), 4),
        ("adcs-esc1", plain.esc1(), 7),
        ("member-of", plain.memberships(), 312),
    ];
    for (kind, expect, number) in expect {
        let found = certain(&estate, kind);
        assert_eq!(found, expect, "{kind}");
        assert_eq!(found.len(), number, "{kind}");
    }
    let wrong = imported
        .notes
        .iter()
        .find(|((code, _), _)| *code == "wrong-count");
    assert_eq!(wrong.unwrap().1.count, 6);
}

#[test]
fn other_certificate_edges_of_the_published_collection_keep_their_number() {
    let Some(files) = files() else { return };
    let pages = pages();
    let mut import = Import::new(pages);
    for (name, text) in &files {
        import.read(name, text.as_bytes()).unwrap();
    }
    let estate = estate_of(&import.finish(&options()).unwrap());
    let counts = ["3", "4", "6a", "6b", "9a", "9b", "10a", "10b", "13"]
        .map(|n| certain(&estate, &format!("adcs-esc{n}")).len());
    assert_eq!(counts, [12, 7, 5, 12, 27, 16, 19, 14, 0]);
}
