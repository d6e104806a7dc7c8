"""Accounts that do not work, each for a reason of its own, and an object for each of them."""

from __future__ import annotations

from dataclasses import replace

import yaml

from integration.manifests import Manifest, manifest, secret
from integration.world import World
from stage import Account

WRONG = "canary-wrong-secret-51d2"
BROKEN = ("rightless", "wrong-secret", "no-secret", "no-key", "bad-bundle")


def named(account: Account, name: str) -> tuple[Manifest, Manifest]:
    """Give Secret and AzureAccount under another name."""
    credential, object_ = yaml.safe_load_all(account.manifest())
    credential["metadata"]["name"] = object_["metadata"]["name"] = name
    source = object_["spec"]["credential"]["servicePrincipal"]["clientSecretFrom"]
    source["secretKeyRef"]["name"] = name
    return credential, object_


def broken_accounts(world: World) -> list[Manifest]:
    """Give them all."""
    nobody = world.azure.create_service_principal("nobody", secret="nobodys-secret")
    rightless = replace(world.account, client_id=nobody.appid, client_secret="nobodys-secret")
    bad_bundle = named(world.account, "bad-bundle")
    bad_bundle[1]["spec"]["endpoints"]["caBundle"] = "bm8gUEVN"
    return [
        *named(rightless, "rightless"),
        *named(replace(world.account, client_secret=WRONG), "wrong-secret"),
        named(world.account, "no-secret")[1],
        secret("no-key", other="value"),
        named(world.account, "no-key")[1],
        *bad_bundle,
    ]


def users() -> list[Manifest]:
    """Give a resource group for each account, and one that names none."""
    named_ = [
        manifest(
            "ResourceGroup",
            name,
            location="eastus",
            accountRef={"kind": "AzureAccount", "name": name},
        )
        for name in (*BROKEN, "azure", "no-such-account")
    ]
    return [*named_, manifest("ResourceGroup", "undecided", location="eastus")]
