"""What a group names: objects, identities, and the sources of its secrets."""

from __future__ import annotations

import base64

import pytest

from aci_operator.api.objects import Key
from aci_operator.api.references import Reference, SecretKeyReference
from aci_operator.kinds.container_group import inputs
from aci_operator.kinds.container_group.body import Inputs, Spec, build
from aci_operator.reconcile.steps import Stall
from pass_builders import an_object
from unit.kinds.container_group.builders import IDENTITY_1, a_container, a_spec


def source(name: str) -> dict[str, dict[str, str]]:
    return {"secretKeyRef": {"name": name, "key": "k"}}


SPEC = a_spec(
    a_container(
        environmentVariables=[
            {"name": "PLAIN", "value": "v"},
            {"name": "SECRET", "secureValueFrom": source("one")},
        ]
    ),
    a_container("bare"),
    resourceGroupRef={"name": "rg"},
    identity={"type": "UserAssigned", "userAssigned": [{"name": "mine"}, {"id": IDENTITY_1}]},
    imageRegistryCredentials=[{"server": "r.io", "username": "u", "passwordFrom": source("two")}],
)


def test_a_group_is_woken_by_its_resource_group_and_its_identities_of_ours() -> None:
    assert inputs.referenced(an_object("ContainerGroup", spec=SPEC)) == {
        Key("ResourceGroup", "here", "rg"),
        Key("UserAssignedIdentity", "here", "mine"),
    }


def test_a_group_that_names_nothing_of_ours_is_woken_by_nothing() -> None:
    spec = a_spec(resourceGroupRef={"id": "/subscriptions/s/resourceGroups/g"})
    assert inputs.referenced(an_object("ContainerGroup", spec=spec)) == set()


def test_identities_are_told_by_their_place_in_the_spec() -> None:
    field = "spec.identity.userAssigned"
    assert inputs.identity_references(an_object("ContainerGroup", spec=SPEC)) == [
        Reference(f"{field}[0]", "UserAssignedIdentity", name="mine"),
        Reference(f"{field}[1]", "UserAssignedIdentity", id=IDENTITY_1),
    ]


def test_every_source_of_a_secret_is_found_with_its_path() -> None:
    variable = "spec.containers[app].environmentVariables[SECRET].secureValueFrom"
    password = "spec.imageRegistryCredentials[r.io].passwordFrom"
    assert dict(inputs.secret_sources(SPEC)) == {
        variable: SecretKeyReference(f"{variable}.secretKeyRef", "one", "k"),
        password: SecretKeyReference(f"{password}.secretKeyRef", "two", "k"),
    }


FILE = "spec.volumes[files].secret[tls.key]"
SETTINGS = "spec.extensions[one].protectedSettingsFrom"


def sent(path: str, value: bytes) -> str:
    return inputs.as_sent(SecretKeyReference(f"{path}.secretKeyRef", "n", "k"), value)


def test_a_file_of_a_secret_volume_is_sent_in_base64_once() -> None:
    spec = a_spec(volumes=[{"name": "files", "secret": {"tls.key": source("one")}}])
    body = build(spec, Inputs("l", (), {FILE: sent(FILE, b"\xff\x00")}))
    (volume,) = body["properties"]["volumes"]
    assert base64.b64decode(volume["secret"]["tls.key"], validate=True) == b"\xff\x00"


@pytest.mark.parametrize(
    "path",
    [
        "spec.containers[app].environmentVariables[KEY].secureValueFrom",
        "spec.volumes[files].azureFile.storageAccountKeyFrom",
        "spec.diagnostics.logAnalytics.workspaceKeyFrom",
        "spec.imageRegistryCredentials[r.io].passwordFrom",
    ],
)
def test_every_other_secret_is_sent_as_it_is(path: str) -> None:
    assert sent(path, b"a2V5") == "a2V5"


def test_protected_settings_are_sent_as_the_json_that_they_are() -> None:
    extension = {"name": "one", "protectedSettingsFrom": source("one")}
    inputs_ = Inputs("l", (), {SETTINGS: sent(SETTINGS, b'{"kubeConfig": "x"}')})
    (entry,) = build(a_spec(extensions=[extension]), inputs_)["properties"]["extensions"]
    assert entry == {"name": "one", "properties": {"protectedSettings": {"kubeConfig": "x"}}}


@pytest.mark.parametrize("value", [b"canary", b'["canary"]', b'{"canary"', b"{" * 100_000])
def test_protected_settings_that_are_no_json_object_are_refused_unseen(value: bytes) -> None:
    with pytest.raises(Stall) as refused:
        sent(SETTINGS, value)
    assert str(refused.value.message) == (
        f"{SETTINGS}.secretKeyRef names a value that is no JSON object, which protected settings "
        "are. Write one into the Secret."
    )


@pytest.mark.parametrize(
    ("field", "path"),
    [
        (
            {"imageRegistryCredentials": [{"server": "r.io", "identityRef": {"name": "x"}}]},
            "spec.imageRegistryCredentials[r.io].identityRef",
        ),
        (
            {"encryptionProperties": {"identityRef": {"name": "x"}}},
            "spec.encryptionProperties.identityRef",
        ),
        (
            {"secretReferences": [{"name": "key", "identityRef": {"name": "x"}}]},
            "spec.secretReferences[key].identityRef",
        ),
        (
            {"identityAcls": {"acls": [{"identityRef": {"name": "x"}, "access": "All"}]}},
            "spec.identityAcls.acls[0].identityRef",
        ),
    ],
)
def test_an_identity_that_is_named_elsewhere_is_watched_too(field: Spec, path: str) -> None:
    group = an_object("ContainerGroup", spec=a_spec(resourceGroupRef={"name": "rg"}, **field))
    assert inputs.inner_references(group) == [Reference(path, "UserAssignedIdentity", name="x")]
    assert Key("UserAssignedIdentity", "here", "x") in inputs.referenced(group)


@pytest.mark.parametrize("field", ["passwordFrom", "storageAccountKeyFrom", "workspaceKeyFrom"])
def test_an_empty_value_that_azure_would_refuse_is_named(field: str) -> None:
    with pytest.raises(Stall) as refused:
        sent(f"spec.x.{field}", b"")
    assert refused.value.message == (
        f"spec.x.{field}.secretKeyRef names key k of Secret n, which is empty. Azure takes no "
        "empty value here: fill it in."
    )


def test_an_empty_variable_is_sent() -> None:
    assert sent("spec.containers[app].environmentVariables[KEY].secureValueFrom", b"") == ""
