//! The shapes of records, one file a vendor: which fields, under which names, in which order.

pub(crate) mod cloudtrail;
pub(crate) mod entra;
pub(crate) mod esxi;
pub(crate) mod fortigate;
pub(crate) mod okta;
pub(crate) mod servicenow;
pub(crate) mod sysmon;
pub(crate) mod vcenter;
pub(crate) mod windows;
