"""Installing the operator's CRDs and rights as a user would, and acting as its ServiceAccount."""

from __future__ import annotations

from pathlib import Path

from control_plane import ControlPlane

ROOT = Path(__file__).parents[3]
OPERATOR_NAMESPACE = "aci-operator-system"


def install(
    control_plane: ControlPlane,
    folder: Path = ROOT / "deploy/kustomize/base",
    namespace: str = OPERATOR_NAMESPACE,
) -> Path:
    """Apply the kustomization in `folder`; give a kubeconfig of the operator's ServiceAccount.

    The Deployment is applied as well, but no kubelet runs here: the operator is started as a
    process beside it, with just the rights that its pod would have.
    """
    control_plane.run_kubectl("apply", "-k", str(folder))
    crds = [str(path) for path in sorted((ROOT / "crds").glob("*.yaml"))]
    files = [argument for crd in crds for argument in ("-f", crd)]
    control_plane.run_kubectl("wait", "--for=condition=Established", "--timeout=60s", *files)
    return control_plane.kubeconfig_for_service_account(namespace, "aci-operator")
