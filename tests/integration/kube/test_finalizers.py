from __future__ import annotations

from typing import Any

import pytest

from aci_operator.api.objects import FINALIZER, Object
from aci_operator.kube import finalizers, objects
from aci_operator.kube.client import Kube
from aci_operator.kube.errors import Gone, Stale


@pytest.fixture
async def group(kube: Kube, namespace: Any) -> Object:
    obj = await objects.read(kube, namespace.resource_group("rg"))
    assert obj is not None
    return obj


async def test_the_finalizer_is_put_on_and_taken_off(kube: Kube, group: Object) -> None:
    held = await finalizers.add(kube, group)
    released = await finalizers.remove(kube, held)
    assert released is not None
    assert (held.finalizers, released.finalizers) == ((FINALIZER,), ())


async def test_a_held_object_is_not_written_again(kube: Kube, group: Object) -> None:
    held = await finalizers.add(kube, group)
    assert await finalizers.add(kube, held) is held


async def test_the_finalizers_of_others_stay(kube: Kube, group: Object, namespace: Any) -> None:
    namespace.hold("acirg", "rg")
    obj = await objects.read(kube, group.key)
    assert obj is not None
    held = await finalizers.add(kube, obj)
    released = await finalizers.remove(kube, held)
    namespace.kubectl(
        "patch",
        "acirg",
        "rg",
        "--type=json",
        "-p",
        '[{"op":"remove","path":"/metadata/finalizers"}]',
    )
    assert released is not None
    assert (held.finalizers, released.finalizers) == (
        ("example.com/theirs", FINALIZER),
        ("example.com/theirs",),
    )


async def test_an_outdated_object_gets_no_finalizer(
    kube: Kube, group: Object, namespace: Any
) -> None:
    namespace.kubectl("label", "acirg", "rg", "a=b")
    with pytest.raises(Stale):
        await finalizers.add(kube, group)


async def test_an_object_that_is_gone_gets_no_finalizer(
    kube: Kube, group: Object, namespace: Any
) -> None:
    namespace.kubectl("delete", "acirg", "rg")
    with pytest.raises(Gone):
        await finalizers.add(kube, group)


async def test_an_object_under_deletion_is_gone_with_its_last_finalizer(
    kube: Kube, group: Object, namespace: Any
) -> None:
    await finalizers.add(kube, group)
    namespace.kubectl("delete", "acirg", "rg", "--wait=false")
    dying = await objects.read(kube, group.key)
    assert dying is not None
    assert dying.deleting
    assert await finalizers.remove(kube, dying) is None
    assert await objects.read(kube, group.key) is None
