//! What records of clouds, appliances and service desks say happened: by the name that the vendor has for
//! it where that is known here, else in the vendor's words.

use cordon_model::{Deed, Outcome};

use super::{Fields, Phrase, quoted};
use crate::record::name;

/// Where logs say it in words of their own.
const WORDS: [&str; 13] = [
    "displayMessage",
    "msg",
    "logdesc",
    "message",
    "name",
    "short_description.display_value",
    "short_description",
    "description",
    "event.original",
    "Message",
    "title",
    "summary",
    "change_description",
];

/// Where logs say why something failed, the most telling first.
const REASONS: [&str; 7] = [
    "outcome.reason",
    "errorMessage",
    "errorCode",
    "properties.status.failureReason",
    "properties.resultReason",
    "resultDescription",
    "resultType",
];

/// What a vendor's name for something means. `{}` stands for whom it was done to.
const MEANT: [(&str, &str); 59] = [
    ("user.session.start", "signed in"),
    ("user.session.end", "signed out"),
    (
        "user.authentication.sso",
        "opened an application by single sign-on",
    ),
    (
        "user.authentication.auth_via_mfa",
        "answered a question for the second factor",
    ),
    ("user.account.reset_password", "reset the password of {}"),
    ("user.account.update_password", "changed the password of {}"),
    ("user.account.unlock", "unlocked the account {}"),
    ("user.account.lock", "was locked out"),
    (
        "user.account.privilege.grant",
        "gave administrator's rights to {}",
    ),
    ("user.mfa.factor.deactivate", "took a second factor off {}"),
    (
        "user.mfa.factor.reset_all",
        "took all second factors off {}",
    ),
    (
        "user.mfa.factor.activate",
        "enrolled a second factor for {}",
    ),
    ("user.mfa.factor.suspend", "suspended a second factor of {}"),
    ("user.mfa.attempt_bypass", "came past the second factor"),
    ("device.enrollment.create", "joined a device to {}"),
    ("device.user.add", "joined a device to {}"),
    ("group.user_membership.add", "put somebody into a group: {}"),
    ("policy.lifecycle.deactivate", "switched the policy {} off"),
    (
        "system.api_token.create",
        "made a key for the interface: {}",
    ),
    ("zone.deactivate", "switched the network zone {} off"),
    ("sign-in", "signed in"),
    ("Sign-in activity", "signed in"),
    ("Reset password (by admin)", "reset the password of {}"),
    (
        "Change password (self-service)",
        "changed their own password",
    ),
    ("Reset user password", "reset the password of {}"),
    (
        "User registered security info",
        "registered a second factor for {}",
    ),
    (
        "User deleted security info",
        "removed a second factor of {}",
    ),
    (
        "Admin registered security info",
        "registered a second factor for {}",
    ),
    (
        "Admin deleted security info",
        "removed a second factor of {}",
    ),
    ("Add member to role", "gave a role to {}"),
    (
        "Add eligible member to role",
        "made eligible for a role: {}",
    ),
    ("Add member to group", "put into a group: {}"),
    (
        "Add registered owner to device",
        "became the owner of the device {}",
    ),
    ("Register device", "registered a device: {}"),
    (
        "Add service principal credentials",
        "gave the application {} another secret",
    ),
    ("Consent to application", "let an application in: {}"),
    ("ConsoleLogin", "signed in to the console of AWS"),
    ("GetSecretValue", "read a secret: {}"),
    ("AssumeRole", "took on a role"),
    (
        "AssumeRoleWithSAML",
        "took on a role through the identity provider",
    ),
    ("CreateAccessKey", "made an access key for {}"),
    ("CreateUser", "made the user {}"),
    ("AttachUserPolicy", "attached a policy to {}"),
    ("StopLogging", "stopped the trail {}"),
    ("DeleteTrail", "deleted the trail {}"),
    (
        "vim.event.UserLoginSessionEvent",
        "logged in to the management of the hypervisors",
    ),
    (
        "vim.event.BadUsernameSessionEvent",
        "failed to log in to the management of the hypervisors",
    ),
    ("vim.event.VmPoweredOffEvent", "powered the machine {} off"),
    (
        "vim.event.VmReconfiguredEvent",
        "reconfigured the machine {}",
    ),
    ("vim.event.VmRemovedEvent", "removed the machine {}"),
    ("vim.event.VmClonedEvent", "copied the machine {}"),
    ("esx.audit.ssh.enabled", "switched SSH on"),
    ("esx.audit.shell.enabled", "switched the shell on"),
    (
        "esx.audit.lockdownmode.disabled",
        "switched lockdown mode off",
    ),
    ("vob.user.ssh.session.opened", "opened a session by SSH"),
    ("FileDownloaded", "downloaded {}"),
    ("SearchQueryInitiatedSharePoint", "searched what is shared"),
    ("New-InboxRule", "made a rule for a mailbox"),
    ("MailItemsAccessed", "read mail"),
];

/// Never none: what no table knows is told in the log's own words, and where it has none that is said.
pub(super) fn phrase(source: &str, deed: &Deed, fields: Fields<'_>) -> Phrase {
    let called = deed.action.as_deref();
    let known = called.and_then(|called| {
        let bare = called.trim_end_matches('.');
        let is_it = |(word, _): &&(&str, &str)| word.eq_ignore_ascii_case(bare);
        MEANT
            .iter()
            .find(is_it)
            .map(|(_, phrase)| (*phrase).to_owned())
    });
    let words = known.unwrap_or_else(|| own_words(source, called, fields));
    let failed = (deed.outcome == Outcome::Failure).then(|| match fields.first(&REASONS) {
        Some(reason) => format!("it failed: {}", quoted(reason)),
        None => "it failed".to_owned(),
    });
    Phrase {
        subject: None,
        result: failed,
        words,
    }
}

fn own_words(source: &str, called: Option<&str>, fields: Fields<'_>) -> String {
    if source.starts_with("servicenow") || source == "zendesk/tickets" {
        let number = fields.first(&["number.display_value", "number.value", "number", "id"]);
        let number = number.map_or_else(String::new, |number| format!(" {}", name(number)));
        let what = fields.first(&[
            "short_description.display_value",
            "short_description",
            "subject",
        ]);
        let what = what.map_or_else(|| "no word on what".to_owned(), quoted);
        return format!("worked on the ticket{number} ({what}) for {}", "{}");
    }
    match (fields.first(&WORDS), called) {
        (Some(words), _) => format!(
            "is named in a record of {}: {}",
            name(source),
            quoted(words)
        ),
        (None, Some(called)) => format!("did what {} calls {}", name(source), quoted(called)),
        (None, None) => format!("is named in a record of {}", name(source)),
    }
}
