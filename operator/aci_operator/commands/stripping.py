"""Taking our finalizer off objects of ours and off held Secrets, and off nothing else."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from aci_operator.api.kinds import ACCOUNTS, KINDS
from aci_operator.api.objects import FINALIZER
from aci_operator.commands.remains import remains_of
from aci_operator.kube import finalizers, objects, paths
from aci_operator.kube.client import Kube
from aci_operator.kube.errors import Gone, Stale

SECRET = "Secret"
STRIPPABLE = (*KINDS, SECRET)
_ATTEMPTS = 3


@dataclass(frozen=True)
class Held:
    """One object that our finalizer stands on."""

    kind: str
    namespace: str
    name: str
    path: str
    remains: Sequence[str] = ()
    """What stays in Azure without the operator."""

    def __str__(self) -> str:
        where = f"{self.namespace}/" if self.namespace else ""
        return f"{self.kind} {where}{self.name}"


async def find(kube: Kube, namespace: str | None, kinds: Sequence[str]) -> list[Held]:
    """List what our finalizer stands on; accounts and Secrets last. Raises `KubeError`.

    In one namespace, or, for None, everywhere; cluster-scoped kinds only then. A kind whose CRD is
    gone has no objects.
    """
    found: list[Held] = []
    for kind in sorted((kind for kind in KINDS if kind in kinds), key=ACCOUNTS.__contains__):
        if namespace is None or KINDS[kind].namespaced:
            found += await _objects(kube, kind, namespace)
    if SECRET in kinds:
        found += await _secrets(kube, namespace)
    return found


async def strip(kube: Kube, held: Held) -> None:
    """Take our finalizer off. Raises `Stale` if others keep writing, and other errors."""
    for _ in range(_ATTEMPTS):
        try:
            metadata = (await kube.get_metadata(held.path))["metadata"]
            present = metadata.get("finalizers") or []
            if FINALIZER not in present:
                return
            patch = finalizers.removing_from(metadata["resourceVersion"], present)
            await finalizers.patch(kube, held.path, patch)
            return
        except Gone:
            return
        except Stale:
            continue
    raise Stale(f"{held} keeps changing", status=409)


async def _objects(kube: Kube, kind: str, namespace: str | None) -> list[Held]:
    try:
        every = await objects.list_all(kube, kind, namespace)
    except Gone:
        return []
    return [
        Held(*each.key, paths.of_object(each.key), remains_of(kind, each.status))
        for each in every
        if each.held
    ]


async def _secrets(kube: Kube, namespace: str | None) -> list[Held]:
    """Only metadata is asked for, so no value of a Secret comes here."""
    query = {"limit": str(objects.CHUNK)}
    found: list[Held] = []
    while True:
        page = await kube.list_metadata(paths.of_secrets(namespace), query)
        for item in page["items"]:
            metadata = item["metadata"]
            if FINALIZER in (metadata.get("finalizers") or ()):
                place, name = metadata["namespace"], metadata["name"]
                found.append(Held(SECRET, place, name, paths.of_secret(place, name)))
        token = page["metadata"].get("continue")
        if not token:
            return found
        query["continue"] = token
