//! Rebuilds the binary when a file is added to the content it embeds.

fn main() {
    println!("cargo::rerun-if-changed=../../content");
}
