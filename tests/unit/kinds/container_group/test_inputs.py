"""What a group names: objects, identities, and the sources of its secrets."""

from __future__ import annotations

from aci_operator.api.objects import Key
from aci_operator.api.references import Reference, SecretKeyReference
from aci_operator.kinds.container_group import inputs
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
