//! One account under every name that a log uses for it.

use crate::place::Seat;

/// What an account is for. One list for the estate and the logs, so that they cannot disagree.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Role {
    /// The outsourced service desk, first line.
    DeskAgent,
    /// The outsourcer's people who run virtualisation, and lead the desk's shifts.
    PartnerVirtualisation,
    /// The outsourcer's people who keep shops and night jobs going.
    PartnerStoreSupport,
    IdentityAdmin,
    DirectoryAdmin,
    /// The separate accounts with which directory administrators do what needs the highest rights.
    TierZero,
    VirtualisationAdmin,
    BackupAdmin,
    CloudAdmin,
    NetworkAdmin,
    DatabaseAdmin,
    PaymentsEngineer,
    SecurityAnalyst,
    EdiOperator,
    JobOperator,
    Developer,
    Buyer,
    StoreManager,
    DepotManager,
    FuneralDirector,
    Pharmacist,
    CallCentreLead,
    Finance,
    PeopleTeam,
    Executive,
    /// An account that no person signs in with.
    Service,
    /// Everybody else: in the logs, but in the estate only as a class.
    OfficeStaff,
    StoreStaff,
    DepotStaff,
    CallCentreStaff,
    FuneralStaff,
}

impl Role {
    /// All roles whose accounts the estate lists one by one, with how many there are.
    pub(crate) const LISTED: [(Self, usize); 25] = [
        (Self::DeskAgent, 26),
        (Self::PartnerVirtualisation, 4),
        (Self::PartnerStoreSupport, 6),
        (Self::IdentityAdmin, 4),
        (Self::DirectoryAdmin, 5),
        (Self::TierZero, 5),
        (Self::VirtualisationAdmin, 3),
        (Self::BackupAdmin, 3),
        (Self::CloudAdmin, 5),
        (Self::NetworkAdmin, 4),
        (Self::DatabaseAdmin, 4),
        (Self::PaymentsEngineer, 5),
        (Self::SecurityAnalyst, 6),
        (Self::EdiOperator, 4),
        (Self::JobOperator, 3),
        (Self::Developer, 8),
        (Self::Buyer, 12),
        (Self::StoreManager, 20),
        (Self::DepotManager, 12),
        (Self::FuneralDirector, 8),
        (Self::Pharmacist, 4),
        (Self::CallCentreLead, 4),
        (Self::Finance, 4),
        (Self::PeopleTeam, 3),
        (Self::Executive, 5),
    ];

    /// Roles that appear in the logs only, with how many people they are.
    pub(crate) const UNLISTED: [(Self, usize); 5] = [
        (Self::OfficeStaff, 280),
        (Self::StoreStaff, 470),
        (Self::DepotStaff, 110),
        (Self::CallCentreStaff, 130),
        (Self::FuneralStaff, 90),
    ];

