"""The ARM IDs of a group's body that an account's scopes are held against."""

from __future__ import annotations

from aci_operator.api.limits import arm_ids
from aci_operator.kinds.container_group.body import build
from unit.kinds.container_group.builders import inputs_for
from unit.kinds.container_group.crd_specs import everything


def test_every_arm_id_of_a_body_with_every_field_is_walked() -> None:
    spec = everything()[0]
    found = {path.split("[")[0] for path, _ in arm_ids(build(spec, inputs_for(spec)))}
    assert found == {
        "identity.userAssignedIdentities",
        "properties.containerGroupProfile.id",
        "properties.diagnostics.logAnalytics.workspaceResourceId",
        "properties.encryptionProperties.identity",
        "properties.identityAcls.acls",
        "properties.imageRegistryCredentials",
        "properties.secretReferences",
        "properties.standbyPoolProfile.id",
        "properties.subnetIds",
    }
