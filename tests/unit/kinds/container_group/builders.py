"""Specs of container groups, and what Azure answers to a body."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from hypothesis import strategies as st

from aci_operator.azure.ids import ArmId
from aci_operator.azure.versions import CONTAINER_GROUPS
from aci_operator.kinds.container_group import sources
from aci_operator.kinds.container_group.body import Inputs
from aci_operator.kinds.container_group.inputs import secret_sources
from azure_emulator.containers import content
from azure_emulator.containers.assigned import Assigned
from azure_emulator.containers.assigned import wanted as identity_wanted
from azure_emulator.containers.normalisation import kept, shown, without_read_only
from azure_emulator.entra.directory import Principal
from azure_emulator.errors import AzureError

SUBSCRIPTION = "/subscriptions/s/resourceGroups/g/providers"
IDENTITY_1 = f"{SUBSCRIPTION}/Microsoft.ManagedIdentity/userAssignedIdentities/One"
IDENTITY_2 = f"{SUBSCRIPTION}/Microsoft.ManagedIdentity/userAssignedIdentities/Two"
TENANT = "t-1"
HERE = Inputs("westeurope")


def a_container(name: str = "app", **fields: Any) -> dict[str, Any]:
    """A container of a spec: one core, 1.5 GB."""
    requests = {"cpu": 1, "memoryInGB": 1.5}
    return {"name": name, "image": "alpine:3", "resources": {"requests": requests}, **fields}


def a_spec(*containers: dict[str, Any], **fields: Any) -> dict[str, Any]:
    """A spec of the containers given, or of one."""
    return {"osType": "Linux", "containers": list(containers) or [a_container()], **fields}


def answered(body: Mapping[str, Any]) -> dict[str, Any]:
    """Give what the emulator, and so Azure as recorded, answers to a PUT of that body."""
    wanted = identity_wanted(body.get("identity"))
    system = Principal("p-system", "a-system", "it", 0.0) if wanted.system else None
    users = {one: Principal(f"p-{one}", f"a-{one}", one, 0.0) for one in wanted.ids}
    identity = Assigned(wanted, system, users).shown(TENANT)
    properties = shown(kept(without_read_only(body["properties"])), CONTAINER_GROUPS)
    envelope = {"identity": identity} if identity else {}
    envelope.update({"zones": body["zones"]} if "zones" in body else {})
    state = {"provisioningState": "Succeeded", "instanceView": {"events": [], "state": "Running"}}
    return {"location": body["location"], "properties": {**properties, **state}, **envelope}


def a_view(name: str = "app", restarts: int = 0, **current: Any) -> dict[str, Any]:
    """One container of an answer; its state is Running unless told otherwise."""
    state = {"state": "Running", "detailStatus": "", **current}
    return {
        "name": name,
        "properties": {"instanceView": {"restartCount": restarts, "currentState": state}},
    }


def an_answer(
    *containers: dict[str, Any],
    state: str = "Running",
    provisioning: str = "Succeeded",
    **more: Any,
) -> dict[str, Any]:
    properties = {
        "provisioningState": provisioning,
        "containers": list(containers) or [a_view()],
        "instanceView": {"events": [], "state": state},
        **more,
    }
    return {"properties": properties}


NAMES = st.text("abcxyz019", min_size=1, max_size=5)
AMOUNTS = st.integers(1, 4) | st.sampled_from([0.5, 1.5, 3.25])
PORTS = st.lists(
    st.fixed_dictionaries(
        {"port": st.integers(1, 65535)}, optional={"protocol": st.sampled_from(["TCP", "UDP"])}
    ),
    max_size=3,
)
SECRET_REF = {"secretKeyRef": {"name": "n", "key": "k"}}
VARIABLES = st.dictionaries(NAMES, st.none() | st.text(max_size=5), max_size=4).map(
    lambda found: [
        {"name": name, "secureValueFrom": SECRET_REF}
        if value is None
        else {"name": name, "value": value}
        for name, value in found.items()
    ]
)
RESOURCES = st.fixed_dictionaries(
    {"requests": st.fixed_dictionaries({"cpu": AMOUNTS, "memoryInGB": AMOUNTS})},
    optional={
        "limits": st.fixed_dictionaries({}, optional={"cpu": AMOUNTS, "memoryInGB": AMOUNTS})
    },
)
CONTAINERS = st.lists(
    st.fixed_dictionaries(
        {"name": NAMES, "image": st.sampled_from(["a:1", "b"]), "resources": RESOURCES},
        optional={
            "command": st.lists(st.text(max_size=4), max_size=3),
            "ports": PORTS,
            "environmentVariables": VARIABLES,
        },
    ),
    min_size=1,
    max_size=4,
    unique_by=lambda container: str(container["name"]),
)
CREDENTIALS = st.dictionaries(NAMES, NAMES, max_size=3).map(
    lambda found: [
        {"server": server, "username": user, "passwordFrom": SECRET_REF}
        for server, user in found.items()
    ]
)
IDENTITY_IDS = st.lists(st.sampled_from([IDENTITY_1, IDENTITY_2]), min_size=1, unique=True)
IDENTITIES = st.one_of(
    st.sampled_from([{"type": "SystemAssigned"}, {"type": "None"}]),
    st.tuples(st.sampled_from(["UserAssigned", "SystemAssigned, UserAssigned"]), IDENTITY_IDS).map(
        lambda found: {"type": found[0], "userAssigned": [{"id": id_} for id_ in found[1]]}
    ),
)
SPECS = st.fixed_dictionaries(
    {"containers": CONTAINERS, "osType": st.sampled_from(["Linux", "Windows"])},
    optional={
        "restartPolicy": st.sampled_from(["Always", "OnFailure", "Never"]),
        "ipAddress": st.fixed_dictionaries(
            {"type": st.sampled_from(["Public", "Private"]), "ports": PORTS},
            optional={"dnsNameLabel": NAMES},
        ),
        "imageRegistryCredentials": CREDENTIALS,
        "identity": IDENTITIES,
    },
)
"""Everything that the CRD takes of a group."""


def inputs_for(spec: Mapping[str, Any]) -> Inputs:
    """Resolve a spec's references: each secret is `canary` and its path."""
    listed = (spec.get("identity") or {}).get("userAssigned") or ()
    secrets = {path: _secret(path) for path, _ in secret_sources(spec)}
    arm_ids = {path: value["id"] for path, value in sources.references(spec)}
    urls = {path: f"https://{ArmId.parse(v['id']).name}.v" for path, v in sources.vaults(spec)}
    return Inputs("westeurope", tuple(entry["id"] for entry in listed), secrets, arm_ids, urls)


def _secret(path: str) -> str:
    """Protected settings are JSON."""
    text = f"canary {path}"
    return json.dumps({"key": text}) if path.endswith("protectedSettingsFrom") else text


def unreadable(body: dict[str, Any]) -> str:
    """Say why the emulated Azure could not read a body; empty if it can."""
    try:
        content.check(body, "2025-09-01")
    except AzureError as error:
        return error.message
    return ""
