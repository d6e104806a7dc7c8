"""One group under everything that users, Azure and others do to it, in an order that is drawn.

Each rule does one thing and lets little time pass, so that the next one meets passes half done.
What must hold at every moment is an invariant; what must hold in the end is looked at by `rest`,
once everything has been let alone for hours.
"""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Coroutine
from contextlib import AsyncExitStack, suppress
from typing import Any, TypeVar

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from aci_operator.azure.errors import Absent, Conflict
from in_process.cluster import JsonObject, held
from in_process.scene import Ended, a_group, container, open_scene, source

T = TypeVar("T")
KIND = "ContainerGroup"
HOURS = 3 * 3600.0
FOREIGN = "foreign"
IMAGES = ("alpine:1", "alpine:2", "slow:1")
TAGS: tuple[dict[str, str], ...] = ({}, {"cost": "1"}, {"cost": "2", "team": "a"})
USERS: tuple[tuple[str, ...], ...] = ((), ("id1",), ("id1", "id2"))
CHOICES: dict[str, tuple[Any, ...]] = {
    "image": IMAGES,
    "word": ("a", "b"),
    "tags": TAGS,
    "system": (False, True),
    "users": USERS,
    "policy": ("Always", "OnFailure"),
    "power": ("Running", "Stopped"),
}
WISHES = {name: st.sampled_from(values) for name, values in CHOICES.items()}
BOTH = {"driftPolicy": "Correct", "update": "Replace"}
FAULTS: tuple[dict[str, Any], ...] = (
    {"status": 429, "code": "TooManyRequests", "headers": {"Retry-After": "30"}},
    {"status": 409, "code": "ContainerGroupTransitioning"},
    {"status": 500, "code": "InternalServerError"},
    {"lost": True},
    {"cut": True},
)


class Ear(logging.Handler):
    """Keeps every line of the log."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(f"{record.msg} {record.args}")


class GroupMachine(RuleBasedStateMachine):
    """The rules. `examples` counts the stories, `steps` what was done in them."""

    examples = 0
    steps = 0

    def __init__(self) -> None:
        super().__init__()
        type(self).examples += 1
        self.runner = asyncio.Runner()
        self.exits = AsyncExitStack()
        self.ear = Ear()
        self.secrets = ["canary-0"]
        self.spec: JsonObject = {}

    def wait(self, work: Coroutine[Any, Any, T]) -> T:
        """Run a coroutine on the example's own loop."""
        return self.runner.run(work)

    def do(self) -> None:
        """Let a few seconds pass."""
        type(self).steps += 1
        self.wait(self.scene.run_for(2))

    @initialize()
    def begin(self) -> None:
        """Open the scene, with one group."""
        logging.getLogger().addHandler(self.ear)
        knobs = {"container_delete_seconds": 5}
        opened = open_scene(knobs, health_interval=300.0, poll_interval=900.0)
        self.scene = self.wait(self.exits.enter_async_context(opened))
        self.scene.groups.behave("slow:1", pull_fails_for=120)
        self.users = {name: self.wait(self.scene.identity(name)) for name in ("id1", "id2")}
        self.scene.secret("token", value=self.secrets[-1])
        self.edit({name: values[0] for name, values in CHOICES.items()})

    @precondition(lambda self: not self.deleting())
    @rule(wish=st.fixed_dictionaries(WISHES))
    def edit(self, wish: JsonObject) -> None:
        """Somebody applies the group, for the first time or in another form."""
        entries = [
            {"name": "WORD", "value": wish["word"]},
            {"name": "TOKEN", "secureValueFrom": source("token")},
        ]
        self.spec = {
            "containers": [container(image=wish["image"], environmentVariables=entries)],
            "tags": wish["tags"],
            "restartPolicy": wish["policy"],
            "operator": {**BOTH, "powerState": wish["power"]},
            **self.identity(wish["system"], wish["users"]),
        }
        self.scene.apply(a_group(**self.spec))
        self.do()

    def identity(self, system: bool, users: tuple[str, ...]) -> JsonObject:
        """Give the part of the spec that names identities."""
        words = ["SystemAssigned"] * system + ["UserAssigned"] * bool(users)
        named = {"userAssigned": [{"id": self.users[user]} for user in users]} if users else {}
        return {"identity": {"type": ", ".join(words), **named}} if words else {}

    @precondition(lambda self: self.there() and not self.deleting())
    @rule()
    def delete(self) -> None:
        """Somebody deletes the object."""
        self.scene.delete(KIND, "it")
        self.do()

    @rule()
    def rotate(self) -> None:
        """Somebody gives the Secret another value."""
        self.secrets.append(f"canary-{len(self.secrets)}")
        self.scene.secret("token", value=self.secrets[-1])
        self.do()

    @rule(
        fault=st.sampled_from(FAULTS),
        method=st.sampled_from(["GET", "PUT", "PATCH", "DELETE"]),
        times=st.integers(1, 3),
    )
    def fault(self, fault: dict[str, Any], method: str, times: int) -> None:
        """The next calls of one kind fail, or their answers are lost."""
        self.scene.azure.faults.next(path="containerGroups/it", method=method, times=times, **fault)
        self.do()

    @rule()
    def restart(self) -> None:
        """The operator ends and starts again."""
        self.wait(self.scene.restart_operator())
        self.do()

    @rule(step=st.integers(1, 8))
    def end(self, step: int) -> None:
        """The operator ends in the middle of its work, and another one starts."""
        self.scene.end_after(step)
        with suppress(Ended):
            self.do()
        self.wait(self.scene.restart_operator())

    @rule(seconds=st.sampled_from([1, 30, 310, 1000]))
    def pass_time(self, seconds: int) -> None:
        """Nothing happens for a while."""
        self.wait(self.scene.run_for(seconds))

    @precondition(lambda self: self.in_azure())
    @rule(what=st.sampled_from(["image", "tags", "stop", "delete", "restart"]))
    def behind_the_back(self, what: str) -> None:
        """Somebody changes the group in Azure, if Azure lets them just now."""
        with suppress(Conflict, Absent):
            self.wait(self.strange(what))
        self.do()

    async def strange(self, what: str) -> None:
        """Do it as the stranger, whom faults leave alone."""
        self.scene.azure.faults.clear()
        groups, arm_id = self.scene.stranger.container_groups, self.scene.arm_id("it")
        if what == "tags":
            tags = (await groups.get(arm_id)).get("tags") or {}
            await groups.patch_tags(arm_id, {**tags, "cost": FOREIGN})
        elif what == "image":
            group = self.scene.azure_group("it")
            assert group is not None
            shown = json.loads(json.dumps(group.safe["containers"]))
            shown[0]["properties"]["image"] = "foreign:1"
            self.scene.drift("it", containers=shown)
        else:
            await getattr(groups, what)(arm_id)

    # What must hold at every moment.

    @invariant()
    def the_finalizer_stays_while_the_group_is_there(self) -> None:
        """What is in Azure has an object that is held."""
        body = self.scene.object(KIND, "it")
        assert not self.in_azure() or (body is not None and held(body))

    @invariant()
    def no_secret_is_told(self) -> None:
        """Values stand in bodies of requests alone."""
        told = [json.dumps(self.scene.object(KIND, "it")), *map(str, self.scene.events)]
        assert [line for line in [*told, *self.ear.lines] if "canary" in line] == []
        self.ear.lines.clear()

    # What must hold in the end.

    @rule()
    def rest(self) -> None:
        """Nothing fails and nobody acts for hours: all is as asked, and nothing more is written."""
        self.scene.azure.faults.clear()
        self.wait(self.scene.run_for(HOURS))
        self.scene.mark()
        self.wait(self.scene.run_for(2000))
        assert self.scene.writes() == []
        if not self.there():
            assert not self.in_azure()
            return
        found = self.wait(self.scene.stranger.container_groups.get(self.scene.arm_id("it")))
        assert asked(self.spec, self.secrets[-1]) == seen(found, self.sent_secret())
        power = self.spec["operator"]["powerState"]
        assert told(self.scene.status(KIND, "it")) == {**shown_by(found), "ready": ("True", power)}

    def teardown(self) -> None:
        """End the story with a rest."""
        try:
            if hasattr(self, "scene"):
                self.rest()
        finally:
            logging.getLogger().removeHandler(self.ear)
            self.wait(self.exits.aclose())
            self.runner.close()

    def there(self) -> bool:
        """Whether the object exists."""
        return self.scene.object(KIND, "it") is not None

    def deleting(self) -> bool:
        """Whether it is being deleted."""
        body = self.scene.object(KIND, "it")
        return body is not None and "deletionTimestamp" in body["metadata"]

    def in_azure(self) -> bool:
        """Whether the group is in Azure."""
        return self.scene.azure_group("it") is not None

    def sent_secret(self) -> str:
        """Give the secret value that the group in Azure has."""
        group = self.scene.azure_group("it")
        assert group is not None
        entries = group.sent["containers"][0]["properties"]["environmentVariables"]
        return str(next(e["secureValue"] for e in entries if e["name"] == "TOKEN"))


