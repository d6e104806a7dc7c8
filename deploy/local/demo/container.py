"""What the article does inside a container: a token from the identity endpoint, then the secret."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from demo.expectation import expect
from demo.scene import Scene
from demo.web import Answer, Get

TOKEN_PATH = (
    "/metadata/identity/oauth2/token?api-version=2018-02-01&resource=https%3A%2F%2Fvault.azure.net"
)
SECRET_PATH = "/secrets/SampleSecret/?api-version=7.4"
_TOKEN_SHOWN = 8


@dataclass(frozen=True)
class Token:
    """An access token, never shown whole, and the `oid` that it names."""

    value: str = field(repr=False)
    oid: str


def take_token(scene: Scene, group: str, client_id: str | None = None) -> Token:
    """Ask the identity endpoint inside a group for a token for vaults; show how, and whose it is.

    Without `client_id` it is the group's system-assigned identity that answers.
    """
    url = scene.azure.identity_endpoint(group) + TOKEN_PATH
    typed = url
    if client_id:
        scene.narrator.command(f"client_id={client_id}")
        url, typed = f"{url}&client_id={client_id}", f"{typed}&client_id=$client_id"
    get = Get(url, ("Metadata", "true"), typed, "Metadata:true")
    scene.narrator.command(get.as_curl())
    answer = get.send()
    expect("status of the identity endpoint", 200, answer.status)
    value = answer.body["access_token"]
    scene.narrator.json({**answer.body, "access_token": f"{value[:_TOKEN_SHOWN]}..."})
    return Token(value, str(claims(value)["oid"]))


def read_secret(scene: Scene, token: Token) -> Answer:
    """Ask the vault for SampleSecret with a token; show how, and the answer."""
    url = scene.cluster.vault_uri().rstrip("/") + SECRET_PATH
    get = Get(
        url,
        ("Authorization", f"Bearer {token.value}"),
        url,
        '"Authorization: Bearer $TOKEN"',
        scene.azure.account.ca_file,
    )
    scene.narrator.command(get.as_curl())
    answer = get.send()
    scene.narrator.json(answer.body)
    return answer


def read_sample(scene: Scene, token: Token) -> None:
    """Read the secret and hold it against the article's."""
    answer = read_secret(scene, token)
    seen = (answer.status, answer.body.get("value"))
    expect("the vault's answer", (200, "Hello Container Instances"), seen)


def claims(token: str) -> Mapping[str, Any]:
    """Read what a JWT says, without checking its signature: the vault does that."""
    payload = token.split(".")[1]
    found: Mapping[str, Any] = json.loads(
        base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4))
    )
    return found
