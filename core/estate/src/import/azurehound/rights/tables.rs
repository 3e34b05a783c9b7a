//! What AzureHound calls lists of rights, and which roles and permissions lead on, by their ids.

/// Kinds of things whose holders of a role stand in lists of their own, and the key of the thing in them.
pub(super) const LISTED: [(&str, &str); 5] = [
    ("AZKeyVault", "keyVaultId"),
    ("AZManagementGroup", "managementGroupId"),
    ("AZResourceGroup", "resourceGroupId"),
    ("AZSubscription", "subscriptionId"),
    ("AZVM", "virtualMachineId"),
];

/// Ends of the names of such lists: the list, one entry, and what its holder has.
pub(super) const LISTS: [(&str, &str, &str, &str); 7] = [
    ("Owner", "owners", "owner", "AZOwner"),
    (
        "UserAccessAdmin",
        "userAccessAdmins",
        "userAccessAdmin",
        "AZUserAccessAdministrator",
    ),
    (
        "Contributor",
        "contributors",
        "contributor",
        "AZContributor",
    ),
    (
        "KVContributor",
        "kvContributors",
        "kvContributor",
        "AZKeyVaultKVContributor",
    ),
    (
        "VMContributor",
        "vmContributors",
        "vmContributor",
        "AZVMContributor",
    ),
    ("AdminLogin", "adminLogins", "adminLogin", "AZVMAdminLogin"),
    (
        "AvereContributor",
        "avereContributors",
        "avereContributor",
        "AZAvereContributor",
    ),
];

/// Lists of objects of the directory: the key of the thing, the list, one entry, and what it has.
pub(super) const DIRECTORY: [(&str, &str, &str, &str, &str); 5] = [
    ("AZAppOwner", "appId", "owners", "owner", "AZOwns"),
    ("AZDeviceOwner", "deviceId", "owners", "owner", "AZOwns"),
    ("AZGroupOwner", "groupId", "owners", "owner", "AZOwns"),
    (
        "AZServicePrincipalOwner",
        "servicePrincipalId",
        "owners",
        "owner",
        "AZOwns",
    ),
    (
        "AZGroupMember",
        "groupId",
        "members",
        "member",
        "AZMemberOf",
    ),
];

/// Kinds of things whose assignments name their role each, besides those that have lists.
pub(super) const WITH_ROLES: [&str; 9] = [
    "AZAutomationAccount",
    "AZContainerRegistry",
    "AZEntraDS",
    "AZFunctionApp",
    "AZLogicApp",
    "AZManagedCluster",
    "AZStorageAccount",
    "AZVMScaleSet",
    "AZWebApp",
];

/// Rights on everything that lies in a thing, so that they count where they were given.
pub(super) const WIDE: [&str; 3] = ["AZOwner", "AZUserAccessAdministrator", "AZContributor"];

