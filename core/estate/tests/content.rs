//! The pages that come with Cordon are sound, and cover what a retailer's estate needs.

#![expect(
    clippy::unwrap_used,
    reason = "a test whose world cannot be built should stop"
)]
#![expect(
    clippy::disallowed_methods,
    reason = "the pages are files of this repository"
)]

mod shipped;

use std::{fs, path::Path};

use cordon_text::Source;
use shipped::{pages, sources};

#[test]
fn every_page_is_sound() {
    let pages = pages();
    assert_eq!(pages.steps().count(), sources("steps").len());
    assert_eq!(pages.edges().count(), sources("reach").len());
}

#[test]
fn steps_of_every_kind_are_made_or_it_is_said_why_people_write_them() {
    for page in pages().steps() {
        assert_ne!(page.is_made(), page.by_hand.is_some(), "{}", page.kind);
    }
}

#[test]
fn the_kinds_that_a_retailer_needs_have_pages() {
    let pages = pages();
    let steps = "disable-account revoke-sessions reset-password reset-factor force-reenrol \
        remove-from-group close-vpn close-citrix block-zone-to-zone isolate-zone isolate-host \
        stop-directory-sync suspend-service-desk-resets lockdown-hypervisors \
        close-hypervisor-console take-application-offline isolate-backup revoke-cloud-keys \
        unpublish-template disconnect-third-party disable-federation power-down-host";
    for kind in steps.split_whitespace() {
        assert!(pages.step(kind).is_some(), "{kind}");
    }
    let edges = "member-of admin-to has-session dcsync force-change-password reset-factor can-rdp \
        can-ssh vpn-entry citrix-entry network-route console-admin hosts-guest controls-backup \
        synced-to sso-to owns generic-all vault-read delegated-admin deploys-to third-party-access";
    for kind in edges.split_whitespace() {
        assert!(pages.edge(kind).is_some(), "{kind}");
    }
}

#[test]
fn the_example_of_the_format_reference_is_read_without_a_lint() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/reference/estate.md");
    let text = fs::read_to_string(path).unwrap();
    let (_, rest) = text.split_once("```yaml\n").unwrap();
    let (example, _) = rest.split_once("```").unwrap();
    let read = cordon_estate::read(&[Source::new("example", example)], pages());
    let read = read.unwrap_or_else(|report| panic!("{report:#?}"));
    assert_eq!(read.lints.diagnostics, []);
    assert_eq!(read.estate.name(), "Northgate");
    assert!(read.estate.steps().iter().all(|step| step.check.is_some()));
}
