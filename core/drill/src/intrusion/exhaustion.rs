//! By exhaustion: pushes until one is accepted, a factor of one's own, then the secrets in the cloud.

use cordon_model::NodeId;

use crate::{
    app::named,
    cast::Guest,
    chance::{Chance, Concern},
    day::{SECRETS, World},
    ledger::Ledger,
    log::Part,
    moment::{Moment, Span},
    source::{
        cloudtrail::{Call, Caller, PRODUCTION},
        entra::{Activity, Audit, Risk, SignIn, SignInResult},
        okta::{Act, Novelty, Okta},
    },
    truth::{Held, Stage},
};

/// Writes the intrusion into the ledger, and says what is held since when.
pub(super) fn pass<'n>(world: &World<'n>, intrusion: usize, ledger: &mut Ledger<'n>) -> Vec<Held> {
    let mut chance = Chance::new(world.seed ^ 1, Concern::Exhaustion);
    let mut story = Story {
        guest: &world.cast.exhaustion,
        session: chance.below(u64::MAX),
        chance,
        ledger,
        intrusion,
    };
    let taken = story.wears_down();
    story.stays(taken);
    story.opens(taken);
    story.harvests(taken);
    vec![Held {
        node: NodeId::new(story.guest.victim.node()),
        since: taken.timestamp(),
        intrusion,
    }]
}

struct Story<'w, 'n> {
    guest: &'n Guest<'n>,
    chance: Chance,
    ledger: &'w mut Ledger<'n>,
    intrusion: usize,
    session: u64,
}

impl Story<'_, '_> {
    fn part(&self, stage: Stage) -> Part {
        Part {
            intrusion: self.intrusion,
            stage,
        }
    }

    fn okta(&mut self, at: Moment, stage: Stage, (act, novelty): (Act, Novelty)) {
        let record = Okta {
            act,
            actor: self.guest.victim,
            target: None,
            seat: &self.guest.seat,
            session: self.session,
            novelty,
        };
        self.ledger.okta.mark(at, self.part(stage), record);
    }

    /// Eight to eleven refusals in as many half minutes, then a yes; says when.
    fn wears_down(&mut self) -> Moment {
        let mut at = self.guest.at;
        for _ in 0..self.chance.between(8, 12) {
            self.okta(at, Stage::Exhaustion, (Act::PushSent, Novelty::None));
            let refused = at + Span::ms(self.chance.between(5_000, 14_000));
            self.okta(
                refused,
                Stage::Exhaustion,
                (Act::PushRefused, Novelty::None),
            );
            at = refused + Span::ms(self.chance.between(9_000, 22_000));
        }
        let new = Novelty::AddressAndDevice;
        for (after, act) in [
            (0, Act::PolicyEvaluated),
            (2, Act::PushSent),
            (11, Act::FactorVerified),
            (12, Act::SessionStarted),
        ] {
            self.okta(at + Span::seconds(after), Stage::NewSession, (act, new));
        }
        at + Span::seconds(12)
    }

    fn stays(&mut self, taken: Moment) {
        let stage = Stage::FactorEnrolled;
        let factor = Act::FactorActivated("OKTA_VERIFY_PUSH");
        let at = taken + Span::minutes(3);
        self.okta(at, stage, (factor, Novelty::None));
        self.okta(
            at + Span::seconds(4),
            stage,
            (Act::DeviceEnrolled, Novelty::None),
        );
        let (by, seat) = (self.guest.victim, &self.guest.seat);
        for (minute, stage, activity) in [
            (4, stage, Activity::SecurityInfoRegistered),
            (
                52,
                Stage::GroupChange,
                Activity::RoleGiven("Application Administrator"),
            ),
        ] {
            let audit = Audit {
                activity,
                by,
                to: by,
                seat,
            };
            let at = taken + Span::minutes(minute);
            self.ledger.audits.mark(at, self.part(stage), audit);
        }
    }

    fn opens(&mut self, taken: Moment) {
        let sign_in = SignIn {
            who: self.guest.victim,
            seat: &self.guest.seat,
            app: named("Microsoft Office 365"),
            result: SignInResult::Done,
            risk: Risk::High,
        };
        let at = taken + Span::seconds(40);
        self.ledger
            .sign_ins
            .mark(at, self.part(Stage::NewSession), sign_in);
        let mut at = taken + Span::minutes(6);
        for label in [
            "Password Vault",
            "AWS IAM Identity Center",
            "Azure Portal",
            "SharePoint Online",
            "Endpoint Console",
        ] {
            self.okta(
                at,
                Stage::AppBurst,
                (Act::SignedOn(named(label)), Novelty::None),
            );
            at = at + Span::ms(self.chance.between(4_000, 40_000));
        }
    }

    fn harvests(&mut self, taken: Moment) {
        let caller = || Caller::Person {
            who: self.guest.victim,
            seat: &self.guest.seat,
            set: "CloudAdmin",
        };
        let call = |source, name, about| Call {
            caller: caller(),
            account: PRODUCTION,
            source,
            name,
            about,
        };
        let secrets = "secretsmanager.amazonaws.com";
        let looks = [
            call("signin.amazonaws.com", "ConsoleLogin", ("", "")),
            call(secrets, "ListSecrets", ("", "")),
        ];
        let reads = SECRETS.map(|secret| call(secrets, "GetSecretValue", ("secretId", secret)));
        let looks = looks.into_iter().map(|call| (Stage::CloudAccess, call));
        let reads = reads.into_iter().map(|call| (Stage::SecretsHarvest, call));
        let mut at = taken + Span::minutes(10);
        for (stage, call) in looks.chain(reads) {
            self.ledger.calls.mark(at, self.part(stage), call);
            at = at + Span::ms(self.chance.between(3_000, 30_000));
        }
    }
}
