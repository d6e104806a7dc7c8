"""The manifests of deploy/kustomize/base: the rights of the operator, and its pod."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from aci_operator.__main__ import run
from aci_operator.api.kinds import KINDS

ROOT = Path(__file__).parents[3]
BASE = ROOT / "deploy" / "kustomize" / "base"
PLURALS = sorted(kind.plural for kind in KINDS.values())
VERBS = ("get", "list", "watch", "patch")
US = {"kind": "ServiceAccount", "name": "aci-operator", "namespace": "aci-operator-system"}


def manifests() -> dict[tuple[str, str], dict[str, Any]]:
    """Give every manifest by kind and name."""
    files = [path.read_text() for path in sorted(BASE.glob("*.yaml"))]
    found = [body for text in files for body in yaml.safe_load_all(text)]
    return {(body["kind"], body["metadata"]["name"]): body for body in found}


ALL = manifests()


def rights(kind: str, name: str) -> set[tuple[str, str, str, str]]:
    """Give (group, resource, name or *, verb) for everything that a role allows."""
    return {
        (group, resource, named, verb)
        for rule in ALL[kind, name]["rules"]
        for group in rule["apiGroups"]
        for resource in rule["resources"]
        for named in rule.get("resourceNames", ["*"])
        for verb in rule["verbs"]
    }


def pod() -> dict[str, Any]:
    template = ALL["Deployment", "aci-operator"]["spec"]["template"]
    return dict(template["spec"])


def test_everywhere_the_operator_may_do_this_and_no_more() -> None:
    ours = {("aci-operator.io", p, "*", verb) for p in PLURALS for verb in VERBS}
    statuses = {("aci-operator.io", f"{p}/status", "*", "patch") for p in PLURALS}
    inline = {("aci-operator.io", "keyvaultaccesses", "*", verb) for verb in ("create", "delete")}
    others = {
        *inline,
        ("aci-operator.io", "containergroups/finalizers", "*", "update"),  # for their owner
        ("", "secrets", "*", "get"),
        ("", "secrets", "*", "patch"),
        ("", "namespaces", "*", "get"),
        ("events.k8s.io", "events", "*", "create"),
        ("events.k8s.io", "events", "*", "patch"),
    }
    assert rights("ClusterRole", "aci-operator") == ours | statuses | others


def test_in_its_own_namespace_it_may_make_a_secret_keep_one_lease_and_read_one_setting() -> None:
    assert rights("Role", "aci-operator") == {
        ("", "configmaps", "aci-operator", "get"),
        ("", "secrets", "*", "create"),
        ("coordination.k8s.io", "leases", "*", "create"),
        ("coordination.k8s.io", "leases", "aci-operator", "get"),
        ("coordination.k8s.io", "leases", "aci-operator", "update"),
    }
    assert ALL["Role", "aci-operator"]["metadata"]["namespace"] == "aci-operator-system"


def test_of_kube_system_it_may_read_the_namespace() -> None:
    name = "aci-operator-cluster-id"
    assert rights("Role", name) == {("", "namespaces", "kube-system", "get")}
    assert ALL["Role", name]["metadata"]["namespace"] == "kube-system"


def test_every_role_is_bound_to_the_operator_alone() -> None:
    bindings = {key: body for key, body in ALL.items() if key[0].endswith("RoleBinding")}
    bound = {(b["roleRef"]["kind"], b["roleRef"]["name"]) for b in bindings.values()}
    roles = {key for key in ALL if key[0] in ("Role", "ClusterRole")}
    assert bound == {key for key in roles if not aggregated(key)}
    assert [b["subjects"] for b in bindings.values()] == [[US]] * len(bindings)


def aggregated(role: tuple[str, str]) -> list[str]:
    """Give the labels by which Kubernetes adds a role to its own ones."""
    labels: dict[str, str] = ALL[role]["metadata"]["labels"]
    return [name for name in labels if name.startswith("rbac.authorization.k8s.io/aggregate-to-")]


def test_view_edit_and_admin_are_added_to_the_role_of_that_name() -> None:
    roles = {key[1]: aggregated(key) for key in ALL if key[0] == "ClusterRole" and aggregated(key)}
    assert roles == {
        f"aci-operator-{name}": [f"rbac.authorization.k8s.io/aggregate-to-{name}"]
        for name in ("view", "edit", "admin")
    }


def test_no_manifest_is_left_out_of_the_kustomization() -> None:
    listed = yaml.safe_load((BASE / "Kustomization").read_text())["resources"]
    assert sorted(listed) == ["../../../crds", *sorted(path.name for path in BASE.glob("*.yaml"))]


def test_no_crd_is_left_out_of_the_kustomization() -> None:
    listed = yaml.safe_load((ROOT / "crds" / "Kustomization").read_text())["resources"]
    assert listed == [f"{plural}.yaml" for plural in PLURALS]


def test_a_second_pod_stands_by_and_each_has_time_to_end() -> None:
    deployment = ALL["Deployment", "aci-operator"]["spec"]
    assert (deployment["replicas"], deployment["strategy"]["type"]) == (2, "RollingUpdate")
    assert pod()["terminationGracePeriodSeconds"] == 45


def test_in_a_watched_namespace_the_operator_may_do_what_it_may_everywhere_else() -> None:
    text = (BASE.parent / "namespaced" / "watched" / "role.yaml").read_text()
    role, binding = yaml.safe_load_all(text)
    whole_cluster = {kind.plural for kind in KINDS.values() if not kind.namespaced}
    assert role["rules"] == [
        {**rule, "resources": [r for r in rule["resources"] if root(r) not in whole_cluster]}
        for rule in ALL["ClusterRole", "aci-operator"]["rules"]
    ]
    assert (binding["roleRef"]["name"], binding["subjects"]) == (role["metadata"]["name"], [US])


def root(resource: str) -> str:
    return resource.partition("/")[0]


def test_the_pod_runs_without_privileges() -> None:
    (container,) = pod()["containers"]
    assert container["securityContext"] == {
        "allowPrivilegeEscalation": False,
        "readOnlyRootFilesystem": True,
        "capabilities": {"drop": ["ALL"]},
    }
    assert pod()["securityContext"] == {
        "runAsNonRoot": True,
        "runAsUser": 65532,
        "runAsGroup": 65532,
        "seccompProfile": {"type": "RuntimeDefault"},
    }


def test_the_pod_is_told_its_namespace_and_its_address_by_options_that_exist() -> None:
    (container,) = pod()["containers"]
    told = {one["name"]: one["valueFrom"]["fieldRef"]["fieldPath"] for one in container["env"]}
    assert told == {
        "ACI_OPERATOR_NAMESPACE": "metadata.namespace",
        "ACI_OPERATOR_HEALTH_HOST": "status.podIP",
    }
    options = {name for option in run.params for name in option.envvar or ()}
    assert set(told) <= options
    assert container["args"] == [run.name]


def test_only_the_pod_gets_the_token_of_the_service_account() -> None:
    account = ALL["ServiceAccount", "aci-operator"]
    assert (account["automountServiceAccountToken"], pod()["automountServiceAccountToken"]) == (
        False,
        True,
    )


def test_the_pod_is_asked_for_its_health_on_the_port_of_that_name() -> None:
    (container,) = pod()["containers"]
    assert container["ports"] == [{"name": "health", "containerPort": 8080}]
    probes = {name: container[name]["httpGet"] for name in ("livenessProbe", "readinessProbe")}
    assert probes == {
        "livenessProbe": {"path": "/livez", "port": "health"},
        "readinessProbe": {"path": "/readyz", "port": "health"},
    }
