from __future__ import annotations

from aci_operator.api.objects import FINALIZER
from aci_operator.kube.finalizers import adding_to, removing_from

TEST = {"op": "test", "path": "/metadata/resourceVersion", "value": "7"}


def test_the_first_finalizer_makes_the_list() -> None:
    path = "/metadata/finalizers"
    assert adding_to("7", ()) == [TEST, {"op": "add", "path": path, "value": [FINALIZER]}]


def test_a_further_finalizer_goes_to_the_end_of_the_list() -> None:
    path = "/metadata/finalizers/-"
    assert adding_to("7", ("theirs",)) == [TEST, {"op": "add", "path": path, "value": FINALIZER}]


def test_only_our_finalizer_is_taken_off() -> None:
    path = "/metadata/finalizers/1"
    assert removing_from("7", ("theirs", FINALIZER)) == [
        TEST,
        {"op": "test", "path": path, "value": FINALIZER},
        {"op": "remove", "path": path},
    ]
