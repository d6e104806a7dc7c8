"""`aci-operator check` on a real API server and the emulated Azure."""

from __future__ import annotations

import json

from aci_operator.api.kinds import KINDS
from aci_operator.commands.checking import PROVIDERS
from integration.command_line import aci_operator
from integration.manifests import Manifest
from integration.world import SECRET, World

CRDS = [
    {"check": "crd", "scope": f"{k.plural}.aci-operator.io/v1alpha1", "result": "ok", "todo": ""}
    for k in KINDS.values()
]


async def test_a_sound_account_passes_and_a_refused_secret_is_named(world: World) -> None:
    admin, options = world.plane.kubeconfig, ("check", "-n", world.namespace, "-o", "json")
    await world.apply(world.account.manifest())
    sound = await aci_operator(admin, *options)
    scope = f"AzureAccount {world.namespace}/azure"
    prefix = f"/subscriptions/{world.account.subscription_id}/providers"
    good = [("token", scope), *(("provider", f"{prefix}/{name}") for name in PROVIDERS)]
    rows = [{"check": c, "scope": s, "result": "ok", "todo": ""} for c, s in good]
    assert (sound.code, json.loads("".join(sound.lines)), sound.error) == (0, [*CRDS, *rows], "")

    wrong = '{"stringData": {"clientSecret": "canary-of-a-wrong-secret"}}'
    await world.kubectl("patch", "secret", "azure-credential", "--type=merge", "-p", wrong)
    refused = await aci_operator(admin, *options)
    row = json.loads("".join(refused.lines))[-1]
    assert (refused.code, row["check"], row["result"]) == (1, "token", "missing")
    assert "AADSTS7000215" in row["todo"]
    assert SECRET not in str((sound, refused))
    assert "canary" not in str(refused)


async def test_who_may_not_read_the_secret_is_told_so(world: World) -> None:
    await world.apply(world.account.manifest())
    await world.kubectl("create", "rolebinding", "kim", "--clusterrole=view", "--user=kim")
    await world.plane.kubectl_async(
        "apply", "-f", "-", stdin=json.dumps(may_list_cluster_accounts("kim"))
    )
    kim = world.plane.kubeconfig_for("kim", [])
    done = await aci_operator(kim, "check", "-n", world.namespace, "-o", "json")
    assert (done.code, json.loads("".join(done.lines))[-1]) == (
        2,
        {
            "check": "token",
            "scope": f"AzureAccount {world.namespace}/azure",
            "result": "unknown",
            "todo": "you may not get the Secret of its credential: "
            "ask somebody who may to run this",
        },
    )


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
