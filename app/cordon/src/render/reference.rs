//! The reference of all commands, as Markdown, made from the definitions that parse them.

use std::fmt::Write as _;

use clap::Command;

/// One section for each command, with what `--help` says.
pub(crate) fn reference(mut command: Command) -> String {
    command.build();
    let mut out = String::from(
        "# Commands\n\nGenerated from the command line's own definitions by \
         `cargo run -p xtask -- generate`; edit those, not this page.\n",
    );
    section(&command, "cordon", &mut out);
    out
}

fn section(command: &Command, path: &str, out: &mut String) {
    let mut help = command.clone().term_width(100);
    let text = help.render_long_help().to_string();
    let text: Vec<&str> = text.lines().map(str::trim_end).collect();
    let _cannot_fail = write!(
        out,
        "\n## {path}\n\n```text\n{}\n```\n",
        text.join("\n").trim_end()
    );
    for child in command
        .get_subcommands()
        .filter(|c| !c.is_hide_set() && c.get_name() != "help")
    {
        section(child, &format!("{path} {}", child.get_name()), out);
    }
}
