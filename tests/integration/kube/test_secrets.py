from __future__ import annotations

import asyncio
from typing import Any

import pytest

from aci_operator.api.objects import FINALIZER
from aci_operator.kube import hash_key, secrets
from aci_operator.kube.client import Kube
from aci_operator.kube.cluster import cluster_id
from aci_operator.kube.errors import Refused


async def test_a_secret_is_read_with_its_values(kube: Kube, namespace: Any) -> None:
    namespace.apply("Secret", "s", stringData={"password": "hush"})
    secret = await secrets.read(kube, namespace.name, "s")
    assert secret is not None
    assert (secret.data, secret.held, secret.deleting) == ({"password": b"hush"}, False, False)


async def test_a_printed_secret_shows_no_value(kube: Kube, namespace: Any) -> None:
    namespace.apply("Secret", "s", stringData={"password": "hush"})
    assert "hush" not in repr(await secrets.read(kube, namespace.name, "s"))


async def test_a_secret_that_is_not_there_is_none(kube: Kube, namespace: Any) -> None:
    found = [
        await secrets.read(kube, namespace.name, "s"),
        await secrets.hold(kube, namespace.name, "s"),
        await secrets.release(kube, namespace.name, "s"),  # type: ignore[func-returns-value]
    ]
    assert found == [None, None, None]


async def test_a_held_secret_outlives_its_deletion_until_it_is_released(
    kube: Kube, namespace: Any
) -> None:
    namespace.apply("Secret", "s", stringData={"password": "hush"})
    held = await secrets.hold(kube, namespace.name, "s")
    namespace.kubectl("delete", "secret", "s", "--wait=false")
    dying = await secrets.read(kube, namespace.name, "s")
    await secrets.release(kube, namespace.name, "s")
    assert held is not None
    assert dying is not None
    assert (held.finalizers, dying.deleting, dying.data) == ((FINALIZER,), True, held.data)
    assert await secrets.read(kube, namespace.name, "s") is None


async def test_a_dying_secret_is_not_held(kube: Kube, namespace: Any) -> None:
    namespace.apply("Secret", "s", stringData={"password": "hush"})
    namespace.hold("secret", "s")
    namespace.kubectl("delete", "secret", "s", "--wait=false")
    dying = await secrets.hold(kube, namespace.name, "s")
    namespace.release("secret", "s")
    assert dying is not None
    assert (dying.held, dying.deleting) == (False, True)


async def test_all_who_ask_at_once_get_the_same_hash_key(kube: Kube, namespace: Any) -> None:
    keys = await asyncio.gather(*(hash_key.load(kube, namespace.name) for _ in range(10)))
    assert {len(key) for key in keys} == {32}
    assert set(keys) == {await hash_key.load(kube, namespace.name)}


async def test_a_hash_key_that_somebody_broke_is_not_replaced(kube: Kube, namespace: Any) -> None:
    namespace.apply("Secret", hash_key.NAME, stringData={"key": "short"})
    with pytest.raises(Refused, match="32 bytes"):
        await hash_key.load(kube, namespace.name)


async def test_the_cluster_is_known_by_the_uid_of_kube_system(kube: Kube, namespace: Any) -> None:
    assert await cluster_id(kube) == namespace.get("namespace", "kube-system")["metadata"]["uid"]
