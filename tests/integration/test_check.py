"""`aci-operator check` on a real API server and the emulated Azure."""

from __future__ import annotations

import json
from typing import Any

from aci_operator.api.kinds import KINDS
from aci_operator.commands.actions import GROUPS, NEEDED
from aci_operator.commands.checking import PROVIDERS
from integration.command_line import Done, aci_operator
from integration.manifests import Manifest, manifest, text
from integration.world import SECRET, World

CRDS = [("crd", f"{kind.plural}.aci-operator.io/v1alpha1") for kind in KINDS.values()]
DENIED = "you may not get the Secret of its credential: ask somebody who may to run this"


async def test_each_check_tells_what_is_there_and_what_to_do(world: World) -> None:
    await world.apply(world.account.manifest())
    await world.apply(text(manifest("ResourceGroup", "my-rg", azureName="g", location="eastus")))
    sound, well = await checked(world), [*CRDS, *scopes(world)]
    assert (sound.code, rows(sound), sound.error) == (0, [ok(each) for each in well], "")

    take_roles_but_reader(world)
    weak = await checked(world)
    told = [row["todo"] for row in rows(weak) if row["result"] == "missing"]
    group = scopes(world)[-2][1]
    words = [f"give the account a role with {each} on {group}" for each in NEEDED]
    on_top = [f"give the account a role with {each} on {subscription(world)}" for each in GROUPS]
    assert (weak.code, told) == (1, [e for e in [*words, *on_top] if "/read " not in e])

    wrong = '{"stringData": {"clientSecret": "canary-of-a-wrong-secret"}}'
    await world.kubectl("patch", "secret", "azure-credential", "--type=merge", "-p", wrong)
    refused = await aci_operator(world.plane.kubeconfig, "check", "-n", world.namespace)
    *_, last = refused.lines
    assert (refused.code, last.split()[0], "AADSTS7000215" in last) == (1, "token", True)
    assert SECRET not in str((sound, weak, refused))
    assert "canary" not in str(refused)


async def test_who_may_not_read_the_secret_is_told_so(world: World) -> None:
    await world.apply(world.account.manifest())
    await world.kubectl("create", "rolebinding", "kim", "--clusterrole=view", "--user=kim")
    granted = json.dumps(may_list_cluster_accounts("kim"))
    await world.plane.kubectl_async("apply", "-f", "-", stdin=granted)
    kim = world.plane.kubeconfig_for("kim", [])
    try:
        done = await aci_operator(kim, "check", "-n", world.namespace, "-o", "json")
    finally:
        await world.plane.kubectl_async("delete", "-f", "-", stdin=granted)
    check, scope = scopes(world)[2]
    row = {"check": check, "scope": scope, "result": "unknown", "todo": DENIED}
    assert (done.code, rows(done)[-1]) == (2, row)


async def checked(world: World) -> Done:
    """Run the command as an administrator."""
    options = ("check", "-n", world.namespace, "-o", "json")
    return await aci_operator(world.plane.kubeconfig, *options)


def rows(done: Done) -> list[dict[str, Any]]:
    """Read what it found."""
    found: list[dict[str, Any]] = json.loads("".join(done.lines))
    return found


def ok(what: tuple[str, str]) -> dict[str, Any]:
    """Give the row of a check and its scope that is well."""
    return {"check": what[0], "scope": what[1], "result": "ok", "todo": ""}


def scopes(world: World) -> list[tuple[str, str]]:
    """Give check and scope of what is looked at for the account."""
    above = subscription(world)
    return [
        ("host", world.account.resource_manager),
        ("host", world.account.active_directory),
        ("token", f"AzureAccount {world.namespace}/azure"),
        *(("provider", f"{above}/providers/{name}") for name in PROVIDERS),
        ("actions", f"{above}/resourceGroups/g"),
        ("actions", above),
    ]


def subscription(world: World) -> str:
    """Give the account's subscription as a scope."""
    return f"/subscriptions/{world.account.subscription_id}"


def take_roles_but_reader(world: World) -> None:
    """Leave the account's principal with Reader on the subscription."""
    principal = world.azure.cloud.directory.find_application(world.account.client_id)
    assert principal is not None
    assignments = world.azure.cloud.authorization.assignments
    for each in assignments.of(principal.oid):
        assignments.remove(each.name)
    world.azure.assign_role(principal.oid, "Reader", subscription(world))


def may_list_cluster_accounts(user: str) -> Manifest:
    """Give a ClusterRole and its binding."""
    version, name = "rbac.authorization.k8s.io/v1", {"name": f"{user}-lists-cluster-accounts"}
    rule = {
        "apiGroups": ["aci-operator.io"],
        "resources": ["clusterazureaccounts"],
        "verbs": ["list"],
    }
    role = {"apiVersion": version, "kind": "ClusterRole", "metadata": name, "rules": [rule]}
    binding = {
        "apiVersion": version,
        "kind": "ClusterRoleBinding",
        "metadata": name,
        "roleRef": {"apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", **name},
        "subjects": [{"apiGroup": "rbac.authorization.k8s.io", "kind": "User", "name": user}],
    }
    return {"apiVersion": "v1", "kind": "List", "items": [role, binding]}
