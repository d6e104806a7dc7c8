"""`make demo KEEP=1`: everything stays up for looking around."""

from __future__ import annotations

import signal

from demo.cluster import NAMESPACE
from demo.container import SECRET_PATH, TOKEN_PATH
from demo.interruptions import Interrupted
from demo.scene import Scene

_GUIDE = """
Everything is still running. In another terminal:

  export KUBECONFIG={kubeconfig}
  export PATH={programs}:$PATH
  kubectl -n {namespace} get aci
  kubectl -n {namespace} describe acig mycontainer
  kubectl apply -n {namespace} -k {samples}/example-1-user-assigned

  # the emulated Azure: what it holds, what was asked of it, its settings
  curl -s {control}/state
  curl -s {control}/calls
  curl -s {control}/settings

  # what a container of the group mycontainer-system sees at http://169.254.169.254
  curl -s "{endpoint}{token_path}" \\
    -H Metadata:true
  # with the access_token of that answer in TOKEN
  curl -s "{vault}{secret_path}" \\
    -H "Authorization: Bearer $TOKEN" --cacert {ca_file}

  # logs
  tail -f {log}

Ctrl-C here ends all of it and removes its files."""


def keep(scene: Scene) -> None:
    """Say how to look around, and wait until somebody has seen enough."""
    azure = scene.azure
    try:
        scene.narrator.plain(
            _GUIDE.format(
                kubeconfig=scene.plane.kubeconfig,
                programs=scene.plane.kubectl.parent,
                namespace=NAMESPACE,
                samples=scene.samples,
                control=azure.ready["control"],
                token_path=TOKEN_PATH,
                endpoint=azure.identity_endpoint("mycontainer-system"),
                vault=scene.cluster.vault_uri().rstrip("/"),
                secret_path=SECRET_PATH,
                ca_file=azure.account.ca_file,
                log=scene.operator.log,
            )
        )
        while True:
            signal.pause()
    except Interrupted:
        scene.narrator.plain("\nEnding.")