/// Roles by the ids of their definitions: what they give, and on what kinds of things; on any if none is named.
pub(super) const ROLES: [(&str, &str, &[&str]); 17] = [
    ("8e3af657-a8ff-443c-a75c-2fe8c4bcb635", "AZOwner", &[]),
    (
        "18d7d88d-d35e-4fb5-a5c3-7773c20a72d9",
        "AZUserAccessAdministrator",
        &[],
    ),
    ("b24988ac-6180-42a0-ab88-20f7382dd24c", "AZContributor", &[]),
    (
        "de139f84-1756-47ae-9be6-808fbbe84772",
        "AZWebsiteContributor",
        &["AZFunctionApp", "AZWebApp"],
    ),
    (
        "87a39d53-fc1b-424a-814c-f7e04687dc9e",
        "AZLogicAppContributor",
        &["AZLogicApp"],
    ),
    (
        "f353d9bd-d4a6-484e-a77a-8050b599b867",
        "AZAutomationContributor",
        &["AZAutomationAccount"],
    ),
    (
        "9980e02c-c2be-4d73-94e8-173b1dc7cf3c",
        "AZVMContributor",
        &["AZVM", "AZVMScaleSet"],
    ),
    (
        "1c0163c0-47e6-4577-8991-ea5c82e286e4",
        "AZVMAdminLogin",
        &["AZVM"],
    ),
    (
        "4f8fab4f-1852-4a58-a46a-8eaf358af14a",
        "AZAvereContributor",
        &["AZVM"],
    ),
    (
        "f25e0fa2-a7c8-4377-a976-54943a77a395",
        "AZKeyVaultKVContributor",
        &["AZKeyVault"],
    ),
    (
        "ed7f3fbd-7b88-4dd4-9017-9adb7ce333f8",
        "AZAKSContributor",
        &["AZManagedCluster"],
    ),
    (
        "eeaeda52-9324-47f6-8069-5d5bade478b2",
        "AZEntraDSContributor",
        &["AZEntraDS"],
    ),
    (
        "17d1049b-9a84-46fb-8f53-869881c3d3ab",
        "AZStorageAccess",
        &["AZStorageAccount"],
    ),
    (
        "81a9662b-bebf-436f-a333-f67b29880f12",
        "AZStorageAccess",
        &["AZStorageAccount"],
    ),
    (
        "b7e6dc6d-f1e8-4753-8033-0f276bb0955b",
        "AZStorageAccess",
        &["AZStorageAccount"],
    ),
    (
        "ba92f5b4-2d11-453d-a403-e96b0029c9fe",
        "AZStorageAccess",
        &["AZStorageAccount"],
    ),
    (
        "2a2b9908-6ea1-4ae2-8e65-a410df84e7d1",
        "AZStorageAccess",
        &["AZStorageAccount"],
    ),
];

/// The application whose permissions these are: the tenant's interface, the same everywhere.
pub(super) const INTERFACE: &str = "00000003-0000-0000-c000-000000000000";

/// Permissions of the tenant's interface that lead on, by their ids.
pub(super) const PERMISSIONS: [(&str, &str); 11] = [
    (
        "1bfefb4e-e0b5-418b-a88f-73c46d2cc8e9",
        "AZMGApplication_ReadWrite_All",
    ),
    (
        "06b708a9-e830-4db3-a914-8e69da51d44f",
        "AZMGAppRoleAssignment_ReadWrite_All",
    ),
    (
        "19dbc75e-c2e2-444c-a770-ec69d8559fc7",
        "AZMGDirectory_ReadWrite_All",
    ),
    (
        "62a82d76-70ea-41e2-9197-370581804d09",
        "AZMGGroup_ReadWrite_All",
    ),
    (
        "dbaae8cf-10b5-4b86-a4a1-f871c94c6695",
        "AZMGGroupMember_ReadWrite_All",
    ),
    (
        "9e3f62cf-ca93-4989-b6ce-bf83c28f9fe8",
        "AZMGRoleManagement_ReadWrite_Directory",
    ),
    (
        "89c8469c-83ad-45f7-8ff2-6e3d4285709e",
        "AZMGServicePrincipalEndpoint_ReadWrite_All",
    ),
    (
        "dd199f4a-f148-40a4-a2ec-f0069cc799ec",
        "AZMGRoleAssignmentSchedule_ReadWrite_Directory",
    ),
    (
        "fee28b28-e1f3-4841-818e-2704dc62245f",
        "AZMGRoleEligibilitySchedule_ReadWrite_Directory",
    ),
    (
        "50483e42-d915-4231-9639-7fdb7fd190e5",
        "AZMGUserAuthenticationMethod_ReadWrite_All",
    ),
    (
        "cc117bb9-00cf-4eb8-b580-ea2a878fe8f7",
        "AZMGUserPasswordProfile_ReadWrite_All",
    ),
];

/// Roles that may be given over single applications.
pub(super) const OVER_APPS: [(&str, &str); 2] = [
    ("9b895d92-2cd3-44c7-9d02-a6ac2d5ea5c3", "AZAppAdmin"),
    ("158c047a-c907-4556-b7ef-446551a6b5f7", "AZCloudAppAdmin"),
];
