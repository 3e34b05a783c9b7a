//! One object as collectors of directories write it, versions 3 to 6. Everything may be absent or null.

use std::fmt;

use serde::{
    Deserialize, Deserializer,
    de::{self, IgnoredAny, MapAccess, SeqAccess, Visitor},
};
use serde_json::{Map, Value};

/// A user, computer, group, domain, container, policy, authority or template.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub(super) struct Object {
    #[serde(rename = "ObjectIdentifier")]
    pub(super) id: Option<String>,
    pub(super) properties: Option<Map<String, Value>>,
    pub(super) aces: Many<Ace>,
    pub(super) is_deleted: Option<bool>,
    pub(super) contained_by: Option<Named>,
    #[serde(rename = "PrimaryGroupSID", alias = "PrimaryGroupSid")]
    pub(super) primary_group: Option<String>,
    pub(super) allowed_to_delegate: Many<Named>,
    pub(super) allowed_to_act: Many<Named>,
    #[serde(rename = "DumpSMSAPassword")]
    pub(super) dump_smsa_password: Many<Named>,
    #[serde(rename = "HasSIDHistory")]
    pub(super) has_sid_history: Many<Named>,
    #[serde(rename = "SPNTargets", alias = "SpnTargets")]
    pub(super) spn_targets: Many<SpnTarget>,
    pub(super) sessions: Many<Session>,
    pub(super) privileged_sessions: Many<Session>,
    pub(super) registry_sessions: Many<Session>,
    pub(super) local_groups: Many<LocalGroup>,
    pub(super) local_admins: Many<Named>,
    pub(super) remote_desktop_users: Many<Named>,
    pub(super) dcom_users: Many<Named>,
    #[serde(rename = "PSRemoteUsers", alias = "PsRemoteUsers")]
    pub(super) ps_remote_users: Many<Named>,
    pub(super) user_rights: Many<UserRight>,
    #[serde(rename = "DCRegistryData")]
    pub(super) dc_registry: Option<DcRegistry>,
    #[serde(rename = "IsDC")]
    pub(super) is_dc: Option<bool>,
    #[serde(rename = "DomainSID")]
    pub(super) domain_sid: Option<String>,
    pub(super) unconstrained_delegation: Option<bool>,
    pub(super) members: Many<Named>,
    pub(super) child_objects: Many<Named>,
    pub(super) trusts: Many<Trust>,
    pub(super) links: Many<GpLink>,
    #[serde(rename = "GPOChanges")]
    pub(super) gpo_changes: Option<GpoChanges>,
    pub(super) hosting_computer: Option<String>,
    #[serde(rename = "CARegistryData")]
    pub(super) ca_registry: Option<CaRegistry>,
    pub(super) enabled_cert_templates: Many<Named>,
    pub(super) http_enrollment_endpoints: Many<Endpoint>,
    pub(super) group_link: Option<Named>,
}

/// A list, bare or within an object that says whether it was collected.
#[derive(Debug)]
pub(super) struct Many<T> {
    pub(super) items: Vec<T>,
    pub(super) collected: bool,
}

impl<T> Default for Many<T> {
    fn default() -> Self {
        Self {
            items: Vec::new(),
            collected: false,
        }
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Many<T> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_any(ManyVisitor(std::marker::PhantomData))
    }
}

struct ManyVisitor<T>(std::marker::PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for ManyVisitor<T> {
    type Value = Many<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list, or an object with `Results`")
    }

    fn visit_unit<E: de::Error>(self) -> Result<Self::Value, E> {
        Ok(Many::default())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Self::Value, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = list.next_element::<Option<T>>()? {
            items.extend(item);
        }
        Ok(Many {
            items,
            collected: true,
        })
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut many = Many::default();
        let mut said = None;
        while let Some(key) = map.next_key::<String>()? {
            match key.as_str() {
                "Results" | "Data" | "Restrictions" => {
                    many = map.next_value::<Option<Self::Value>>()?.unwrap_or_default();
                }
                "Collected" => said = map.next_value::<Option<bool>>()?,
                _ => {
                    map.next_value::<IgnoredAny>()?;
                }
            }
        }
        many.collected = said.unwrap_or(many.collected);
        Ok(many)
    }
}

