//! Microsoft Entra audit and sign-in logs, in the shape in which Azure Monitor exports them.

use crate::{
    account::Account,
    app::App,
    json::Json,
    log::{Record, Stamp, mix, uuid},
    moment::Span,
    place::{From, Seat},
};

const TENANT: &str = "6f0d4c5e-8f0b-4b3a-9a6e-2f3b1f0c7d21";

/// One change in the directory.
#[derive(Debug, Clone)]
pub(crate) struct Audit<'n> {
    pub(crate) activity: Activity,
    pub(crate) by: &'n Account,
    pub(crate) to: &'n Account,
    pub(crate) seat: &'n Seat,
}

/// What was changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Activity {
    PasswordReset,
    SecurityInfoRegistered,
    SecurityInfoDeletedByAdmin,
    RoleGiven(&'static str),
}

/// One sign-in.
#[derive(Debug, Clone)]
pub(crate) struct SignIn<'n> {
    pub(crate) who: &'n Account,
    pub(crate) seat: &'n Seat,
    pub(crate) app: &'static App,
    pub(crate) result: SignInResult,
    pub(crate) risk: Risk,
}

/// How a sign-in ended, by its code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum SignInResult {
    Done,
    WrongPassword,
    StrongAuthenticationNeeded,
    Locked,
}

/// What the directory makes of a sign-in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Risk {
    None,
    Low,
    High,
}

impl Activity {
    const fn words(self) -> (&'static str, &'static str, &'static str) {
        match self {
            Self::PasswordReset => (
                "Reset password (by admin)",
                "UserManagement",
                "Self-service Password Management",
            ),
            Self::SecurityInfoRegistered => (
                "User registered security info",
                "UserManagement",
                "Authentication Methods",
            ),
            Self::SecurityInfoDeletedByAdmin => (
                "Admin deleted security info",
                "UserManagement",
                "Authentication Methods",
            ),
            Self::RoleGiven(_) => ("Add member to role", "RoleManagement", "Core Directory"),
        }
    }
}

impl Record for Audit<'_> {
    fn skew(&self) -> Span {
        Span::ms(900)
    }

    fn write(&self, stamp: Stamp, out: &mut String) {
        let (activity, category, service) = self.activity.words();
        Json::object_into(out, |j| {
            envelope(j, stamp, (activity, "AuditLogs"), self.seat);
            j.text("resultSignature", "None");
            j.object("properties", |j| {
                let correlation = uuid(mix(stamp.key));
                j.text("id", &format!("Directory_{}_{}", correlation, stamp.number));
                j.text("category", category)
                    .text("correlationId", &correlation);
                j.text("result", "success").text("resultReason", "");
                j.text("activityDisplayName", activity);
                j.text("activityDateTime", &stamp.at.iso_ticks());
                j.text("loggedByService", service)
                    .text("operationType", "Update");
                j.object("initiatedBy", |j| {
                    j.object("user", |j| {
                        j.text("id", &self.by.entra)
                            .text("displayName", &self.by.display);
                        j.text("userPrincipalName", &self.by.upn);
                        j.shown("ipAddress", self.seat.egress);
                        j.list("roles", |_| {});
                    });
                });
                self.targets(j);
                j.list("additionalDetails", |_| {});
            });
        });
    }
}

impl Audit<'_> {
    fn targets(&self, j: &mut Json<'_>) {
        j.list("targetResources", |l| {
            l.object(|j| {
                j.text("id", &self.to.entra)
                    .text("displayName", &self.to.display);
                j.text("type", "User")
                    .text("userPrincipalName", &self.to.upn);
                j.list("modifiedProperties", |l| {
                    let property = match self.activity {
                        Activity::RoleGiven(role) => Some(("Role.DisplayName", role)),
                        Activity::SecurityInfoRegistered => {
                            Some(("StrongAuthenticationPhoneAppDetail", "Authenticator app"))
                        }
                        Activity::PasswordReset | Activity::SecurityInfoDeletedByAdmin => None,
                    };
                    if let Some((name, value)) = property {
                        l.object(|j| {
                            j.text("displayName", name).null("oldValue");
                            j.text("newValue", &format!("\"{value}\""));
                        });
                    }
                });
                j.list("administrativeUnits", |_| {});
            });
        });
    }
}