    /// Where accounts of the role hang in the directory.
    pub(crate) const fn unit(self) -> &'static str {
        match self {
            Self::DeskAgent | Self::PartnerVirtualisation | Self::PartnerStoreSupport => {
                "OU=Helpline,OU=Partners"
            }
            Self::TierZero => "OU=Tier 0",
            Self::Service => "OU=Service Accounts",
            Self::StoreManager | Self::StoreStaff | Self::Pharmacist => "OU=Stores",
            Self::DepotManager | Self::DepotStaff => "OU=Depots",
            Self::FuneralDirector | Self::FuneralStaff => "OU=Funeralcare",
            Self::CallCentreLead | Self::CallCentreStaff => "OU=Call Centre",
            Self::IdentityAdmin
            | Self::DirectoryAdmin
            | Self::VirtualisationAdmin
            | Self::BackupAdmin
            | Self::CloudAdmin
            | Self::NetworkAdmin
            | Self::DatabaseAdmin
            | Self::PaymentsEngineer
            | Self::SecurityAnalyst
            | Self::EdiOperator
            | Self::JobOperator
            | Self::Developer
            | Self::Buyer
            | Self::Finance
            | Self::PeopleTeam
            | Self::Executive
            | Self::OfficeStaff => "OU=Head Office",
        }
    }

    /// Whether the account belongs to the outsourcer's staff.
    pub(crate) const fn is_partner(self) -> bool {
        matches!(
            self,
            Self::DeskAgent | Self::PartnerVirtualisation | Self::PartnerStoreSupport
        )
    }

    /// Whether its people run systems, and so have a workstation that is watched closely.
    pub(crate) const fn runs_systems(self) -> bool {
        matches!(
            self,
            Self::IdentityAdmin
                | Self::DirectoryAdmin
                | Self::VirtualisationAdmin
                | Self::BackupAdmin
                | Self::CloudAdmin
                | Self::NetworkAdmin
                | Self::DatabaseAdmin
                | Self::PaymentsEngineer
                | Self::SecurityAnalyst
        )
    }

    /// Whether the service desk can reset its accounts: all but those of identity itself.
    pub(crate) const fn desk_can_reset(self) -> bool {
        !matches!(self, Self::IdentityAdmin | Self::TierZero | Self::Service)
    }

    /// What to call somebody of the role.
    pub(crate) const fn title(self) -> &'static str {
        match self {
            Self::DeskAgent => "service desk agent (Helpline)",
            Self::PartnerVirtualisation => "virtualisation operations and desk lead (Helpline)",
            Self::PartnerStoreSupport => "store support and night jobs (Helpline)",
            Self::IdentityAdmin => "identity provider administrator",
            Self::DirectoryAdmin => "directory administrator",
            Self::TierZero => "tier 0 account",
            Self::VirtualisationAdmin => "virtualisation administrator",
            Self::BackupAdmin => "backup administrator",
            Self::CloudAdmin => "cloud administrator",
            Self::NetworkAdmin => "network administrator",
            Self::DatabaseAdmin => "database administrator",
            Self::PaymentsEngineer => "payments engineer",
            Self::SecurityAnalyst => "security analyst",
            Self::EdiOperator => "EDI operator",
            Self::JobOperator => "job operator",
            Self::Developer => "developer",
            Self::Buyer => "buyer",
            Self::StoreManager => "store manager",
            Self::DepotManager => "depot manager",
            Self::FuneralDirector => "funeral director",
            Self::Pharmacist => "pharmacist",
            Self::CallCentreLead => "call centre lead",
            Self::Finance => "finance",
            Self::PeopleTeam => "people team",
            Self::Executive => "executive",
            Self::Service => "service account",
            Self::OfficeStaff => "head office",
            Self::StoreStaff => "store team",
            Self::DepotStaff => "depot team",
            Self::CallCentreStaff => "call centre agent",
            Self::FuneralStaff => "funeral team",
        }
    }
}

/// One account.
#[derive(Debug, Clone)]
pub(crate) struct Account {
    pub(crate) role: Role,
    /// `Priya Nair`.
    pub(crate) display: String,
    /// `priya.nair@northgate.example`.
    pub(crate) upn: String,
    /// `pnair`.
    pub(crate) sam: String,
    pub(crate) sid: String,
    /// The identity provider's id; none where it does not know the account.
    pub(crate) okta: Option<String>,
    /// The cloud directory's object id.
    pub(crate) entra: String,
    /// The ticket system's id.
    pub(crate) ticket_id: String,
    /// `E104233`; none for accounts that are no person.
    pub(crate) employee: Option<String>,
    /// The address at the outsourcer, for its staff.
    pub(crate) partner_mail: Option<String>,
    /// Where its person works from on the day.
    pub(crate) seat: Seat,
}

impl Account {
    /// The estate's name for it.
    pub(crate) fn node(&self) -> String {
        format!("user:{}", self.upn)
    }

    /// `NORTHGATE\pnair`.
    pub(crate) fn down_level(&self) -> String {
        format!("NORTHGATE\\{}", self.sam)
    }

    /// `pnair@NORTHGATE.EXAMPLE`, as Kerberos spells it.
    pub(crate) fn principal(&self) -> String {
        format!("{}@NORTHGATE.EXAMPLE", self.sam)
    }

    /// `CN=Priya Nair,OU=Helpline,OU=Partners,DC=northgate,DC=example`.
    pub(crate) fn distinguished(&self) -> String {
        format!(
            "CN={},{},DC=northgate,DC=example",
            self.display,
            self.role.unit()
        )
    }

    /// Every spelling of it.
    pub(crate) fn aliases(&self) -> Vec<String> {
        let mut names = vec![
            self.upn.clone(),
            self.down_level(),
            self.sam.clone(),
            self.sid.clone(),
            self.display.clone(),
        ];
        names.extend(self.okta.clone());
        names.extend(self.employee.clone());
        names.extend(self.partner_mail.clone());
        names.push(self.entra.clone());
        names.push(self.ticket_id.clone());
        names.push(self.distinguished());
        let principal = self.principal();
        if !principal.eq_ignore_ascii_case(&self.upn) {
            names.push(principal);
        }
        names
    }
}
