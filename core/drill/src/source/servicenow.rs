//! `ServiceNow` incidents as the Table API gives them with display values: `value` in UTC, and
//! `display_value` in the instance's local time.

use crate::{
    account::Account,
    json::Json,
    log::{Record, Stamp, mix},
    moment::{Moment, Span},
};

/// One incident of the service desk.
#[derive(Debug, Clone)]
pub(crate) struct Incident<'n> {
    pub(crate) caller: &'n Account,
    pub(crate) agent: &'n Account,
    pub(crate) matter: &'static Matter,
    /// How long after the opening it was closed; none if it is still open.
    pub(crate) closed_after: Option<Span>,
    /// How long after the opening it was last written to.
    pub(crate) touched_after: Span,
    pub(crate) contact: &'static str,
}

/// What people call the desk for.
#[derive(Debug)]
pub(crate) struct Matter {
    pub(crate) short: &'static str,
    pub(crate) subcategory: &'static str,
    pub(crate) notes: &'static str,
    pub(crate) close: &'static str,
}

impl Record for Incident<'_> {
    fn skew(&self) -> Span {
        Span::seconds(-20)
    }

    fn write(&self, stamp: Stamp, out: &mut String) {
        let opened = stamp.at;
        let touched = opened + self.touched_after;
        Json::object_into(out, |j| {
            same(j, "number", &format!("INC{:07}", 4_310_000 + stamp.number));
            same(
                j,
                "sys_id",
                &format!("{:016x}{:016x}", stamp.key, mix(stamp.key)),
            );
            reference(j, "caller_id", self.caller);
            reference(j, "opened_by", self.agent);
            reference(j, "assigned_to", self.agent);
            same(j, "assignment_group", "Helpline Service Desk");
            same(j, "category", "Account");
            same(j, "subcategory", self.matter.subcategory);
            same(j, "short_description", self.matter.short);
            same(j, "description", self.matter.short);
            same(j, "work_notes", self.matter.notes);
            same(j, "contact_type", self.contact);
            let state = if self.closed_after.is_some() {
                ("Closed", "7")
            } else {
                ("New", "1")
            };
            pair(j, "state", state);
            pair(j, "incident_state", state);
            when(j, "opened_at", Some(opened));
            when(
                j,
                "closed_at",
                self.closed_after.map(|after| opened + after),
            );
            same(
                j,
                "close_notes",
                if self.closed_after.is_some() {
                    self.matter.close
                } else {
                    ""
                },
            );
            when(j, "sys_created_on", Some(opened));
            same(j, "sys_created_by", &self.agent.sam);
            when(j, "sys_updated_on", Some(touched));
            same(j, "sys_updated_by", &self.agent.sam);
            same(j, "cmdb_ci", "");
            same(j, "caused_by", "");
        });
    }
}

fn pair(j: &mut Json<'_>, key: &str, (shown, value): (&str, &str)) {
    j.object(key, |j| {
        j.text("display_value", shown).text("value", value);
    });
}

fn same(j: &mut Json<'_>, key: &str, value: &str) {
    pair(j, key, (value, value));
}

fn reference(j: &mut Json<'_>, key: &str, account: &Account) {
    pair(j, key, (&account.display, &account.ticket_id));
}

fn when(j: &mut Json<'_>, key: &str, at: Option<Moment>) {
    match at {
        Some(at) => pair(j, key, (&at.british().plain(), &at.plain())),
        None => same(j, key, ""),
    }
}
