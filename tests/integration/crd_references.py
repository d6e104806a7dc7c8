"""References that the API server refuses, each with a twin that it accepts."""

from __future__ import annotations

from integration.crd_objects import GROUP_ID, IDENTITY_ID, VAULT_ID, Case, identity

CONTAINER_GROUP_ID = f"{GROUP_ID}/providers/Microsoft.ContainerInstance/containerGroups/g"

SCOPES = (
    ("resource-group", "resourceGroupRef", GROUP_ID),
    ("vault", "keyVaultRef", VAULT_ID),
    ("identity", "userAssignedIdentityRef", IDENTITY_ID),
    ("container-group", "containerGroupRef", CONTAINER_GROUP_ID),
)
_IN_A_GROUP = "/subscriptions/SUBSCRIPTION/resourceGroups/GROUP/providers"
NOUNS = (
    ("a resource group", "/subscriptions/SUBSCRIPTION/resourceGroups/NAME"),
    ("a vault", f"{_IN_A_GROUP}/Microsoft.KeyVault/vaults/NAME"),
    (
        "a user-assigned identity",
        f"{_IN_A_GROUP}/Microsoft.ManagedIdentity/userAssignedIdentities/NAME",
    ),
    ("a container group", f"{_IN_A_GROUP}/Microsoft.ContainerInstance/containerGroups/NAME"),
)

