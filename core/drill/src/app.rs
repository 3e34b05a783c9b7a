//! Applications behind the identity provider.

/// One application, as the identity provider and the cloud directory name it.
#[derive(Debug, PartialEq)]
pub(crate) struct App {
    /// Its label in the identity provider.
    pub(crate) label: &'static str,
    /// What it is there.
    pub(crate) id: &'static str,
    /// Its sign-on protocol there.
    pub(crate) mode: &'static str,
}

const fn app(label: &'static str, id: &'static str, mode: &'static str) -> App {
    App { label, id, mode }
}

/// What everybody uses.
pub(crate) const EVERYDAY: &[App] = &[
    app(
        "Microsoft Office 365",
        "0oa1kq7office365d5d7",
        "WS_FEDERATION",
    ),
    app("SharePoint Online", "0oa1kq8sharepoint5d7", "WS_FEDERATION"),
    app("ServiceNow", "0oa1kq9servicenow5d7", "SAML_2_0"),
    app("Northgate Rota", "0oa2ab1rotaplanne5d7", "OPENID_CONNECT"),
    app("Northgate Learning", "0oa2ab2learningzz5d7", "SAML_2_0"),
    app("Payslips", "0oa2ab3payslipsxx5d7", "SAML_2_0"),
];

/// What comes with a job.
pub(crate) const TRADE: &[App] = &[
    app(
        "Northgate Ordering",
        "0oa2ab4ordering995d7",
        "OPENID_CONNECT",
    ),
    app("Warehouse Management", "0oa2ab5warehousem5d7", "SAML_2_0"),
    app("Member Care", "0oa2ab6membercare5d7", "SAML_2_0"),
    app("Funeral Care", "0oa2ab7funeralcar5d7", "SAML_2_0"),
    app("Finance Ledger", "0oa2ab8ledgerxxxx5d7", "SAML_2_0"),
    app("Reports", "0oa2ab9reportsxxx5d7", "OPENID_CONNECT"),
];

/// What opens everything else.
pub(crate) const PRIVILEGED: &[App] = &[
    app("Password Vault", "0oa3pv1vaultxxxxx5d7", "SAML_2_0"),
    app("vCenter SSO", "0oa3pv2vcenterxxx5d7", "OPENID_CONNECT"),
    app(
        "AWS IAM Identity Center",
        "0oa3pv3awsidcxxxx5d7",
        "SAML_2_0",
    ),
    app("FortiGate VPN", "0oa3pv4vpnxxxxxxx5d7", "SAML_2_0"),
    app("Endpoint Console", "0oa3pv5edrxxxxxxx5d7", "SAML_2_0"),
    app("Azure Portal", "0oa3pv6azurexxxxx5d7", "WS_FEDERATION"),
];

/// The application of a label.
pub(crate) fn named(label: &str) -> &'static App {
    let mut all = EVERYDAY.iter().chain(TRADE).chain(PRIVILEGED);
    let found = all.find(|app| app.label == label);
    found.unwrap_or_else(|| unreachable!("{label} stands in the lists of applications"))
}
