//! What a page must say, and what is said of one that does not.

use cordon_estate::Pages;
use cordon_text::Source;
use insta::assert_snapshot;

use crate::told;

fn said(name: &str, step: &str) -> String {
    let (pages, report) = Pages::parse(&[Source::new(name, step)], &[]);
    assert_eq!(pages.steps().count(), 0, "a page with an error is left out");
    told(&report)
}

#[test]
fn a_page_says_everything_and_nothing_else() {
    let text = "kind: Close_VPN\ntitel: t\nundo: u\nminutes: -1\nd3fend: [T1021, 7]\nreferences: []\ndo: it\n";
    assert_snapshot!(said("content/steps/close-vpn.yml", text), @r#"
    content/steps/close-vpn.yml:1:1 error missing-key: a page needs the key `check`
      add `check: …`
    content/steps/close-vpn.yml:1:1 error missing-key: a page needs the key `cuts`
      add `cuts: …`
    content/steps/close-vpn.yml:1:1 error missing-key: a page needs the key `takes_down`
      add `takes_down: …`
    content/steps/close-vpn.yml:1:1 error missing-key: a page needs the key `title`
      add `title: …`
    content/steps/close-vpn.yml:1:7 error kind-spelling: expected a kind in kebab-case, found `Close_VPN`
      use lower-case letters, digits and hyphens
    content/steps/close-vpn.yml:2:1 error unknown-key: a page has no key `titel`
      did you mean `title`?
    content/steps/close-vpn.yml:4:10 error negative: expected a number that is not negative, found `-1`
      money, times and losses begin at 0; leave the sign out
    content/steps/close-vpn.yml:5:10 error wrong-reference: expected a D3FEND identifier such as `D3-AL`, found the text "T1021"
      see the pages beside this one
    content/steps/close-vpn.yml:5:17 error wrong-reference: expected a D3FEND identifier such as `D3-AL`, found `7`
      see the pages beside this one
    content/steps/close-vpn.yml:6:13 error empty-list: expected the name of a standard or manual, found an empty list
      name at least one
    content/steps/close-vpn.yml:7:5 error wrong-type: expected `do`, a mapping of keys, found the text "it"
      write keys and their values here, as in `key: …`
    "#);
}

#[test]
fn a_page_is_named_like_its_kind_and_one_that_only_goes_forward_has_no_undo() {
    let text = "kind: close-vpn\ntitle: t\ncuts: c\ntakes_down: d\nundo: u\nirreversible: true\ncheck: c\nd3fend: [D3-DRA]\nreferences: [r]\n";
    assert_snapshot!(said("content/steps/open-vpn.yml", text), @r"
    content/steps/open-vpn.yml:1:7 error kind-differs-from-file: the page of `close-vpn` stands in a file named `open-vpn`
      name the file `close-vpn.yml`, or correct the kind
    content/steps/open-vpn.yml:5:7 error undo-of-irreversible: a step that only goes forward has no undo
      remove `undo`, or `irreversible` if there is a way back
    ");
}

#[test]
fn a_file_holds_one_page() {
    assert_snapshot!(said("a.yml", ""), @r"
    a.yml:1:1 error not-one-page: expected one page, found 0 documents
      put each kind into a file of its own
    ");
    assert_snapshot!(said("a.yml", "kind: a\n---\nkind: b\n"), @r"
    a.yml:1:1 error not-one-page: expected one page, found 2 documents
      put each kind into a file of its own
    ");
}
