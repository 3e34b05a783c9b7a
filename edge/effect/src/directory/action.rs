//! What can be done to an account or a membership, each by one attribute.

use cordon_act::{Effect, Reversal};
use cordon_model::Value;
use serde_json::json;

use super::{Change, Entry, Failed, Operation, password, rotation, text};

/// `ACCOUNTDISABLE` of `userAccountControl` ([MS-ADTS] 2.2.16).
const DISABLED: i64 = 0x2;
/// `DONT_EXPIRE_PASSWD` of the same.
const NEVER_EXPIRES: i64 = 0x1_0000;
/// `SMARTCARD_REQUIRED` of the same.
const SMARTCARD: i64 = 0x4_0000;
/// Made by the server from the keys that it has ([MS-ADTS] 3.1.1.4.5.16).
const KEY_VERSION: &str = "msDS-KeyVersionNumber";
/// A week of hours, a bit each ([MS-ADA1] 2.376).
const HOURS_BYTES: usize = 21;

/// What a directory can do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Action {
    /// The account is disabled.
    Disable,
    /// Its password has to be changed before it is used.
    ForceChange,
    /// It has a password that nobody knows.
    ResetPassword,
    /// It is no member of a group.
    RemoveFromGroup,
    /// It may sign in at no hour.
    CloseHours,
    /// The key that signs tickets is another, and so was the one before.
    RotateKrbtgt,
}

const ALL: [(Action, &str); 6] = [
    (Action::Disable, "disable"),
    (Action::ForceChange, "force-password-change"),
    (Action::ResetPassword, "reset-password"),
    (Action::RemoveFromGroup, "remove-from-group"),
    (Action::CloseHours, "close-logon-hours"),
    (Action::RotateKrbtgt, "rotate-krbtgt"),
];

impl Action {
    pub(super) fn named(name: &str) -> Option<Self> {
        let found = ALL.iter().find(|(_, known)| *known == name);
        found.map(|(action, _)| *action)
    }

    /// What a kind of step means, if it names no action.
    pub(super) fn of_kind(kind: &str) -> Option<Self> {
        match kind {
            "disable-account" => Some(Self::Disable),
            "reset-password" => Some(Self::ResetPassword),
            "remove-from-group" => Some(Self::RemoveFromGroup),
            "rotate-krbtgt" => Some(Self::RotateKrbtgt),
            _ => None,
        }
    }

