//! Small collections of a directory, made file by file.

use cordon_estate::Imported;
use cordon_model::Estate;
use serde_json::{Value, json};

use crate::{estate, imported, options};

pub(crate) const DOMAIN: &str = "S-1-5-21-1-2-3";

/// Files of a collection, by the type of what is in them.
#[derive(Clone, Default)]
pub(crate) struct Collected(pub(crate) Vec<(&'static str, Vec<Value>)>);

impl Collected {
    pub(crate) fn with(mut self, kind: &'static str, data: &[Value]) -> Self {
        self.0.push((kind, data.to_vec()));
        self
    }

    /// The same without the files of a type.
    pub(crate) fn without(mut self, kind: &str) -> Self {
        self.0.retain(|(own, _)| *own != kind);
        self
    }

    /// The first object of a type, to be changed.
    pub(crate) fn of(&mut self, kind: &str) -> &mut Value {
        let mut files = self.0.iter_mut();
        let file = files.find(|(own, _)| *own == kind).unwrap();
        &mut file.1[0]
    }

    pub(crate) fn texts(&self) -> Vec<(&'static str, String)> {
        let texts = self.0.iter();
        texts.map(|(kind, data)| file(kind, data)).collect()
    }

    pub(crate) fn estate(&self) -> Estate {
        self.with_texts(estate)
    }

    pub(crate) fn imported(&self) -> Imported {
        self.with_texts(|texts| imported(texts, &options()))
    }

    fn with_texts<T>(&self, read: impl FnOnce(&[(&str, &str)]) -> T) -> T {
        let texts = self.texts();
        let texts: Vec<_> = texts
            .iter()
            .map(|(name, text)| (*name, text.as_str()))
            .collect();
        read(&texts)
    }
}

fn file(kind: &'static str, data: &[Value]) -> (&'static str, String) {
    let count = data.len();
    let document = json!({"data": data, "meta": {"type": kind, "version": 6, "count": count}});
    (kind, format!("\u{feff}{document}"))
}

pub(crate) fn ace(holder: &str, right: &str) -> Value {
    json!({"PrincipalSID": holder, "PrincipalType": "Group", "RightName": right, "IsInherited": false})
}

pub(crate) fn group(id: &str, members: &[&str]) -> Value {
    let members: Vec<_> = members
        .iter()
        .map(|m| json!({"ObjectIdentifier": m, "ObjectType": "User"}))
        .collect();
    json!({"ObjectIdentifier": id, "Properties": {"domainsid": DOMAIN}, "Members": members})
}

pub(crate) fn user(id: &str) -> Value {
    json!({"ObjectIdentifier": id, "Properties": {"domainsid": DOMAIN}})
}

/// A host of which everything was collected, and nobody may do anything on it.
pub(crate) fn host(id: &str) -> Value {
    json!({
        "ObjectIdentifier": id,
        "Properties": {"enabled": true, "domainsid": DOMAIN, "name": id},
        "PrimaryGroupSID": format!("{DOMAIN}-515"),
        "IsDC": false,
        "AllowedToAct": [],
        "LocalGroups": [{"ObjectIdentifier": format!("{id}-544"), "Collected": true, "Results": []}],
    })
}

pub(crate) fn domain() -> Value {
    json!({"ObjectIdentifier": DOMAIN, "Properties": {"domainsid": DOMAIN, "name": "N.EXAMPLE"}})
}

/// A template that gives certificates in anybody's name to whoever asks.
pub(crate) fn weak() -> Value {
    json!({
        "name": "Laptops", "domainsid": DOMAIN, "requiresmanagerapproval": false, "authenticationenabled": true,
        "enrolleesuppliessubject": true, "schemaversion": 2, "authorizedsignatures": 0, "effectiveekus": ["1"],
        "nosecurityextension": false, "applicationpolicies": [],
    })
}

/// A domain with an authority that publishes a template with these properties, for which `U1` may ask.
pub(crate) fn authority(template: &Value) -> Collected {
    let ca = json!({
        "ObjectIdentifier": "CA",
        "Properties": {"certthumbprint": "BB", "certchain": ["BB", "AA"], "domainsid": DOMAIN},
        "HostingComputer": "HOST",
        "EnabledCertTemplates": [{"ObjectIdentifier": "T", "ObjectType": "CertTemplate"}],
        "Aces": [ace("U1", "Enroll")],
    });
    let root = json!({"ObjectIdentifier": "ROOT", "DomainSID": DOMAIN, "Properties": {"certthumbprint": "AA", "certchain": ["AA"]}});
    let store = json!({"ObjectIdentifier": "STORE", "DomainSID": DOMAIN, "Properties": {"certthumbprints": ["BB"]}});
    let template =
        json!({"ObjectIdentifier": "T", "Properties": template, "Aces": [ace("U1", "Enroll")]});
    Collected::default()
        .with("users", &[user("U1")])
        .with("computers", &[host("HOST")])
        .with("domains", &[domain()])
        .with("rootcas", &[root])
        .with("ntauthstores", &[store])
        .with("enterprisecas", &[ca])
        .with("certtemplates", &[template])
}
