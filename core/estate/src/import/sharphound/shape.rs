//! One object as collectors of directories write it, versions 3 to 6. Everything may be absent or null.

use std::fmt;

use serde::{
    Deserialize, Deserializer,
    de::{self, DeserializeOwned, IgnoredAny, MapAccess, SeqAccess, Visitor},
};
use serde_json::{Map, Value, value::RawValue};

/// Reads one object, and says which parts of it could not be read.
///
/// # Errors
/// When it is no object.
pub(super) fn read(text: &str) -> Result<(Object, Vec<String>), String> {
    let (object, mut lost) = match serde_json::from_str::<Object>(text) {
        Ok(object) => (object, Vec::new()),
        Err(why) => without_what_is_wrong(text).ok_or_else(|| why.to_string())?,
    };
    lost.extend(object.lost());
    Ok((object, lost))
}

/// The object without those of its parts that have a shape of their own.
fn without_what_is_wrong(text: &str) -> Option<(Object, Vec<String>)> {
    let parts: Map<String, Value> = serde_json::from_str(text).ok()?;
    let (mut kept, mut lost) = (Map::new(), Vec::new());
    for (name, part) in parts {
        let alone = Map::from_iter([(name.clone(), part.clone())]);
        match serde_json::from_str::<Object>(&Value::Object(alone).to_string()) {
            Ok(_) => drop(kept.insert(name, part)),
            Err(why) => lost.push(format!("{name}: {why}")),
        }
    }
    let object = serde_json::from_str(&Value::Object(kept).to_string()).ok()?;
    Some((object, lost))
}

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
    pub(super) http_enrollment_endpoints: Many<Answer<Offered>>,
    pub(super) group_link: Option<Named>,
    pub(super) status: Option<Status>,
    pub(super) smb_info: Option<Answer<Smb>>,
    pub(super) is_web_client_running: Option<Answer<bool>>,
    #[serde(rename = "NTLMRegistryData")]
    pub(super) ntlm_registry: Option<Answer<NtlmRegistry>>,
}

impl Object {
    /// Entries of lists that could not be read.
    fn lost(&self) -> Vec<String> {
        let registry = self.ca_registry.as_ref();
        let security = registry.map_or(&[][..], |registry| &registry.security.lost);
        let lists = [
            ("Aces", self.aces.lost.as_slice()),
            ("CASecurity", security),
            ("AllowedToDelegate", &self.allowed_to_delegate.lost),
            ("AllowedToAct", &self.allowed_to_act.lost),
            ("DumpSMSAPassword", &self.dump_smsa_password.lost),
            ("HasSIDHistory", &self.has_sid_history.lost),
            ("SPNTargets", &self.spn_targets.lost),
            ("Sessions", &self.sessions.lost),
            ("PrivilegedSessions", &self.privileged_sessions.lost),
            ("RegistrySessions", &self.registry_sessions.lost),
            ("LocalGroups", &self.local_groups.lost),
            ("UserRights", &self.user_rights.lost),
            ("Members", &self.members.lost),
            ("ChildObjects", &self.child_objects.lost),
            ("Trusts", &self.trusts.lost),
            ("Links", &self.links.lost),
            ("EnabledCertTemplates", &self.enabled_cert_templates.lost),
            (
                "HttpEnrollmentEndpoints",
                &self.http_enrollment_endpoints.lost,
            ),
        ];
        let groups = self.local_groups.items.iter();
        let members = groups.flat_map(|group| &group.results.lost);
        let told = |name: &str, why: &String| format!("{name}: {why}");
        let of_lists = lists
            .iter()
            .flat_map(|(name, lost)| lost.iter().map(|why| told(name, why)));
        of_lists
            .chain(members.map(|why| told("LocalGroups", why)))
            .collect()
    }
}

/// Whether a host answered, and why not.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub(super) struct Status {
    pub(super) error: Option<String>,
}

/// A list, bare or within an object that says whether it was collected.
#[derive(Debug)]
pub(super) struct Many<T> {
    pub(super) items: Vec<T>,
    pub(super) collected: bool,
    /// Why entries could not be read.
    pub(super) lost: Vec<String>,
    present: bool,
}

impl<T> Many<T> {
    /// Whether the object does not even have a place for it.
    pub(super) fn is_absent(&self) -> bool {
        !self.present
    }
}

impl<T> Default for Many<T> {
    fn default() -> Self {
        Self {
            items: Vec::new(),
            collected: false,
            lost: Vec::new(),
            present: false,
        }
    }
}

impl<'de, T: DeserializeOwned> Deserialize<'de> for Many<T> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_any(ManyVisitor(std::marker::PhantomData))
    }
}

struct ManyVisitor<T>(std::marker::PhantomData<T>);

impl<'de, T: DeserializeOwned> Visitor<'de> for ManyVisitor<T> {
    type Value = Many<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list, or an object with `Results`")
    }

    fn visit_unit<E: de::Error>(self) -> Result<Self::Value, E> {
        Ok(Many {
            present: true,
            ..Many::default()
        })
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Self::Value, A::Error> {
        let mut many = Many {
            collected: true,
            present: true,
            ..Many::default()
        };
        while let Some(item) = list.next_element::<&RawValue>()? {
            match serde_json::from_str::<Option<T>>(item.get()) {
                Ok(item) => many.items.extend(item),
                Err(why) => many.lost.push(why.to_string()),
            }
        }
        Ok(many)
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
        many.present = true;
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
    object_identifier: Option<String>,
    pub(super) results: Many<Named>,
    collected: Option<bool>,
    pub(super) failure_reason: Option<String>,
}

impl LocalGroup {
    /// Its id, or nothing.
    pub(super) fn id(&self) -> &str {
        self.object_identifier.as_deref().unwrap_or_default()
    }

    /// Whether its members are known.
    pub(super) fn is_collected(&self) -> bool {
        self.collected.unwrap_or(self.results.collected)
    }
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
    collected: Option<bool>,
    value: Option<Value>,
}

impl Registry {
    /// The value, if it was collected.
    pub(super) fn known(&self) -> Option<&Value> {
        self.value.as_ref().filter(|_| self.collected == Some(true))
    }
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
    pub(super) disabled_extensions: Option<Registry>,
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
    #[serde(rename = "IsEnforced")]
    pub(super) enforced: Option<bool>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub(super) struct GpoChanges {
    pub(super) local_admins: Many<Named>,
    pub(super) backup_operators: Many<Named>,
    pub(super) remote_desktop_users: Many<Named>,
    pub(super) dcom_users: Many<Named>,
    #[serde(rename = "PSRemoteUsers")]
    pub(super) ps_remote_users: Many<Named>,
    pub(super) affected_computers: Many<Named>,
}

/// What was answered to one question, if it was asked.
#[derive(Debug, Default, Deserialize)]
#[serde(
    rename_all = "PascalCase",
    default,
    bound = "T: Default + Deserialize<'de>"
)]
pub(super) struct Answer<T> {
    collected: Option<bool>,
    result: Option<T>,
}

impl<T> Answer<T> {
    /// The answer, if there is one.
    pub(super) fn known(&self) -> Option<&T> {
        self.result
            .as_ref()
            .filter(|_| self.collected == Some(true))
    }
}

/// How a host answers those who ask for files.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub(super) struct Smb {
    pub(super) signing_enabled: Option<bool>,
}

/// How a host is set up for old sign-ins.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub(super) struct NtlmRegistry {
    pub(super) restrict_sending_ntlm_traffic: Option<u64>,
}

/// What a web page of an authority offers.
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