def asked(spec: JsonObject, secret: str) -> JsonObject:
    """Give what the spec asks for."""
    (one,) = spec["containers"]
    identity = spec.get("identity", {})
    return {
        "image": one["image"],
        "word": one["environmentVariables"][0]["value"],
        "tags": spec["tags"],
        "policy": spec["restartPolicy"],
        "system": "SystemAssigned" in identity.get("type", ""),
        "users": sorted(user["id"].lower() for user in identity.get("userAssigned", ())),
        "secret": secret,
    }


def seen(found: JsonObject, secret: str) -> JsonObject:
    """Give the same of what Azure has; what only others have tagged is theirs."""
    one = found["properties"]["containers"][0]["properties"]
    identity = found.get("identity") or {}
    tags = found.get("tags") or {}
    return {
        "image": one["image"],
        "word": next(e["value"] for e in one["environmentVariables"] if e["name"] == "WORD"),
        "policy": found["properties"]["restartPolicy"],
        "tags": {n: text for n, text in tags.items() if n[:4] != "aci-" and text != FOREIGN},
        "system": "SystemAssigned" in identity.get("type", ""),
        "users": sorted(map(str.lower, identity.get("userAssignedIdentities") or {})),
        "secret": secret,
    }


def told(status: JsonObject) -> JsonObject:
    """Give what status says of the group."""
    ready = next(c for c in status["conditions"] if c["type"] == "Ready")
    identity = status.get("identity", {})
    return {
        "ready": (ready["status"], ready["reason"]),
        "principal": identity.get("principalId"),
        "users": sorted(user["principalId"] for user in identity.get("userAssigned", ())),
        "state": status["provisioningState"],
        "containers": [each["state"] for each in status["containers"]],
        "drift": status.get("drift", []),
    }


def shown_by(found: JsonObject) -> JsonObject:
    """Give the same from Azure's answer, for a group that does as asked."""
    identity = found.get("identity") or {}
    users = (identity.get("userAssignedIdentities") or {}).values()
    views = [each["properties"]["instanceView"] for each in found["properties"]["containers"]]
    return {
        "principal": identity.get("principalId"),
        "users": sorted(user["principalId"] for user in users),
        "state": found["properties"]["provisioningState"],
        "containers": [view["currentState"]["state"] for view in views],
        "drift": [],
    }
