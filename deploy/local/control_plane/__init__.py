"""A real Kubernetes control plane on this machine, for the demo, the tests and the benchmarks.

etcd, kube-apiserver and kube-controller-manager, as pinned in `deploy/local/go.mod`; no nodes, so
no Pod ever runs. `ControlPlane.start()` gives one; `python -m control_plane up` shows it to a
person. What is started is stopped by process id, whatever ends the process that asked for it.
"""

from control_plane.errors import ControlPlaneError, KubectlError
from control_plane.plane import ControlPlane

__all__ = ["ControlPlane", "ControlPlaneError", "KubectlError"]
