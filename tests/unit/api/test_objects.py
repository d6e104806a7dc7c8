from __future__ import annotations

from aci_operator.api.objects import FINALIZER, Key, Object

METADATA = {"name": "n", "uid": "u", "resourceVersion": "7"}


def test_the_least_that_the_api_server_says_is_enough() -> None:
    assert Object.parse({"kind": "KeyVault", "metadata": METADATA}) == Object(
        key=Key("KeyVault", "", "n"), uid="u", resource_version="7", generation=0, spec={}
    )


def test_everything_that_counts_is_read() -> None:
    metadata = {
        **METADATA,
        "namespace": "here",
        "generation": 3,
        "finalizers": [FINALIZER],
        "annotations": {"aci-operator.io/a": "1", "kubectl.kubernetes.io/b": "all of the spec"},
        "labels": {"l": "2"},
        "deletionTimestamp": "2026-01-01T00:00:00Z",
    }
    body = {"kind": "KeyVault", "metadata": metadata, "spec": {"s": 1}, "status": {"t": 2}}
    parsed = Object.parse(body)
    assert parsed == Object(
        key=Key("KeyVault", "here", "n"),
        uid="u",
        resource_version="7",
        generation=3,
        spec={"s": 1},
        status={"t": 2},
        finalizers=(FINALIZER,),
        annotations={"aci-operator.io/a": "1"},
        labels={"l": "2"},
        deletion_timestamp="2026-01-01T00:00:00Z",
    )
    assert (parsed.deleting, parsed.held, parsed.policy) == (True, True, {})


def test_an_object_nobody_deletes_and_we_do_not_hold_says_so() -> None:
    spec = {"operator": {"start": "Immediately"}}
    parsed = Object.parse({"kind": "ContainerGroup", "metadata": METADATA, "spec": spec})
    assert (parsed.deleting, parsed.held, parsed.policy) == (False, False, {"start": "Immediately"})