    /// Kinds of steps that it is a way of carrying out.
    pub(super) fn kinds(self) -> &'static [&'static str] {
        match self {
            Self::Disable | Self::CloseHours => &["disable-account"],
            Self::ForceChange => &["reset-password"],
            Self::ResetPassword => &["reset-password", "rotate-service-secret"],
            Self::RemoveFromGroup => &[
                "remove-from-group",
                "remove-role",
                "revoke-right",
                "close-admin-rights",
            ],
            Self::RotateKrbtgt => &["rotate-krbtgt"],
        }
    }

    pub(super) fn name(self) -> &'static str {
        let found = ALL.iter().find(|(action, _)| *action == self);
        found.map_or("", |(_, name)| name)
    }

    pub(super) fn names() -> String {
        ALL.map(|(_, name)| name).join(", ")
    }

    pub(super) fn reversal(self) -> Reversal {
        match self {
            Self::ResetPassword | Self::RotateKrbtgt => Reversal::Never,
            Self::Disable | Self::ForceChange | Self::RemoveFromGroup | Self::CloseHours => {
                Reversal::Undo
            }
        }
    }

    pub(super) fn attributes(self) -> &'static [&'static str] {
        match self {
            Self::Disable => &["userAccountControl"],
            Self::ForceChange => &["pwdLastSet", "userAccountControl"],
            Self::ResetPassword => &["pwdLastSet"],
            // Who is a member is asked by a filter: large groups tell only some of their members.
            Self::RemoveFromGroup => &["objectClass"],
            Self::CloseHours => &["logonHours"],
            Self::RotateKrbtgt => &["sAMAccountName", KEY_VERSION, "pwdLastSet"],
        }
    }

    /// The entry that is changed.
    pub(super) fn entry(self, effect: &Effect) -> &str {
        let group = effect.parameters.get("group").and_then(Value::as_str);
        match (self, group) {
            (Self::RemoveFromGroup, Some(group)) => group,
            (_, _) => &effect.target,
        }
    }

    /// Why nothing can be tried once it is done.
    pub(super) fn untried(self) -> &'static str {
        if self == Self::RotateKrbtgt {
            return "no ticket from before is at hand here: present one, every domain controller must refuse it";
        }
        "nobody's password is known here, so that no sign-in can be tried"
    }

    /// What it does and undoes, for people.
    pub(super) fn words(self) -> (&'static str, &'static str) {
        match self {
            Self::Disable => (
                "userAccountControl with the bit ACCOUNTDISABLE",
                "that bit as it was captured",
            ),
            Self::ForceChange => (
                "pwdLastSet = 0",
                "pwdLastSet = -1, which the server makes now",
            ),
            Self::ResetPassword => (
                "unicodePwd = a random text that nobody knows, twice",
                "none: it only goes forward",
            ),
            Self::RemoveFromGroup => ("member without the target", "member with the target"),
            Self::CloseHours => ("logonHours = never", "logonHours as it was captured"),
            Self::RotateKrbtgt => (
                "unicodePwd = a random text that nobody knows",
                "none: it only goes forward",
            ),
        }
    }

    /// The state of what it owns; of an entry that was not found nothing is known.
    pub(super) fn state(self, entry: Option<&Entry>) -> Value {
        let get = |name: &str| entry.and_then(|entry| text(entry, name));
        match self {
            Self::Disable => json!({ "userAccountControl": get("useraccountcontrol") }),
            Self::ForceChange => json!({
                "pwdLastSet": get("pwdlastset"),
                "userAccountControl": get("useraccountcontrol"),
            }),
            Self::ResetPassword => json!({ "pwdLastSet": get("pwdlastset") }),
            Self::RemoveFromGroup => json!({ "member": entry.is_some() }),
            Self::CloseHours => {
                let hours = entry.and_then(|entry| entry.get("logonhours")?.first());
                json!({ "logonHours": hours.map(|bytes| hex(bytes)) })
            }
            Self::RotateKrbtgt => json!({
                "sAMAccountName": get("samaccountname"),
                "keyVersion": get(&KEY_VERSION.to_lowercase()),
                "pwdLastSet": get("pwdlastset"),
            }),
        }
    }

    /// Why it would have no effect on an account, or could not be taken back.
    pub(super) fn unfit(self, state: &Value) -> Option<String> {
        match self {
            Self::Disable if flags(state).is_none() => {
                Some("the entry has no `userAccountControl`: it is no account, or Cordon may not read it".to_owned())
            }
            Self::ForceChange => match flags(state) {
                None => Some("the entry has no `userAccountControl`: it is no account, or Cordon may not read it".to_owned()),
                Some(flags) if flags & (NEVER_EXPIRES | SMARTCARD) != 0 => Some(
                    "its password never expires or is not used, so that it need not be changed: disable it instead".to_owned(),
                ),
                Some(_) => None,
            },
            Self::ResetPassword if state["pwdLastSet"].is_null() => {
                Some("the entry has no `pwdLastSet`: it is no account, or Cordon may not read it".to_owned())
            }
            Self::RotateKrbtgt => rotation::unfit(state),
            Self::Disable | Self::ResetPassword | Self::RemoveFromGroup | Self::CloseHours => None,
        }
    }

    /// Whether it holds; without the state before, whether it did all along.
    pub(super) fn is_wanted(self, state: &Value, prior: Option<&Value>) -> bool {
        match self {
            Self::Disable => flags(state).is_some_and(|flags| flags & DISABLED != 0),
            Self::ForceChange => state["pwdLastSet"] == "0",
            Self::ResetPassword => {
                let set = &state["pwdLastSet"];
                prior.is_some_and(|prior| !set.is_null() && *set != prior["pwdLastSet"])
            }
            // How often it has to be, its rotation knows.
            Self::RotateKrbtgt => false,
            Self::RemoveFromGroup => state["member"] == false,
            Self::CloseHours => state["logonHours"] == hex(&[0; HOURS_BYTES]),
        }
    }

    /// Whether what it owns is as it was.
    pub(super) fn is_restored(self, state: &Value, prior: &Value) -> bool {
        match self {
            Self::Disable => match (flags(state), flags(prior)) {
                (Some(now), Some(before)) => now & DISABLED == before & DISABLED,
                (_, _) => false,
            },
            // The server keeps the time itself: it can be made now, not then.
            Self::ForceChange => !state["pwdLastSet"].is_null() && state["pwdLastSet"] != "0",
            Self::ResetPassword | Self::RemoveFromGroup | Self::CloseHours | Self::RotateKrbtgt => {
                state == prior
            }
        }
    }

    /// The changes that do it, each a request of its own.
    ///
    /// # Errors
    /// When there is no chance for a password.
    pub(super) fn done(self, now: &Value) -> Result<Vec<Change>, Failed> {
        if self.is_wanted(now, None) {
            return Ok(Vec::new());
        }
        Ok(match self {
            Self::Disable => vec![uac(now, DISABLED)?],
            Self::ForceChange => vec![replace("pwdLastSet", vec![b"0".to_vec()])],
            // The password before the last may still be good for a while.
            Self::ResetPassword => vec![
                replace("unicodePwd", vec![password::quoted()?]),
                replace("unicodePwd", vec![password::quoted()?]),
            ],
            Self::RotateKrbtgt => vec![replace("unicodePwd", vec![password::quoted()?])],
            Self::RemoveFromGroup => vec![member(Operation::Delete)],
            Self::CloseHours => vec![replace("logonHours", vec![vec![0; HOURS_BYTES]])],
        })
    }

    /// The changes that take it back.
    ///
    /// # Errors
    /// When what was captured cannot be written.
    pub(super) fn undo(self, now: &Value, prior: &Value) -> Result<Vec<Change>, Failed> {
        if self.is_restored(now, prior) {
            return Ok(Vec::new());
        }
        Ok(match self {
            Self::Disable => {
                let before = flags(prior).ok_or_else(|| uncaptured("userAccountControl"))?;
                vec![uac(now, before & DISABLED)?]
            }
            Self::ForceChange => vec![replace("pwdLastSet", vec![b"-1".to_vec()])],
            Self::ResetPassword | Self::RotateKrbtgt => Vec::new(),
            Self::RemoveFromGroup => vec![member(Operation::Add)],
            Self::CloseHours => {
                let hours = prior["logonHours"].as_str().map(unhex);
                let hours = hours.map(|hours| hours.ok_or_else(|| uncaptured("logonHours")));
                vec![replace(
                    "logonHours",
                    hours.transpose()?.into_iter().collect(),
                )]
            }
        })
    }
}

