"""A namespace of its own for each test, on an API server that serves our kinds."""

from __future__ import annotations

import itertools
import json
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest

from aci_operator.api.objects import Key
from aci_operator.kube.client import Kube
from control_plane import ControlPlane

CRDS = Path(__file__).parents[3] / "crds"
_numbers = itertools.count(1)


@pytest.fixture(scope="session")
def crds(control_plane: ControlPlane) -> None:
    # Other tests may have installed them already, by an apply of kubectl's own.
    control_plane.run_kubectl("apply", "--server-side", "--force-conflicts", "-k", str(CRDS))
    control_plane.run_kubectl("wait", "--for=condition=Established", "crd", "--all")


@pytest.fixture(scope="session")
async def kube(control_plane: ControlPlane) -> AsyncIterator[Kube]:
    kube = await Kube.open(control_plane.kubeconfig)
    yield kube
    await kube.close()


class Namespace:
    """One namespace, and kubectl in it."""

    def __init__(self, plane: ControlPlane, name: str) -> None:
        self.plane = plane
        self.name = name

    def kubectl(self, *args: str, stdin: str | None = None) -> str:
        return self.plane.run_kubectl("-n", self.name, *args, stdin=stdin).stdout

    def get(self, *args: str) -> Any:
        return json.loads(self.kubectl("get", *args, "-o", "json"))

    def apply(self, kind: str, name: str, **fields: Any) -> Key:
        """Make an object of ours, or a Secret."""
        version = "v1" if kind == "Secret" else "aci-operator.io/v1alpha1"
        body = {"apiVersion": version, "kind": kind, "metadata": {"name": name}, **fields}
        self.kubectl("apply", "-f", "-", stdin=json.dumps(body))
        return Key(kind, self.name, name)

    def hold(self, *what: str) -> None:
        """Put a finalizer of somebody else on."""
        patch = '{"metadata":{"finalizers":["example.com/theirs"]}}'
        self.kubectl("patch", *what, "--type=merge", "-p", patch)

    def release(self, *what: str) -> None:
        """Take all finalizers off."""
        self.kubectl("patch", *what, "--type=merge", "-p", '{"metadata":{"finalizers":null}}')

    def resource_group(self, name: str, **operator: str) -> Key:
        return self.apply("ResourceGroup", name, spec={"location": "eastus", "operator": operator})


@pytest.fixture
def namespace(control_plane: ControlPlane, crds: None) -> Iterator[Namespace]:
    name = f"kube-{next(_numbers)}"
    control_plane.run_kubectl("create", "namespace", name)
    yield Namespace(control_plane, name)
    control_plane.run_kubectl("delete", "namespace", name, "--wait=false")