/// Whom or what an entry speaks of.
#[derive(Debug)]
pub(super) struct Named {
    pub(super) id: String,
    pub(super) kind: String,
}

impl<'de> Deserialize<'de> for Named {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        Ok(match Spelled::deserialize(from)? {
            Spelled::Id(id) => Self {
                id,
                kind: String::new(),
            },
            Spelled::Object(object) => Self {
                id: object.id.unwrap_or_default(),
                kind: object.kind.unwrap_or_default(),
            },
        })
    }
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Spelled {
    Id(String),
    Object(Entry),
}

#[derive(Deserialize)]
struct Entry {
    #[serde(alias = "ObjectIdentifier", alias = "MemberId", alias = "PrincipalSID")]
    id: Option<String>,
    #[serde(alias = "ObjectType", alias = "MemberType", alias = "PrincipalType")]
    kind: Option<String>,
}

/// An entry of an access list.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub(super) struct Ace {
    #[serde(rename = "PrincipalSID", alias = "PrincipalId")]
    pub(super) principal: Option<String>,
    pub(super) principal_type: Option<String>,
    pub(super) right_name: Option<String>,
    /// Which extended right or attribute; version 3 only.
    #[serde(rename = "AceType")]
    pub(super) special: Option<String>,
    pub(super) is_inherited: Option<bool>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Session {
    #[serde(rename = "ComputerSID", alias = "ComputerId", alias = "ComputerName")]
    pub(super) computer: Option<String>,
    #[serde(rename = "UserSID", alias = "UserId", alias = "UserName")]
    pub(super) user: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct SpnTarget {
    #[serde(rename = "ComputerSID", alias = "ComputerSid")]
    pub(super) computer: Option<String>,
    #[serde(rename = "Service")]
    pub(super) service: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub(super) struct LocalGroup {
    pub(super) object_identifier: Option<String>,
    pub(super) results: Many<Named>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub(super) struct UserRight {
    pub(super) privilege: Option<String>,
    pub(super) collected: Option<bool>,
    pub(super) results: Many<Named>,
}

/// One value of a registry, if it was collected.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub(super) struct Registry {
    pub(super) collected: Option<bool>,
    pub(super) value: Option<Value>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub(super) struct DcRegistry {
    pub(super) certificate_mapping_methods: Option<Registry>,
    pub(super) strong_certificate_binding_enforcement: Option<Registry>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub(super) struct CaRegistry {
    #[serde(rename = "CASecurity")]
    pub(super) security: Many<Ace>,
    pub(super) enrollment_agent_restrictions: Option<Many<Restriction>>,
    pub(super) is_user_specifies_san_enabled: Option<Registry>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub(super) struct Restriction {
    pub(super) access_type: Option<String>,
    pub(super) agent: Option<Named>,
    pub(super) all_templates: Option<bool>,
    pub(super) template: Option<Named>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub(super) struct Trust {
    pub(super) target_domain_sid: Option<String>,
    pub(super) target_domain_name: Option<String>,
    #[serde(rename = "TrustDirection")]
    pub(super) direction: Option<Value>,
    #[serde(rename = "TrustType")]
    pub(super) kind: Option<Value>,
    pub(super) sid_filtering_enabled: Option<bool>,
    #[serde(rename = "TGTDelegationEnabled")]
    pub(super) tgt_delegation_enabled: Option<bool>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct GpLink {
    #[serde(rename = "GUID", alias = "Guid")]
    pub(super) policy: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub(super) struct GpoChanges {
    pub(super) local_admins: Many<Named>,
    pub(super) remote_desktop_users: Many<Named>,
    pub(super) dcom_users: Many<Named>,
    #[serde(rename = "PSRemoteUsers")]
    pub(super) ps_remote_users: Many<Named>,
    pub(super) affected_computers: Many<Named>,
}

/// What a web page of an authority offers.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub(super) struct Endpoint {
    pub(super) collected: Option<bool>,
    pub(super) result: Option<Offered>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Offered {
    #[serde(rename = "ADCSWebEnrollmentHTTP")]
    pub(super) http: Option<bool>,
    #[serde(rename = "ADCSWebEnrollmentHTTPS")]
    pub(super) https: Option<bool>,
    #[serde(rename = "ADCSWebEnrollmentEPA")]
    pub(super) epa: Option<bool>,
}
