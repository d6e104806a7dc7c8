"""Where requests or answers of the emulator differ from Azure's schemas, and why: reviewed.

`(method, path and status, problem, reason)`: the first is matched against `GET /path 200` with
the path in lower case, both may hold `*`.
"""

from __future__ import annotations

SCHEMA_DIFFERENCES: tuple[tuple[str, str, str], ...] = (
    (
        "PUT */roleassignments/* 201",
        "$.properties.createdBy: None is not of type 'string'",
        "null in the answer to the PUT, filled in on a GET: recording cli-role-assignments",
    ),
    (
        "GET /*secrets* 200",
        "$.nextLink: None is not of type 'string'",
        "null at the end of a list: recording cli-keyvault-secret",
    ),
    (
        "GET */roledefinitions* 200",
        "*.properties.*edBy: None is not of type 'string'",
        "null for a built-in role: recording cli-container_create_with_msi_scope",
    ),
    (
        "* */containergroups* 20?",
        "*.diagnostics.logAnalytics: 'workspaceKey' is a required property",
        "required of a request; a secret that no answer shows (azure.md section 3)",
    ),
    ("*", "*unlistedMember*", "ordered by a test that wants members nobody listed"),
    ("*", "*'MICROSOFT.*' is not one of*", "ordered by a test that wants IDs in upper case"),
)
