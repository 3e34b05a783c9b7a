//! `cordon approve`: a person's signature under an order.

use cordon_act::{Digest, Statement};
use cordon_model::Timestamp;

use crate::{
    Failure,
    connecting::For,
    console::Console,
    failure::Problems,
    ordered::{ordered, policy},
    render, run_folder, typed,
};

/// Shows what would be approved on standard error, and prints the approval.
///
/// # Errors
/// When the input is wrong or the world fails.
pub(crate) fn run(asked: &typed::Approve, console: &mut Console) -> Result<(), Failure> {
    let key = run_folder::private_key(&asked.key)?;
    let nowhere = std::path::Path::new("confirmations");
    let policy = asked.order.policy.as_deref().map(policy).transpose()?;
    let ordered = ordered(&asked.order, policy, nowhere, For::Showing, console)?;
    let problem =
        |message: &str, help: &str| Failure::Input(Problems::of_arguments("--by", message, help));
    let Some(policy) = &ordered.policy else {
        return Err(problem(
            "an approval is given under a policy",
            "add `--policy FILE`",
        ));
    };
    let person = policy.people.get(&asked.by);
    if person.is_none_or(|person| person.key != key.public()) {
        let message = format!(
            "the policy names no `{}` with the key {}",
            asked.by,
            key.public()
        );
        return Err(problem(&message, "have the policy name you with that key"));
    }
    for line in render::order(
        &ordered.order,
        &ordered.registry,
        Some((policy, Timestamp::now())),
    )
    .lines()
    {
        console.remark(line);
    }
    let from = Timestamp::now();
    let minutes = jiff::SignedDuration::from_mins(i64::from(asked.minutes));
    let (plan, order) = (ordered.order.plan, ordered.order.digest());
    // Nobody without the key can foresee this number, and no two moments have the same.
    let once = key.sign(format!("{plan} {order} {from}").as_bytes());
    let statement = Statement {
        plan,
        order,
        by: asked.by.clone(),
        from,
        until: from.saturating_add(minutes).unwrap_or(from),
        once: Digest::of(once.as_bytes()).to_string(),
    };
    let approval = serde_json::to_string_pretty(&statement.sign(&key));
    let approval = approval.map_err(|why| Failure::World(Box::new(why)))?;
    console.result(&format!("{approval}\n"))
}
