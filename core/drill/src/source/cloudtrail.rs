//! AWS `CloudTrail` records.

use crate::{
    account::Account,
    json::Json,
    log::{Record, Stamp, mix, uuid},
    moment::Span,
    place::Seat,
};

/// The account with the web shop.
pub(crate) const PRODUCTION: &str = "111122223333";
/// The account with the copy of the member data.
pub(crate) const DATA: &str = "444455556666";

/// Who called.
#[derive(Debug, Clone)]
pub(crate) enum Caller<'n> {
    /// A person through sign-on, with the permission set.
    Person {
        who: &'n Account,
        seat: &'n Seat,
        set: &'static str,
    },
    /// A program by its role.
    Role(&'static str),
}

/// One call.
#[derive(Debug, Clone)]
pub(crate) struct Call<'n> {
    pub(crate) caller: Caller<'n>,
    pub(crate) account: &'static str,
    /// `secretsmanager.amazonaws.com`.
    pub(crate) source: &'static str,
    /// `GetSecretValue`.
    pub(crate) name: &'static str,
    /// What it is about: parameter and value; both empty if nothing.
    pub(crate) about: (&'static str, &'static str),
}

impl Record for Call<'_> {
    fn skew(&self) -> Span {
        Span::ms(0)
    }

    fn write(&self, stamp: Stamp, out: &mut String) {
        Json::object_into(out, |j| {
            j.text("eventVersion", "1.09");
            j.object("userIdentity", |j| self.identity(j, stamp));
            j.text("eventTime", &stamp.at.iso());
            j.text("eventSource", self.source)
                .text("eventName", self.name);
            j.text("awsRegion", "eu-west-2");
            match &self.caller {
                Caller::Person { seat, .. } => {
                    j.shown("sourceIPAddress", seat.egress)
                        .text("userAgent", seat.browser.raw);
                }
                Caller::Role(_) => {
                    j.text("sourceIPAddress", "10.90.4.12")
                        .text("userAgent", "aws-sdk-rust/1.3");
                }
            }
            let (parameter, value) = self.about;
            if parameter.is_empty() {
                j.null("requestParameters");
            } else {
                j.object("requestParameters", |j| {
                    j.text(parameter, value);
                });
            }
            self.response(j);
            j.text("eventID", &stamp.uuid())
                .text("requestID", &uuid(mix(stamp.key)));
            j.bare("readOnly", self.name.starts_with(['G', 'L', 'D']));
            j.text(
                "eventType",
                if self.is_login() {
                    "AwsConsoleSignIn"
                } else {
                    "AwsApiCall"
                },
            );
            j.bare("managementEvent", true)
                .text("recipientAccountId", self.account);
            j.text("eventCategory", "Management");
        });
    }
}

impl Call<'_> {
    fn is_login(&self) -> bool {
        self.name == "ConsoleLogin"
    }

    fn response(&self, j: &mut Json<'_>) {
        if self.is_login() {
            j.object("responseElements", |j| {
                j.text("ConsoleLogin", "Success");
            });
            j.object("additionalEventData", |j| {
                j.text("MobileVersion", "No").text("MFAUsed", "No");
                j.text("LoginTo", "https://console.aws.amazon.com/console/home");
            });
        } else {
            j.null("responseElements");
        }
    }

    fn identity(&self, j: &mut Json<'_>, stamp: Stamp) {
        let (role, session) = match &self.caller {
            Caller::Person { who, set, .. } => (
                format!("AWSReservedSSO_{set}_0a1b2c3d4e5f6071"),
                who.upn.clone(),
            ),
            Caller::Role(role) => ((*role).to_owned(), "worker".to_owned()),
        };
        let principal = role.bytes().fold(5, |n, b| mix(n ^ u64::from(b)));
        let account = self.account;
        j.text("type", "AssumedRole");
        j.text("principalId", &format!("AROA{principal:016X}:{session}"));
        j.text(
            "arn",
            &format!("arn:aws:sts::{account}:assumed-role/{role}/{session}"),
        );
        j.text("accountId", account);
        j.object("sessionContext", |j| {
            j.object("sessionIssuer", |j| {
                j.text("type", "Role")
                    .text("principalId", &format!("AROA{principal:016X}"));
                let path = match &self.caller {
                    Caller::Person { .. } => "aws-reserved/sso.amazonaws.com/eu-west-2/",
                    Caller::Role(_) => "",
                };
                j.text("arn", &format!("arn:aws:iam::{account}:role/{path}{role}"));
                j.text("accountId", account).text("userName", &role);
            });
            j.object("attributes", |j| {
                j.text("creationDate", &stamp.at.iso())
                    .text("mfaAuthenticated", "false");
            });
        });
    }
}
