"""The CRDs on the real API server: what it accepts, what it refuses, and in which words."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from control_plane import ControlPlane, KubectlError
from integration.crd_accounts import ACCOUNTS
from integration.crd_changes import CHANGES
from integration.crd_group_refusals import GROUP_REFUSALS
from integration.crd_groups import GROUPS
from integration.crd_objects import MINIMAL, Case, Change
from integration.crd_references import REFERENCES
from integration.crd_refusals import REFUSALS

ROOT = Path(__file__).parents[2]
SAMPLES = ROOT / "deploy" / "samples"
NAMESPACE = "crds-test"
Kubectl = Callable[..., str]
CASES = REFUSALS + GROUP_REFUSALS + REFERENCES + GROUPS + ACCOUNTS


@pytest.fixture(scope="module")
def kubectl(control_plane: ControlPlane) -> Iterator[Kubectl]:
    """Run kubectl in a namespace that goes again, with the CRDs of this tree installed."""

    def run(*args: str, body: dict[str, Any] | None = None) -> str:
        stdin = None if body is None else json.dumps(body)
        return control_plane.run_kubectl("-n", NAMESPACE, *args, stdin=stdin).stdout

    applied = ("apply", "--server-side", "--force-conflicts", "-f", str(ROOT / "crds"))
    control_plane.run_kubectl(*applied)
    control_plane.run_kubectl("wait", "--for=condition=Established", "crd", *crd_names())
    control_plane.run_kubectl("create", "namespace", NAMESPACE)
    yield run
    control_plane.run_kubectl("delete", "namespace", NAMESPACE, "--wait=false")


def crd_names() -> list[str]:
    files = sorted((ROOT / "crds").glob("*.yaml"))
    return [yaml.safe_load(path.read_text())["metadata"]["name"] for path in files]


def refusal(kubectl: Kubectl, *args: str, body: dict[str, Any]) -> str:
    """Give the API server's reasons, without the sentence around them."""
    with pytest.raises(KubectlError) as refused:
        kubectl(*args, "-f", "-", body=body)
    said = refused.value.stderr
    causes = re.split(r"(?:is invalid|strict decoding error): ", said, maxsplit=1)[1].strip()
    lines = [line.removeprefix("* ") for line in causes.split("\n")]
    # The API server adds a cause without a field when it left some rules out.
    return "\n".join(line for line in lines if not line.startswith("<nil>"))


def name(case: Case) -> str:
    return case.name


@pytest.mark.parametrize("case", CASES, ids=name)
def test_bad_input_is_refused_with_field_rule_and_way_out(kubectl: Kubectl, case: Case) -> None:
    says = refusal(kubectl, "create", "--dry-run=server", body=case.body(case.refused))
    assert says == case.says


@pytest.mark.parametrize("case", CASES, ids=name)
def test_its_twin_is_accepted(kubectl: Kubectl, case: Case) -> None:
    body = case.body(case.accepted)
    assert kubectl("create", "--dry-run=server", "-f", "-", body=body) == created(body)


def created(body: dict[str, Any]) -> str:
    """What kubectl prints for an object that the API server takes."""
    group = "".join(f".{name}" for name in body["apiVersion"].split("/")[:-1])
    kind, name = body["kind"].lower(), body["metadata"]["name"]
    return f"{kind}{group}/{name} created (server dry run)\n"


@pytest.mark.parametrize("case", CHANGES, ids=name)
def test_what_is_fixed_cannot_be_changed(kubectl: Kubectl, case: Change) -> None:
    kubectl("create", "-f", "-", body=case.body(case.before or {}))
    says = refusal(kubectl, "replace", "--dry-run=server", body=case.body(case.refused))
    kubectl("replace", "--dry-run=server", "-f", "-", body=case.body(case.accepted))
    kubectl("delete", case.kind, case.object_name)
    assert says == case.says


@pytest.mark.parametrize("kind", ["ContainerGroup", "KeyVault", "UserAssignedIdentity"])
def test_a_location_that_is_given_late_is_where_the_resource_stands(
    kubectl: Kubectl, kind: str
) -> None:
    case = Case("late", kind, {"location": "East US"}, {"location": "westus"}, "", "late-location")
    status = json.dumps({"status": {"location": "eastus"}})
    kubectl("create", "-f", "-", body=case.body({}))
    kubectl("patch", kind, "late-location", "--subresource=status", "--type=merge", "-p", status)
    says = refusal(kubectl, "replace", "--dry-run=server", body=case.body(case.refused))
    kubectl("replace", "--dry-run=server", "-f", "-", body=case.body(case.accepted))
    kubectl("delete", kind, "late-location")
    assert says == (
        "spec.location: Forbidden: location is fixed, because Azure cannot move the resource to "
        "another region; it is eastus: write that, or leave it out"
    )


@pytest.mark.parametrize("kind", sorted(MINIMAL))
def test_a_new_object_has_not_been_observed(kubectl: Kubectl, kind: str) -> None:
    case = Case("minimal", kind, {}, {}, "", object_name="an-object")
    made = kubectl("create", "--dry-run=server", "-o", "json", "-f", "-", body=case.body({}))
    assert json.loads(made)["status"] == {"observedGeneration": -1}


@pytest.mark.parametrize("sample", sorted(SAMPLES.iterdir()), ids=lambda path: str(path.name))
@pytest.mark.parametrize("flag", ["-f", "-k"])
def test_a_sample_is_accepted_as_files_and_by_kustomize(
    kubectl: Kubectl, sample: Path, flag: str
) -> None:
    said = kubectl("apply", "--dry-run=server", flag, str(sample))
    assert {line.split(" ", 1)[1] for line in said.splitlines()} == {"created (server dry run)"}


def examples() -> list[dict[str, Any]]:
    """Give every whole object of ours that a page shows."""
    pages = "".join(page.read_text() for page in sorted((ROOT / "docs").glob("*.md")))
    blocks = re.findall(r"```yaml\n(.*?)```", pages, re.DOTALL)
    bodies = [body for block in blocks for body in yaml.safe_load_all(block)]
    return [body for body in bodies if str(body.get("apiVersion")).startswith("aci-operator.io/")]


@pytest.mark.parametrize("body", examples(), ids=lambda body: str(body["metadata"]["name"]))
def test_an_example_of_the_docs_is_accepted(kubectl: Kubectl, body: dict[str, Any]) -> None:
    assert kubectl("create", "--dry-run=server", "-f", "-", body=body) == created(body)


def test_the_docs_show_every_kind() -> None:
    assert {body["kind"] for body in examples()} == set(MINIMAL)


def test_the_operators_manifests_are_accepted(control_plane: ControlPlane) -> None:
    base = str(ROOT / "deploy" / "kustomize" / "base")
    applied = ("apply", "--server-side", "--force-conflicts", "-k", base)
    said = control_plane.run_kubectl(*applied).stdout
    assert {line.rsplit(" ", 1)[-1] for line in said.splitlines()} == {"serverside-applied"}
