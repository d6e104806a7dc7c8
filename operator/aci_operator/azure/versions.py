"""The API versions that this operator speaks: explicit, one place."""

CONTAINER_GROUPS = "2025-09-01"
"""Everything that the ContainerGroup kind passes through (azure.md section 14); the package's own
default, 2023-05-01, is older, so bodies go as bytes and answers are read raw."""

VAULTS = "2026-02-01"
"""The first version that outlives 2027-02-27 (azure.md section 10, "API life")."""

IDENTITIES = "2024-11-30"
ROLE_ASSIGNMENTS = "2022-04-01"
ROLE_DEFINITIONS = "2022-04-01"
PERMISSIONS = "2022-04-01"
RESOURCE_GROUPS = "2025-04-01"

SUBNETS = "2023-11-01"
"""One that a user's report of such links names (Azure/azure-cli#21637)."""

SECRETS = "7.5"
"""The newest data plane version that we hold a schema of."""