impl SignInResult {
    const fn words(self) -> (u32, &'static str) {
        match self {
            Self::Done => (0, ""),
            Self::WrongPassword => (50126, "Invalid username or password"),
            Self::StrongAuthenticationNeeded => (50074, "Strong authentication is required"),
            Self::Locked => (50053, "The account is locked"),
        }
    }
}

impl Record for SignIn<'_> {
    fn skew(&self) -> Span {
        Span::ms(900)
    }

    fn write(&self, stamp: Stamp, out: &mut String) {
        let (code, reason) = self.result.words();
        Json::object_into(out, |j| {
            envelope(j, stamp, ("Sign-in activity", "SignInLogs"), self.seat);
            j.shown("resultType", code).text("resultSignature", "None");
            j.text("identity", &self.who.display).text("location", "GB");
            j.object("properties", |j| {
                j.text("id", &stamp.uuid())
                    .text("createdDateTime", &stamp.at.iso_ticks());
                j.text("userDisplayName", &self.who.display);
                j.text("userPrincipalName", &self.who.upn)
                    .text("userId", &self.who.entra);
                j.text("appDisplayName", self.app.label);
                j.text("resourceDisplayName", self.app.label);
                j.shown("ipAddress", self.seat.egress);
                j.object("status", |j| {
                    j.bare("errorCode", code).text("failureReason", reason);
                });
                j.text("clientAppUsed", "Browser")
                    .text("userAgent", self.seat.browser.raw);
                self.device(j);
                self.place(j);
                j.text("authenticationRequirement", "multiFactorAuthentication");
                j.text(
                    "conditionalAccessStatus",
                    if code == 0 { "success" } else { "failure" },
                );
                j.text("incomingTokenType", "none")
                    .bare("isInteractive", true);
                j.bare("autonomousSystemNumber", self.seat.provider.number);
                j.text("correlationId", &uuid(mix(stamp.key)));
                self.risk(j);
            });
        });
    }
}

impl SignIn<'_> {
    fn device(&self, j: &mut Json<'_>) {
        let managed = self.seat.device.starts_with("NG-");
        j.object("deviceDetail", |j| {
            let id = self.who.entra.bytes().fold(3, |n, b| mix(n ^ u64::from(b)));
            j.text("deviceId", &if managed { uuid(id) } else { String::new() });
            j.text("displayName", if managed { &self.seat.device } else { "" });
            j.text("operatingSystem", self.seat.browser.system);
            j.text("browser", self.seat.browser.name)
                .bare("isCompliant", managed);
            j.bare("isManaged", managed);
            j.text(
                "trustType",
                if managed {
                    "Hybrid Azure AD joined"
                } else {
                    ""
                },
            );
        });
    }

    fn place(&self, j: &mut Json<'_>) {
        let town = self.seat.town;
        j.object("location", |j| {
            j.text("city", town.city)
                .text("state", town.state)
                .text("countryOrRegion", "GB");
            j.object("geoCoordinates", |j| {
                j.bare("latitude", town.latitude)
                    .bare("longitude", town.longitude);
            });
        });
        let named = self.seat.from != From::Home;
        j.list("networkLocationDetails", |l| {
            if named {
                l.object(|j| {
                    j.text("networkType", "trustedNamedLocation");
                });
            }
        });
    }

    fn risk(&self, j: &mut Json<'_>) {
        let (state, level, kinds): (_, _, &[&str]) = match self.risk {
            Risk::None => ("none", "none", &[]),
            Risk::Low => ("atRisk", "low", &["unfamiliarFeatures"]),
            Risk::High => (
                "atRisk",
                "high",
                &["anonymizedIPAddress", "unfamiliarFeatures"],
            ),
        };
        j.text("riskState", state)
            .text("riskLevelDuringSignIn", level);
        j.text("riskLevelAggregated", level)
            .text("riskDetail", "none");
        j.list("riskEventTypes_v2", |l| {
            for kind in kinds {
                l.text(kind);
            }
        });
    }
}

fn envelope(j: &mut Json<'_>, stamp: Stamp, (operation, category): (&str, &str), seat: &Seat) {
    j.text("time", &stamp.at.iso_ticks());
    j.text(
        "resourceId",
        &format!("/tenants/{TENANT}/providers/Microsoft.aadiam"),
    );
    j.text("operationName", operation)
        .text("operationVersion", "1.0");
    j.text("category", category)
        .text("tenantId", TENANT)
        .bare("durationMs", 0);
    j.shown("callerIpAddress", seat.egress);
    j.text("correlationId", &uuid(mix(stamp.key)))
        .bare("Level", 4);
}