fn uncaptured(what: &str) -> Failed {
    Failed::Refused {
        why: format!("`{what}` was not captured, so that it cannot be written back"),
    }
}

fn flags(state: &Value) -> Option<i64> {
    state["userAccountControl"].as_str()?.parse().ok()
}

/// The flags as they are now, with one bit set or not.
fn uac(now: &Value, disabled: i64) -> Result<Change, Failed> {
    let flags = flags(now).ok_or_else(|| Failed::Unknown {
        why: "`userAccountControl` cannot be read".to_owned(),
    })?;
    let flags = (flags & !DISABLED) | disabled;
    let value = flags.to_string().into_bytes();
    Ok(replace("userAccountControl", vec![value]))
}

fn replace(attribute: &'static str, values: Vec<Vec<u8>>) -> Change {
    Change {
        operation: Operation::Replace,
        attribute,
        values,
    }
}

/// Of the target, which whoever sends it fills in.
fn member(operation: Operation) -> Change {
    Change {
        operation,
        attribute: "member",
        values: Vec::new(),
    }
}

pub(super) fn hex(bytes: &[u8]) -> String {
    let digits = bytes.iter().map(|byte| format!("{byte:02x}"));
    digits.collect()
}

fn unhex(text: &str) -> Option<Vec<u8>> {
    let pairs = text.as_bytes().chunks(2);
    let bytes = pairs.map(|pair| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok());
    bytes.collect()
}

#[cfg(test)]
mod tests {
    use cordon_model::Value;
    use serde_json::json;

    use super::{Action, hex, unhex};

    fn uac(flags: i64) -> Value {
        json!({ "userAccountControl": flags.to_string() })
    }

    #[test]
    fn disabling_and_enabling_touch_one_bit_and_keep_what_others_changed_meanwhile() {
        let prior = uac(0x200);
        let done = Action::Disable.done(&prior).unwrap();
        assert_eq!(done[0].values, [b"514"]);
        // Somebody made the password one that never expires while the account was disabled.
        let undo = Action::Disable.undo(&uac(0x1_0202), &prior).unwrap();
        assert_eq!(undo[0].values, [0x1_0200.to_string().as_bytes()]);
        assert!(Action::Disable.is_restored(&uac(0x1_0200), &prior));
    }

    #[test]
    fn what_was_disabled_before_stays_disabled() {
        let prior = uac(0x202);
        assert!(Action::Disable.is_wanted(&prior, None));
        assert_eq!(Action::Disable.undo(&uac(0x202), &prior).unwrap(), []);
    }

    #[test]
    fn hours_come_back_as_they_were_or_go_if_there_were_none() {
        let closed = json!({ "logonHours": hex(&[0; 21]) });
        for (prior, values) in [
            (json!({ "logonHours": Value::Null }), Vec::new()),
            (json!({ "logonHours": hex(&[7; 21]) }), vec![vec![7; 21]]),
        ] {
            let undo = Action::CloseHours.undo(&closed, &prior).unwrap();
            assert_eq!(undo[0].values, values);
        }
    }

    #[test]
    fn a_change_that_would_have_no_effect_is_refused_beforehand() {
        let state = json!({ "pwdLastSet": "1", "userAccountControl": 0x1_0200.to_string() });
        assert!(
            Action::ForceChange
                .unfit(&state)
                .unwrap()
                .contains("disable it")
        );
        assert!(Action::Disable.unfit(&uac(0x200)).is_none());
        assert!(
            Action::Disable
                .unfit(&json!({ "userAccountControl": null }))
                .is_some()
        );
    }

    #[test]
    fn hexadecimal_is_read_again() {
        assert_eq!(unhex(&hex(&[0, 1, 255])), Some(vec![0, 1, 255]));
        assert_eq!(unhex("0g"), None);
    }
}
