"""Which objects have to be looked at because one changed. A pure function of the change."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Mapping

from aci_operator.api.objects import GROUP, Key, Object
from aci_operator.engine.queue import Share
from aci_operator.engine.store import Change, Store

Published = Callable[[Object], Hashable]
"""What others may use of an object: its ID, principal, readiness. Equal means nothing to see."""

_OURS = f"{GROUP}/"


def wakeups(store: Store, change: Change, published: Published) -> list[tuple[Key, Share]]:
    """Keys to enqueue after `change`, which the store has already taken in.

    The object itself, if somebody changed what it should be; those that refer to it, if what they
    use of it changed; those that it referred to, if they wait to be deleted until it lets them go.
    A change of its status alone wakes only the others: it is almost always our own writing.
    """
    woken: dict[Key, Share] = {}
    share = _own_share(change)
    if share is not None:
        woken[change.key] = share
    for key in _dependents(store, change, published):
        woken.setdefault(key, Share.WAKE)
    for key in _released(store, change):
        woken.setdefault(key, Share.WAKE)
    return list(woken.items())


def first_share(obj: Object) -> Share:
    """The share of an object that we see for the first time.

    After a restart every object is new to us. Those that were already looked at in their present
    form only need the look that a poll would give them, behind whatever users want meanwhile.
    """
    settled = obj.status.get("observedGeneration") == obj.generation and not obj.deleting
    return Share.DRIFT if settled else Share.EDIT


def _own_share(change: Change) -> Share | None:
    old, new = change.old, change.new
    if new is None:
        return None
    if old is None or old.uid != new.uid:
        return first_share(new)
    return Share.EDIT if _asked_for(new) != _asked_for(old) or _stripped(old, new) else None


def _asked_for(obj: Object) -> Hashable:
    return (obj.generation, obj.deleting, _ours(obj.labels), _ours(obj.annotations))


def _ours(entries: Mapping[str, str]) -> frozenset[tuple[str, str]]:
    return frozenset(item for item in entries.items() if item[0].startswith(_OURS))


def _stripped(old: Object, new: Object) -> bool:
    """Somebody took our finalizer off. (Putting it on, and off at the end, is our own doing.)"""
    return old.held and not new.held and not new.deleting


def _dependents(store: Store, change: Change, published: Published) -> frozenset[Key]:
    old, new = change.old, change.new
    if old is not None and new is not None and old.uid == new.uid:
        same = old.deleting == new.deleting and published(old) == published(new)
        if same:
            return frozenset()
    return store.referrers(change.key) - {change.key}


def _released(store: Store, change: Change) -> Iterator[Key]:
    """Objects under deletion that the changed one no longer refers to, or can no longer."""
    if change.old is None:
        return
    kept = frozenset() if change.new is None else store.references_of(change.new)
    for reference in store.references_of(change.old) - kept:
        for target in _targets(store, reference):
            if target.deleting:
                yield target.key


def _targets(store: Store, reference: Key) -> Iterator[Object]:
    if reference.name:
        target = store.get(reference)
        if target is not None:
            yield target
    else:
        yield from store.of_kind(reference.kind, reference.namespace)
