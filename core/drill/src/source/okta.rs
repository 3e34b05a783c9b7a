//! Okta System Log, one JSON object a line.

use crate::{
    account::Account,
    app::App,
    json::{Items, Json},
    log::{Record, Stamp, mix, uuid},
    moment::Span,
    place::{Provider, Seat},
};

/// What happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Act {
    SessionStarted,
    SessionRefused,
    PolicyEvaluated,
    FactorVerified,
    /// The person says no to a push.
    PushRefused,
    PushSent,
    SignedOn(&'static App),
    PasswordReset,
    /// One method of a factor is taken away by somebody else.
    FactorDeactivated(&'static str),
    FactorActivated(&'static str),
    DeviceEnrolled,
    AccountUnlocked,
}

impl Eq for App {}

/// How unusual the place and the device are for the person.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Novelty {
    None,
    Address,
    Device,
    AddressAndDevice,
}

/// One record.
#[derive(Debug, Clone)]
pub(crate) struct Okta<'n> {
    pub(crate) act: Act,
    pub(crate) actor: &'n Account,
    /// Whom it was done to, if not to the actor.
    pub(crate) target: Option<&'n Account>,
    pub(crate) seat: &'n Seat,
    /// The session it belongs to, any number.
    pub(crate) session: u64,
    pub(crate) novelty: Novelty,
}

/// The three methods of one enrolment of the authenticator app.
pub(crate) const APP_METHODS: [&str; 3] = ["SIGNED_NONCE", "OKTA_VERIFY_PUSH", "OKTA_SOFT_TOKEN"];

struct Words {
    event: &'static str,
    legacy: &'static str,
    message: &'static str,
}

impl Act {
    const fn words(self) -> Words {
        let (event, legacy, message) = match self {
            Self::SessionStarted => (
                "user.session.start",
                "core.user_auth.login_success",
                "User login to Okta",
            ),
            Self::SessionRefused => (
                "user.session.start",
                "core.user_auth.login_failed",
                "User login to Okta",
            ),
            Self::PolicyEvaluated => (
                "policy.evaluate_sign_on",
                "",
                "Evaluation of sign-on policy",
            ),
            Self::FactorVerified => (
                "user.authentication.auth_via_mfa",
                "core.user.factor.attempt_success",
                "Authentication of user via MFA",
            ),
            Self::PushRefused => (
                "user.authentication.auth_via_mfa",
                "core.user.factor.attempt_fail",
                "Authentication of user via MFA",
            ),
            Self::PushSent => (
                "system.push.send_factor_verify_push",
                "core.user.push_verify_factor",
                "Push verify factor",
            ),
            Self::SignedOn(_) => (
                "user.authentication.sso",
                "app.auth.sso",
                "User single sign on to app",
            ),
            Self::PasswordReset => (
                "user.account.reset_password",
                "core.user.config.user_status.password_reset",
                "Fired when the user's Okta password is reset",
            ),
            Self::FactorDeactivated(_) => (
                "user.mfa.factor.deactivate",
                "core.user.factor.deactivate",
                "Reset factor for user",
            ),
            Self::FactorActivated(_) => (
                "user.mfa.factor.activate",
                "core.user.factor.activate",
                "Activate factor or authenticator enrollment method for user",
            ),
            Self::DeviceEnrolled => ("device.enrollment.create", "", "Create device enrollment"),
            Self::AccountUnlocked => (
                "user.account.unlock_by_admin",
                "core.user.config.user_status.password_unlock_by_admin",
                "Unlock user account",
            ),
        };
        Words {
            event,
            legacy,
            message,
        }
    }
}

impl Novelty {
    const fn signs(self) -> (&'static str, &'static str, &'static str) {
        match self {
            Self::None => ("NEGATIVE", "NEGATIVE", "LOW"),
            Self::Address => ("POSITIVE", "NEGATIVE", "LOW"),
            Self::Device => ("NEGATIVE", "POSITIVE", "MEDIUM"),
            Self::AddressAndDevice => ("POSITIVE", "POSITIVE", "HIGH"),
        }
    }
}