REFERENCES = [
    Case(
        "an-identity-twice",
        "ContainerGroup",
        identity("UserAssigned", {"name": "a"}, {"name": "b"}),
        identity("UserAssigned", {"name": "a"}, {"name": "a"}),
        'spec.identity.userAssigned: Invalid value: "array": identity.userAssigned names '
        "an identity twice; remove one of the two",
    ),
    Case(
        "an-identity-by-name-and-id",
        "ContainerGroup",
        identity("UserAssigned", {"id": IDENTITY_ID}),
        identity("UserAssigned", {"id": IDENTITY_ID, "name": "a"}),
        'spec.identity.userAssigned[0]: Invalid value: "object": each entry of '
        "identity.userAssigned needs exactly one of name and id; give the name of an "
        "object in this namespace or an ARM ID, not both",
    ),
    Case(
        "a-resource-group-by-name-and-id",
        "ContainerGroup",
        {"resourceGroupRef": {"id": GROUP_ID}},
        {"resourceGroupRef": {"name": "rg", "id": GROUP_ID}},
        'spec.resourceGroupRef: Invalid value: "object": resourceGroupRef needs exactly '
        "one of name and id; give the name of an object in this namespace or an ARM ID, "
        "not both",
    ),
    Case(
        "a-resource-group-by-neither",
        "UserAssignedIdentity",
        {"resourceGroupRef": {"id": GROUP_ID.upper().replace("/SUBSCRIPTIONS", "/subscriptions")}},
        {"resourceGroupRef": {}},
        'spec.resourceGroupRef: Invalid value: "object": resourceGroupRef needs exactly '
        "one of name and id; give the name of an object in this namespace or an ARM ID, "
        "not both",
        object_name="an-identity",
    ),
    Case(
        "a-vault-by-neither",
        "KeyVaultAccess",
        {"keyVaultRef": {"id": VAULT_ID}},
        {"keyVaultRef": {}},
        'spec.keyVaultRef: Invalid value: "object": keyVaultRef needs exactly one of name'
        " and id; give the name of an object in this namespace or an ARM ID, not both",
    ),
    Case(
        "a-vault-by-name-and-id",
        "KeyVaultSecret",
        {"keyVaultRef": {"id": VAULT_ID}},
        {"keyVaultRef": {"name": "v", "id": VAULT_ID}},
        'spec.keyVaultRef: Invalid value: "object": keyVaultRef needs exactly one of name'
        " and id; give the name of an object in this namespace or an ARM ID, not both",
    ),
    Case(
        "an-id-of-something-else",
        "KeyVaultSecret",
        {"keyVaultRef": {"id": VAULT_ID}},
        {"keyVaultRef": {"id": IDENTITY_ID}},
        'spec.keyVaultRef.id: Invalid value: "object": keyVaultRef.id is not the ARM ID '
        "of a vault; it reads "
        "/subscriptions/SUBSCRIPTION/resourceGroups/GROUP/providers/Microsoft.KeyVault/vaults/NAME",
    ),
    Case(
        "an-id-of-a-subscription",
        "ContainerGroup",
        {"resourceGroupRef": {"id": GROUP_ID}},
        {"resourceGroupRef": {"id": GROUP_ID.split("/resourceGroups")[0] + "/"}},
        'spec.resourceGroupRef.id: Invalid value: "object": resourceGroupRef.id is not '
        "the ARM ID of a resource group; it reads "
        "/subscriptions/SUBSCRIPTION/resourceGroups/NAME",
    ),
    Case(
        "an-identity-by-the-id-of-a-vault",
        "ContainerGroup",
        identity("UserAssigned", {"id": IDENTITY_ID}),
        identity("UserAssigned", {"id": VAULT_ID}),
        'spec.identity.userAssigned[0].id: Invalid value: "object": each entry of '
        "identity.userAssigned.id is not the ARM ID of a user-assigned identity; it reads"
        " "
        "/subscriptions/SUBSCRIPTION/resourceGroups/GROUP/providers/Microsoft.ManagedIdentity/userAssignedIdentities/NAME",
    ),
    Case(
        "a-group-of-a-principal-by-neither",
        "KeyVaultAccess",
        {"principal": {"containerGroupRef": {"id": CONTAINER_GROUP_ID}}},
        {"principal": {"containerGroupRef": {}}},
        'spec.principal.containerGroupRef: Invalid value: "object": '
        "principal.containerGroupRef needs exactly one of name and id; give the name of "
        "an object in this namespace or an ARM ID, not both",
    ),
    Case(
        "a-group-of-a-principal-by-the-id-of-an-identity",
        "KeyVaultAccess",
        {"principal": {"containerGroupRef": {"id": CONTAINER_GROUP_ID}}},
        {"principal": {"containerGroupRef": {"id": IDENTITY_ID}}},
        'spec.principal.containerGroupRef.id: Invalid value: "object": '
        "principal.containerGroupRef.id is not the ARM ID of a container group; it reads "
        "/subscriptions/SUBSCRIPTION/resourceGroups/GROUP/providers/Microsoft.ContainerInstance/containerGroups/NAME",
    ),
    Case(
        "an-identity-of-a-principal-by-name-and-id",
        "KeyVaultAccess",
        {"principal": {"userAssignedIdentityRef": {"id": IDENTITY_ID}}},
        {"principal": {"userAssignedIdentityRef": {"id": IDENTITY_ID, "name": "a"}}},
        'spec.principal.userAssignedIdentityRef: Invalid value: "object": '
        "principal.userAssignedIdentityRef needs exactly one of name and id; give the "
        "name of an object in this namespace or an ARM ID, not both",
    ),
    Case(
        "an-identity-of-a-principal-by-the-id-of-a-group",
        "KeyVaultAccess",
        {"principal": {"userAssignedIdentityRef": {"id": IDENTITY_ID}}},
        {"principal": {"userAssignedIdentityRef": {"id": CONTAINER_GROUP_ID}}},
        'spec.principal.userAssignedIdentityRef.id: Invalid value: "object": '
        "principal.userAssignedIdentityRef.id is not the ARM ID of a user-assigned "
        "identity; it reads "
        "/subscriptions/SUBSCRIPTION/resourceGroups/GROUP/providers/Microsoft.ManagedIdentity/userAssignedIdentities/NAME",
    ),
    *(
        Case(
            f"a-{word}-of-a-scope-by-neither",
            "RoleAssignment",
            {"scope": {field: {"id": arm_id}}},
            {"scope": {field: {}}},
            f'spec.scope.{field}: Invalid value: "object": scope.{field} needs exactly one of '
            "name and id; give the name of an object in this namespace or an ARM ID, not both",
        )
        for word, field, arm_id in SCOPES
    ),
    *(
        Case(
            f"a-{word}-of-a-scope-by-the-id-of-something-else",
            "RoleAssignment",
            {"scope": {field: {"id": arm_id.upper().replace("/SUBSCRIPTIONS", "/subscriptions")}}},
            {"scope": {field: {"id": f"{arm_id}/more"}}},
            f'spec.scope.{field}.id: Invalid value: "object": scope.{field}.id is not the ARM ID '
            f"of {noun}; it reads {reads}",
        )
        for (word, field, arm_id), (noun, reads) in zip(SCOPES, NOUNS, strict=True)
    ),
]
