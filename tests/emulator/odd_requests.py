"""What requests are made of: sound bodies, broken ones, and odd words for the rest."""

from __future__ import annotations

import json
from typing import Any

import jwt
from hypothesis import strategies as st

from azure_emulator.settings import Settings
from emulator.containers.builders import (
    IDENTITIES,
    a_container,
    a_group,
    with_identity,
)

ROLE = "acdd72a7-3385-48ef-bd42-f606fba81ae7"
ODD_TEXT = st.sampled_from(
    ["", "x" * 600, "..", "%", "\u00e9\u4e16", "a b", "'", '"', "<x>", "a/b", "{name}", "-", "\t"]
) | st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=8)
ODD_VALUE = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | ODD_TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=4,
)
GOOD_BODIES: list[Any] = [
    with_identity(
        a_group(
            a_container(
                ports=[{"port": 80, "protocol": "TCP"}],
                environmentVariables=[{"name": "A", "secureValue": "x"}],
                volumeMounts=[{"name": "v1234", "mountPath": "/v"}],
                livenessProbe={"exec": {"command": ["x"]}, "periodSeconds": 5},
            ),
            ipAddress={"type": "Public", "ports": [{"port": 80}], "dnsNameLabel": "label"},
            volumes=[{"name": "v1234", "secret": {"a": "eA=="}}],
            imageRegistryCredentials=[{"server": "s", "username": "u", "password": "p"}],
            diagnostics={"logAnalytics": {"workspaceId": "w", "workspaceKey": "k"}},
        ),
        "UserAssigned",
        f"{IDENTITIES}/my-id",
    ),
    {"location": "westus", "tags": {"a": "b"}},
    {
        "location": "westus",
        "properties": {
            "tenantId": Settings().tenant_id,
            "sku": {"family": "A", "name": "standard"},
            "networkAcls": {"defaultAction": "Deny", "ipRules": [{"value": "1.2.3.4"}]},
            "accessPolicies": [
                {"tenantId": Settings().tenant_id, "objectId": "o", "permissions": {"keys": []}}
            ],
        },
    },
    {"properties": {"roleDefinitionId": ROLE, "principalId": ROLE, "principalType": "User"}},
    {"command": "ls", "terminalSize": {"rows": 24, "cols": 80}},
    {"value": "v", "attributes": {"enabled": True, "exp": 1}, "tags": {"a": "b"}},
    {"name": "kv2", "type": "Microsoft.KeyVault/vaults"},
    {"ids": ["x"], "types": ["servicePrincipal"]},
]
RAW_BODIES = st.sampled_from(
    [
        b"",
        b"{",
        b"\xff\xfe",
        b"[" * 5000,
        b'{"a":NaN}',
        b"null",
        b'"\\ud800"',
        b"{}" * 2,
        b"1" * 9000,
    ]
)


@st.composite
def mutated(draw: st.DrawFn) -> Any:
    """A sound body in which one member is replaced, or left out."""
    body = json.loads(json.dumps(draw(st.sampled_from(GOOD_BODIES))))
    holder: Any = {"whole": body}
    key: Any = "whole"
    while isinstance(holder[key], dict | list) and holder[key] and draw(st.integers(0, 3)):
        holder = holder[key]
        key = draw(
            st.sampled_from(sorted(holder) if isinstance(holder, dict) else range(len(holder)))
        )
    if isinstance(holder, dict) and draw(st.booleans()) and key != "whole":
        del holder[key]
    else:
        holder[key] = draw(ODD_VALUE)
        body = holder["whole"] if key == "whole" else body
    return body


BODIES = (
    RAW_BODIES
    | mutated().map(lambda body: json.dumps(body).encode())
    | st.sampled_from([json.dumps(body).encode() for body in GOOD_BODIES])
    | ODD_VALUE.map(lambda body: json.dumps(body).encode())
)
QUERIES = st.dictionaries(
    st.sampled_from(["$filter", "$skiptoken", "$top", "maxresults", "tail", "timestamps", "x"]),
    ODD_TEXT | st.sampled_from(["atScope()", "roleName eq 'x'", "-1", "1", "9" * 40, "1e3"]),
    max_size=2,
)
METHODS = st.sampled_from(["GET", "HEAD", "PUT", "PATCH", "POST", "DELETE", "OPTIONS", "TRACE"])
VERSIONS = st.sampled_from(["2025-09-01", "7.5", "2022-04-01", "2001-01-01", "", "x'", "\u00e9"])
TOKENS = st.sampled_from([*["good"] * 15, "none", "odd", "foreign", "expired", "other"])
ODD_ASSERTIONS = st.sampled_from(
    [
        jwt.api_jws.encode(raw, "k" * 32)
        for raw in (b'{"iss":1}', b"[]", b"{", b'{"iss":"x","aud":5}')
    ]
)
