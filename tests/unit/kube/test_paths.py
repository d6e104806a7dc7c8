"""Where the API server is asked: a name out of a spec stays one segment of the path."""

from __future__ import annotations

import pytest

from aci_operator.kube import paths
from aci_operator.kube.errors import Gone

WAYS_OUT = ("../../other/secrets/theirs", "..", "a/b", "a?b", "a#b", "%2e%2e", "", "A", "a\n")


def test_a_secret_is_asked_for_by_its_name() -> None:
    assert paths.of_secret("mine", "my-secret.1") == "/api/v1/namespaces/mine/secrets/my-secret.1"


@pytest.mark.parametrize("name", WAYS_OUT)
def test_a_secret_of_a_name_that_none_can_have_is_not_there(name: str) -> None:
    with pytest.raises(Gone):
        paths.of_secret("mine", name)


@pytest.mark.parametrize("name", WAYS_OUT)
def test_a_service_account_of_a_name_that_none_can_have_is_not_there(name: str) -> None:
    with pytest.raises(Gone):
        paths.of_token("mine", name)
