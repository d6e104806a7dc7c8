"""Whether the spec that a pass works from is still the object's: asked before a change is written.

After a restart our first lists may be old (a replica of the API server that lags): the spec of
before would then be taken for what is wanted, and what its user has changed since for drift.
Writes that are announced in status first need no question, since a status that is written over an
older object is refused.
"""

from __future__ import annotations

from aci_operator.kube import objects
from aci_operator.kube.errors import Stale
from aci_operator.reconcile.context import Pass


async def confirm(p: Pass) -> None:
    """Read the object from the API server. Raises kube's Stale, which has the pass decide again, if
    its spec is another one or it is gone, and the API server's errors."""
    known = p.object
    current = await objects.read(p.world.kube, known.key)
    if current is None or current.uid != known.uid:
        p.world.lose(known.key, known.uid)
        raise Stale(f"{known.key} is not there any more")
    if current.generation != known.generation or current.deleting != known.deleting:
        p.world.learn(current)
        raise Stale(f"{known.key} has another spec by now")
