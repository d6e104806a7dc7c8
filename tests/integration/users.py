"""People with rights in one namespace, by certificate and RoleBinding."""

from __future__ import annotations

import itertools
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from control_plane import ControlPlane
from control_plane.errors import KubectlError

_numbers = itertools.count(1)


@dataclass(frozen=True)
class User:
    """Somebody, and the namespace that they work in."""

    plane: ControlPlane
    namespace: str
    name: str
    kubeconfig: Path

    def kubectl(self, *args: str, stdin: str | None = None) -> str:
        """Run kubectl as this user. Raises KubectlError."""
        ran = self.plane.run_kubectl(
            "-n", self.namespace, *args, stdin=stdin, kubeconfig=self.kubeconfig
        )
        return str(ran.stdout)

    def apply(self, manifest: dict[str, Any]) -> str:
        """Apply an object; give what the API server says against it, nothing if it is taken."""
        try:
            self.kubectl("apply", "-f", "-", stdin=json.dumps(manifest))
        except KubectlError as error:
            return str(error)
        return ""

    def rights(self) -> set[tuple[str, str]]:
        """Ask the API server for (verb, resource) of all that is allowed with our kinds."""
        review = {
            "apiVersion": "authorization.k8s.io/v1",
            "kind": "SelfSubjectRulesReview",
            "spec": {"namespace": self.namespace},
        }
        # kubectl would look for a CRD of this kind, which nobody may read who is no admin.
        ask = ("create", "-f", "-", "-o", "json", "--validate=false")
        said = self.kubectl(*ask, stdin=json.dumps(review))
        return {
            (verb, resource)
            for rule in json.loads(said)["status"]["resourceRules"]
            if "aci-operator.io" in rule["apiGroups"]
            for resource in rule["resources"]
            for verb in rule["verbs"]
        }


def user_with(plane: ControlPlane, namespace: str, role: str) -> User:
    """Make a user whose only right is that ClusterRole, in that namespace."""
    name = f"{role}-user-{next(_numbers)}"
    bind = (f"--clusterrole={role}", f"--user={name}")
    plane.run_kubectl("-n", namespace, "create", "rolebinding", name, *bind)
    return User(plane, namespace, name, plane.kubeconfig_for(name))
