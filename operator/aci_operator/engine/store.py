"""What we know of the cluster: the latest version of each object, and who refers to whom."""

from __future__ import annotations

from collections import OrderedDict, defaultdict
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass

from aci_operator.api.objects import Key, Object

ReferencesOf = Callable[[Object], frozenset[Key]]
"""The keys that an object refers to. A key with name "" means any object of that kind there."""

_TOMBSTONES = 10_000


@dataclass(frozen=True)
class Change:
    """How the store changed: `old` is None for a new object, `new` for one that is gone."""

    old: Object | None
    new: Object | None

    @property
    def key(self) -> Key:
        """The object that changed."""
        known = self.new or self.old
        assert known is not None
        return known.key


class Store:
    """Objects by key, with an index of references in both directions."""

    def __init__(self, references_of: ReferencesOf) -> None:
        self.references_of = references_of
        self._objects: dict[Key, Object] = {}
        self._keys: dict[str, dict[Key, None]] = defaultdict(dict)
        self._references: dict[Key, frozenset[Key]] = {}
        self._referrers: dict[Key, set[Key]] = defaultdict(set)
        self._gone: OrderedDict[str, None] = OrderedDict()
        """UIDs that never come back, so that a late answer cannot raise the dead."""

    def __len__(self) -> int:
        return len(self._objects)

    def put(self, obj: Object) -> Change | None:
        """Take in one version of an object; None if it says nothing new.

        Versions arrive from the watch, from lists and from the answers to our own writes, in any
        order: an older one of the same uid is ignored, another uid takes the place of the old one.
        """
        old = self._objects.get(obj.key)
        if obj.uid in self._gone:
            return None
        if old is not None and old.uid == obj.uid and not is_newer(obj, old):
            return None
        if old is not None and old.uid != obj.uid:
            self._bury(old.uid)
        self._objects[obj.key] = obj
        self._keys[obj.key.kind][obj.key] = None
        self._index(obj.key, self.references_of(obj))
        return Change(old, obj)

    def remove(self, key: Key, uid: str) -> Change | None:
        """Forget an object that is gone; None if we held another uid under this key, or nothing."""
        self._bury(uid)
        old = self._objects.get(key)
        if old is None or old.uid != uid:
            return None
        del self._objects[key]
        del self._keys[key.kind][key]
        self._index(key, frozenset())
        return Change(old, None)

    def get(self, key: Key) -> Object | None:
        """The latest version that we know."""
        return self._objects.get(key)

    def of_kind(self, kind: str, namespace: str | None = None) -> Iterator[Object]:
        """All objects of one kind, of one namespace if named."""
        for key in tuple(self._keys.get(kind, ())):
            if namespace is None or key.namespace == namespace:
                yield self._objects[key]

    def referrers(self, key: Key) -> frozenset[Key]:
        """Who refers to this object, by its name or as any object of its kind and namespace."""
        anyone = Key(key.kind, key.namespace, "")
        return frozenset(self._referrers.get(key, ())) | frozenset(self._referrers.get(anyone, ()))

    def missing(self, kind: str, uids: Collection[str]) -> list[Object]:
        """The objects of this kind whose uid is not among `uids`."""
        return [obj for obj in self.of_kind(kind) if obj.uid not in uids]

    def _index(self, key: Key, references: frozenset[Key]) -> None:
        before = self._references.get(key, frozenset())
        for target in before - references:
            referrers = self._referrers[target]
            referrers.discard(key)
            if not referrers:
                del self._referrers[target]
        for target in references - before:
            self._referrers[target].add(key)
        if references:
            self._references[key] = references
        else:
            self._references.pop(key, None)

    def _bury(self, uid: str) -> None:
        self._gone[uid] = None
        while len(self._gone) > _TOMBSTONES:
            self._gone.popitem(last=False)


def is_newer(obj: Object, old: Object) -> bool:
    """Whether `obj` is a later version of the object `old`.

    For custom resources a resourceVersion is etcd's revision, a growing decimal number: compared as
    a number, since "9" is older than "10". It has to be compared at all because the answer to our
    own write is often here before the watch has told the versions that preceded it.
    """
    if old.resource_version.isdecimal() and obj.resource_version.isdecimal():
        return int(obj.resource_version) > int(old.resource_version)
    return obj.resource_version != old.resource_version
