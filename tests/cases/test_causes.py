"""Who waits for another object says why that one is not ready, as soon as it says so itself."""

from __future__ import annotations

from in_process.scene import a_group, manifest, open_scene, source


async def test_who_waits_for_an_account_says_what_that_says_now() -> None:
    async with open_scene() as scene:
        account = scene.body("AzureAccount", "account")["spec"]
        principal = account["credential"]["servicePrincipal"]
        late = {"servicePrincipal": {**principal, "clientSecretFrom": source("late")}}
        scene.apply(manifest("AzureAccount", "other", **{**account, "credential": late}))
        group = {"accountRef": {"kind": "AzureAccount", "name": "other"}, "location": "eastus"}
        scene.apply(manifest("ResourceGroup", "rg2", **group))
        await scene.settle()
        waiting = scene.message("ResourceGroup", "rg2")
        scene.secret("late", value="wrong")
        await scene.run_for(61)  # an account looks at its Secret once a minute
        assert "Secret late, which does not exist" in waiting
        cause = scene.message("AzureAccount", "other")
        assert cause.startswith("AADSTS7000215")
        told = scene.message("ResourceGroup", "rg2")
        assert told == f"AzureAccount other is not ready: {cause}"


async def test_who_waits_for_an_object_says_what_that_says_now() -> None:
    refused = {"method": "PUT", "path": "/id", "status": 403, "code": "AuthorizationFailed"}
    async with open_scene(faults=[refused]) as scene:
        group = {"id": scene.group_id()}
        scene.apply(manifest("UserAssignedIdentity", "id", resourceGroupRef=group))
        users = {"type": "UserAssigned", "userAssigned": [{"name": "id"}]}
        scene.apply(a_group(identity=users))
        await scene.settle()
        begun = scene.message()
        scene.edit("UserAssignedIdentity", "id", operator={"ignoreDrift": ["size"]})
        await scene.run_for(1)
        field = "spec.identity.userAssigned[0] names UserAssignedIdentity here/id, which is not"
        assert begun.startswith(f"{field} ready: AuthorizationFailed")
        cause = scene.message("UserAssignedIdentity", "id")
        assert scene.message() == f"{field} ready: {cause}"
        assert "ignoreDrift names size" in cause
