//! An order in the languages of other tools.
//!
//! What a connector can say as requests and commands goes as such; everything else in words, for people.

use cordon_act::{Effect, Reversal};
use cordon_effect::{Said, Spoken};
use cordon_model::Timestamp;
use cordon_report::json::{
    Play, PlayCommand, PlaybookOrigin, cacao_playbook, openc2_commands, v1::Plan,
};

use crate::{Failure, ordered::Ordered, typed::Export};

/// The plan in another language.
///
/// # Errors
/// When its document, which was read before, is none.
pub(crate) fn exported(ordered: &Ordered, language: Export) -> Result<String, Failure> {
    let plan: Plan =
        serde_json::from_slice(&ordered.plan).map_err(|why| Failure::World(Box::new(why)))?;
    let digest = ordered.order.plan.to_string();
    Ok(match language {
        Export::Openc2 => openc2_commands(&plan, &digest),
        Export::Cacao => {
            let effects = ordered.order.effects.iter();
            let plays: Vec<Play> = effects.map(|effect| play(effect, ordered, &plan)).collect();
            let origin = PlaybookOrigin {
                estate: &ordered.order.estate,
                digest: &digest,
                created: Timestamp::now(),
            };
            cacao_playbook(&plays, origin)
        }
    })
}

fn play(effect: &Effect, ordered: &Ordered, plan: &Plan) -> Play {
    let connector = ordered.registry.get(&effect.connector);
    let Spoken {
        reads,
        does,
        undoes,
    } = connector.map(|c| c.spoken(effect)).unwrap_or_default();
    let mut steps = plan.steps.iter();
    let step = steps.find(|step| step.id == effect.step.as_str());
    let check = step.and_then(|step| step.check.as_deref());
    let undo = step.and_then(|step| step.undo.as_deref());
    let about = check.unwrap_or("see with your own eyes that it is as it should be");
    let mut undoes = commands(undoes);
    if undoes.is_empty() && effect.reversal == Reversal::Undo {
        let undo = undo.unwrap_or("restore what was there before");
        undoes.push(PlayCommand::Manual(undo.to_owned()));
    }
    Play {
        name: format!("{} on {}", effect.step, effect.target),
        about: about.to_owned(),
        stage: effect.stage,
        reads: commands(reads),
        does: commands(does),
        undoes: if effect.reversal == Reversal::Undo {
            undoes
        } else {
            Vec::new()
        },
    }
}

fn commands(said: Vec<Said>) -> Vec<PlayCommand> {
    let each = said.into_iter().map(|said| match said {
        Said::Words(words) => PlayCommand::Manual(words),
        Said::Http {
            method,
            url,
            mut headers,
            body,
        } => {
            let kind = body.as_ref().map(|(kind, _)| (*kind).to_owned());
            headers.extend(kind.map(|kind| ("Content-Type".to_owned(), kind)));
            PlayCommand::Http {
                method: method.to_owned(),
                url,
                headers,
                body: body.map(|(_, body)| body),
            }
        }
        Said::Shell { machine, command } => PlayCommand::Shell {
            machine: machine.map(|ssh| (ssh.host, ssh.port, ssh.user)),
            command,
        },
    });
    each.collect()
}
