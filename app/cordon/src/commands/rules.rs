//! `cordon rules`: looking after detection rules.

mod check;
mod coverage;
mod explain;
mod list;
mod test;

use crate::{
    Failure,
    console::Console,
    typed::{self, RuleFiles},
};

/// Does what was asked of rules.
///
/// # Errors
/// When a file cannot be read, a rule is wrong, or the answer is no.
pub(crate) fn run(asked: &typed::Rules, console: &mut Console) -> Result<(), Failure> {
    match asked {
        typed::Rules::Check { paths, reading } => {
            let asked = RuleFiles {
                rules: paths.clone(),
                reading: reading.clone(),
            };
            check::run(&asked, console)
        }
        typed::Rules::List(asked) => list::run(asked, console),
        typed::Rules::Explain(asked) => explain::run(asked, console),
        typed::Rules::Test(asked) => test::run(asked, console),
        typed::Rules::Coverage(asked) => coverage::run(asked, console),
    }
}
