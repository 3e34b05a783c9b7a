//! The order of the house, each rule as a test that names everything out of order.

use xtask::{Fault, Repo};

fn none(findings: Result<Vec<String>, Fault>) {
    match findings {
        Ok(findings) => assert!(findings.is_empty(), "\n{}\n", findings.join("\n")),
        Err(fault) => unreachable!("the project cannot be looked at: {fault}"),
    }
}

#[test]
fn every_source_file_says_what_it_is_for() {
    none(xtask::files_without_a_purpose(&Repo::here()));
}

#[test]
fn no_source_file_is_longer_than_a_reader_can_hold() {
    none(xtask::files_too_long(&Repo::here()));
}

#[test]
fn no_source_file_has_a_name_that_says_nothing() {
    none(xtask::names_that_say_nothing(&Repo::here()));
}

#[test]
fn the_arrows_drawn_are_the_arrows_declared() {
    none(xtask::arrows_differ(&Repo::here()));
}

#[test]
fn data_runs_one_way() {
    none(xtask::arrows_against_the_order(&Repo::here()));
}

#[test]
fn every_arrow_is_used() {
    none(xtask::arrows_nobody_uses(&Repo::here()));
}

#[test]
fn every_path_that_a_page_or_comment_names_exists() {
    none(xtask::paths_that_do_not_exist(&Repo::here()));
}

#[test]
fn the_project_speaks_of_itself_only() {
    none(xtask::words_of_the_workplace(&Repo::here()));
}

#[test]
fn every_rule_has_records_it_fires_on_and_records_it_is_silent_on() {
    none(xtask::rules_without_examples(&Repo::here()));
}

#[test]
fn every_kind_that_an_example_uses_has_its_page() {
    none(xtask::kinds_without_a_page(&Repo::here()));
}
