//! The clouds' day: programs that call all the time, and the few people who sign in.

use super::{Turn, World};
use crate::{
    account::Role,
    chance::{Chance, Concern},
    ledger::Ledger,
    moment::{Moment, Span},
    source::cloudtrail::{Call, Caller, DATA, PRODUCTION},
};

/// Role, account, source, call, parameter and value.
type Habit = (
    &'static str,
    &'static str,
    &'static str,
    &'static str,
    (&'static str, &'static str),
);

const PROGRAMS: &[Habit] = &[
    (
        "shop-worker",
        PRODUCTION,
        "sts.amazonaws.com",
        "AssumeRole",
        ("roleArn", "arn:aws:iam::111122223333:role/shop-worker"),
    ),
    (
        "shop-worker",
        PRODUCTION,
        "secretsmanager.amazonaws.com",
        "GetSecretValue",
        ("secretId", "shop/psp-a"),
    ),
    (
        "shop-worker",
        PRODUCTION,
        "kms.amazonaws.com",
        "Decrypt",
        ("keyId", "alias/shop"),
    ),
    (
        "scaler",
        PRODUCTION,
        "autoscaling.amazonaws.com",
        "DescribeAutoScalingGroups",
        ("", ""),
    ),
    (
        "scaler",
        PRODUCTION,
        "ec2.amazonaws.com",
        "DescribeInstances",
        ("", ""),
    ),
    (
        "monitor",
        PRODUCTION,
        "monitoring.amazonaws.com",
        "GetMetricData",
        ("", ""),
    ),
    (
        "member-load",
        DATA,
        "s3.amazonaws.com",
        "ListObjects",
        ("bucketName", "northgate-members"),
    ),
    (
        "member-load",
        DATA,
        "kms.amazonaws.com",
        "GenerateDataKey",
        ("keyId", "alias/members"),
    ),
];

/// How many calls programs make.
const CALLS: u64 = 6_200;

pub(super) fn write<'n>(world: &World<'n>, turns: &[Turn<'n>], ledger: &mut Ledger<'n>) {
    let mut chance = Chance::new(world.seed, Concern::Cloud);
    for _ in 0..CALLS {
        let at = Moment::at_ms(chance.between(0, Moment::END.as_ms()));
        let (role, account, source, name, about) = *chance.pick(PROGRAMS);
        let caller = Caller::Role(role);
        ledger.calls.push(
            at,
            Call {
                caller,
                account,
                source,
                name,
                about,
            },
        );
    }
    for turn in turns.iter().filter(|t| t.who.role == Role::CloudAdmin) {
        administrator(turn, &mut chance, ledger);
    }
}

fn administrator<'n>(turn: &Turn<'n>, chance: &mut Chance, ledger: &mut Ledger<'n>) {
    let person = |source, name, about| Call {
        caller: Caller::Person {
            who: turn.who,
            seat: &turn.who.seat,
            set: "CloudAdmin",
        },
        account: PRODUCTION,
        source,
        name,
        about,
    };
    for _ in 0..3 {
        let at = turn.some_time(chance);
        ledger
            .calls
            .push(at, person("signin.amazonaws.com", "ConsoleLogin", ("", "")));
        for minute in 1..9 {
            let at = at + Span::minutes(minute) + Span::ms(chance.between(0, 40_000));
            let (source, name) = *chance.pick(&[
                ("ec2.amazonaws.com", "DescribeInstances"),
                ("ec2.amazonaws.com", "DescribeSecurityGroups"),
                ("cloudfront.amazonaws.com", "ListDistributions"),
            ]);
            ledger.calls.push(at, person(source, name, ("", "")));
        }
        if chance.percent(30) {
            let about = ("secretId", "shop/feature-flags");
            let call = person("secretsmanager.amazonaws.com", "GetSecretValue", about);
            ledger.calls.push(at + Span::minutes(4), call);
        }
    }
}