impl Record for Okta<'_> {
    fn skew(&self) -> Span {
        Span::ms(0)
    }

    fn write(&self, stamp: Stamp, out: &mut String) {
        let words = self.act.words();
        Json::object_into(out, |j| {
            j.object("actor", |j| person(j, self.actor));
            j.object("client", |j| self.client(j));
            self.device(j);
            j.object("authenticationContext", |j| self.context(j));
            j.text("displayMessage", words.message);
            j.text("eventType", words.event);
            j.object("outcome", |j| self.outcome(j));
            j.text("published", &stamp.at.iso_ms());
            j.object("securityContext", |j| self.security(j));
            j.text("severity", "INFO");
            j.object("debugContext", |j| {
                j.object("debugData", |j| self.debug(j, stamp));
            });
            if words.legacy.is_empty() {
                j.null("legacyEventType");
            } else {
                j.text("legacyEventType", words.legacy);
            }
            j.object("transaction", |j| {
                j.text("type", "WEB");
                j.shown("id", format_args!("{:024x}", mix(stamp.key)));
                j.object("detail", |_| {});
            });
            j.text("uuid", &stamp.uuid());
            j.text("version", "0");
            j.object("request", |j| {
                j.list("ipChain", |l| {
                    l.object(|j| self.address(j));
                });
            });
            j.list("target", |l| self.targets(l));
        });
    }
}

fn person(j: &mut Json<'_>, account: &Account) {
    j.text("id", account.okta.as_deref().unwrap_or("unknown"));
    j.text("type", "User").text("alternateId", &account.upn);
    j.text("displayName", &account.display).null("detailEntry");
}

impl Okta<'_> {
    fn client(&self, j: &mut Json<'_>) {
        j.object("userAgent", |j| {
            let browser = self.seat.browser;
            j.text("rawUserAgent", browser.raw)
                .text("os", browser.system);
            j.text("browser", browser.name);
        });
        j.text("zone", "null");
        let phone = self.seat.browser.system.starts_with("iOS");
        j.text("device", if phone { "Mobile" } else { "Computer" })
            .null("id");
        j.shown("ipAddress", self.seat.egress);
        self.place(j);
    }

    fn place(&self, j: &mut Json<'_>) {
        let town = self.seat.town;
        j.object("geographicalContext", |j| {
            j.text("city", town.city).text("state", town.state);
            j.text("country", "United Kingdom").null("postalCode");
            j.object("geolocation", |j| {
                j.bare("lat", town.latitude).bare("lon", town.longitude);
            });
        });
    }

    fn address(&self, j: &mut Json<'_>) {
        j.shown("ip", self.seat.egress);
        self.place(j);
        j.text("version", "V4").null("source");
    }

    fn device(&self, j: &mut Json<'_>) {
        match self.act {
            Act::SessionStarted | Act::DeviceEnrolled | Act::PolicyEvaluated => {
                let managed = self.seat.device.starts_with("NG-");
                j.object("device", |j| {
                    let id = self
                        .seat
                        .device
                        .bytes()
                        .fold(7, |n, b| mix(n ^ u64::from(b)));
                    j.shown("id", format_args!("guo{id:016x}"));
                    j.text("name", &self.seat.device)
                        .text("os_platform", "WINDOWS");
                    j.bare("managed", managed).bare("registered", true);
                });
            }
            Act::SessionRefused
            | Act::FactorVerified
            | Act::PushRefused
            | Act::PushSent
            | Act::SignedOn(_)
            | Act::PasswordReset
            | Act::FactorDeactivated(_)
            | Act::FactorActivated(_)
            | Act::AccountUnlocked => {
                j.null("device");
            }
        }
    }

    fn context(&self, j: &mut Json<'_>) {
        j.null("authenticationProvider")
            .null("credentialProvider")
            .null("credentialType");
        j.null("issuer")
            .null("interface")
            .bare("authenticationStep", 0);
        let session = format!("102{}", uuid(mix(self.session)).replace('-', ""));
        j.text("externalSessionId", &session)
            .text("rootSessionId", &session);
    }

    fn outcome(&self, j: &mut Json<'_>) {
        match self.act {
            Act::SessionRefused | Act::PushRefused => {
                j.text("result", "FAILURE")
                    .text("reason", "INVALID_CREDENTIALS");
            }
            Act::PolicyEvaluated => {
                j.text("result", "CHALLENGE")
                    .text("reason", "Sign-on policy evaluation resulted in CHALLENGE");
            }
            Act::FactorDeactivated(method) => {
                j.text("result", "SUCCESS")
                    .text("reason", &format!("User reset {method} factor"));
            }
            Act::FactorActivated(method) => {
                j.text("result", "SUCCESS")
                    .text("reason", &format!("User set up {method} factor"));
            }
            Act::SessionStarted
            | Act::FactorVerified
            | Act::PushSent
            | Act::SignedOn(_)
            | Act::PasswordReset
            | Act::DeviceEnrolled
            | Act::AccountUnlocked => {
                j.text("result", "SUCCESS").null("reason");
            }
        }
    }

    fn security(&self, j: &mut Json<'_>) {
        let Provider { name, number } = self.seat.provider;
        j.bare("asNumber", number)
            .text("asOrg", name)
            .text("isp", name);
        // Lines rented out from homes are why the flag alone finds nobody.
        j.text("domain", ".").bare("isProxy", false);
    }

    fn debug(&self, j: &mut Json<'_>, stamp: Stamp) {
        j.shown("requestId", format_args!("{:024x}", mix(stamp.key ^ 1)));
        let (address, device, risk) = self.novelty.signs();
        match self.act {
            Act::SessionStarted | Act::PolicyEvaluated => {
                j.text("risk", &format!("{{level={risk}}}"));
                j.text(
                    "behaviors",
                    &format!(
                        "{{New Geo-Location={address}, New Device={device}, New IP={address}, \
                         New State=NEGATIVE, New Country=NEGATIVE, Velocity=NEGATIVE, New City={address}}}"
                    ),
                );
                j.text("requestUri", "/idp/idx/challenge/answer")
                    .text("threatSuspected", "false");
            }
            Act::PushRefused => {
                j.text("factor", "OKTA_VERIFY_PUSH")
                    .text("pushOnlyResponseType", "OV_RESPONSE_DENY")
                    .text("requestUri", "/idp/idx/authenticators/poll");
            }
            Act::FactorVerified | Act::PushSent => {
                j.text("factor", "OKTA_VERIFY_PUSH")
                    .text("requestUri", "/idp/idx/authenticators/poll");
            }
            Act::FactorDeactivated(method) | Act::FactorActivated(method) => {
                j.text("factor", method)
                    .text("requestUri", "/api/internal/users/factors");
            }
            Act::SignedOn(app) => {
                j.text("initiationType", "IDP_INITIATED")
                    .text("signOnMode", app.mode);
                j.shown("requestUri", format_args!("/app/{}/sso", app.id));
            }
            Act::SessionRefused
            | Act::PasswordReset
            | Act::DeviceEnrolled
            | Act::AccountUnlocked => {
                j.text("requestUri", "/api/internal/v1/users")
                    .text("threatSuspected", "false");
            }
        }
    }

    fn targets(&self, l: &mut Items<'_>) {
        if let Act::SignedOn(app) = self.act {
            l.object(|j| {
                j.text("id", app.id).text("type", "AppInstance");
                j.text("alternateId", app.label)
                    .text("displayName", app.label);
                j.object("detailEntry", |j| {
                    j.text("signOnModeType", app.mode);
                });
            });
            l.object(|j| {
                let id = self.actor.okta.as_deref().unwrap_or("unknown");
                j.text("id", &id.replacen("00u", "0ua", 1))
                    .text("type", "AppUser");
                j.text("alternateId", &self.actor.upn)
                    .text("displayName", &self.actor.display);
                j.null("detailEntry");
            });
        } else {
            l.object(|j| person(j, self.target.unwrap_or(self.actor)));
        }
    }
}
