"""Which container is meant, and what is new in a log."""

from __future__ import annotations

from typing import Any

import pytest
from click.testing import CliRunner

from aci_operator.__main__ import main
from aci_operator.api.objects import Object
from aci_operator.commands.containers import Container, Refused, choose
from aci_operator.commands.exec import line_of
from aci_operator.commands.following import ended, last_lines, news

ID = "/subscriptions/s/resourceGroups/g/providers/Microsoft.ContainerInstance/containerGroups/web"
ONE, TWO, INIT = {"name": "one"}, {"name": "two"}, {"name": "first"}


def group(status: dict[str, Any], **spec: Any) -> Object:
    metadata = {"namespace": "team", "name": "web", "uid": "u", "resourceVersion": "1"}
    whole = {"containers": [ONE], **spec}
    body = {"kind": "ContainerGroup", "metadata": metadata, "spec": whole, "status": status}
    return Object.parse(body)


@pytest.mark.parametrize(
    ("wanted", "status", "spec", "name"),
    [
        (None, {}, {}, "one"),
        (None, {}, {"initContainers": [INIT]}, "one"),
        ("first", {}, {"initContainers": [INIT]}, "first"),
        ("two", {}, {"containers": [ONE, TWO]}, "two"),
        (None, {"containers": [TWO]}, {}, "two"),
    ],
)
def test_the_only_container_or_the_named_one_is_meant(
    wanted: str | None, status: dict[str, Any], spec: dict[str, Any], name: str
) -> None:
    assert choose(group({"id": ID, **status}, **spec), wanted) == Container(ID, name)


@pytest.mark.parametrize(
    ("wanted", "status", "told"),
    [
        (
            None,
            {"id": ID},
            "ContainerGroup team/web has several containers; choose one with -c: "
            "one, two, first (init)",
        ),
        (
            "three",
            {"id": ID},
            "ContainerGroup team/web has no container 'three'; it has: one, two, first (init)",
        ),
        (
            "one",
            {},
            "ContainerGroup team/web is not in Azure yet (no status.id): "
            "kubectl describe tells what it waits for",
        ),
    ],
)
def test_what_cannot_be_chosen_is_refused_with_what_there_is(
    wanted: str | None, status: dict[str, Any], told: str
) -> None:
    with pytest.raises(Refused) as raised:
        choose(group(status, containers=[ONE, TWO], initContainers=[INIT]), wanted)
    assert str(raised.value) == told


@pytest.mark.parametrize(
    ("before", "now", "new"),
    [
        ("", "a\n", "a\n"),
        ("a\n", "a\n", ""),
        ("a\nb", "a\nbc\n", "c\n"),
        ("x\n" * 3000, "x\n" * 3000 + "y\n", "y\n"),
        ("old\n" + "x\n" * 3000, "x\n" * 2900 + "y\n", "y\n"),
        ("a\n", "other\n", "other\n"),
    ],
)
def test_only_what_was_not_shown_is_new(before: str, now: str, new: str) -> None:
    assert news(before, now) == new


@pytest.mark.parametrize(("count", "text"), [(None, "a\nb\nc"), (2, "b\nc"), (9, "a\nb\nc")])
def test_following_begins_with_the_last_lines(count: int | None, text: str) -> None:
    assert last_lines("a\nb\nc", count) == text


@pytest.mark.parametrize(
    ("policy", "state", "over"),
    [
        ("Always", "Running", False),
        ("Always", "Succeeded", False),
        ("Always", "Stopped", True),
        ("OnFailure", "Succeeded", True),
        ("Never", "Failed", True),
        ("Never", "Running", False),
    ],
)
def test_a_group_has_ended_when_nothing_in_it_starts_again(
    policy: str, state: str, over: bool
) -> None:
    properties = {"restartPolicy": policy, "instanceView": {"state": state}}
    assert ended({"properties": properties}) == over


def test_a_command_is_typed_as_one_quoted_line() -> None:
    assert line_of(("echo", "a  b", "$HOME", "it's")) == "echo 'a  b' '$HOME' 'it'\"'\"'s'"


@pytest.mark.parametrize(
    ("command", "told"),
    [
        (
            ("echo", "a\nb"),
            "COMMAND holds a line break or control character, which a terminal acts on",
        ),
        (("x" * 4001,), "COMMAND is longer than 4000 bytes, the most that one line takes"),
    ],
)
def test_what_no_line_can_say_is_refused(command: tuple[str, ...], told: str) -> None:
    with pytest.raises(Refused) as raised:
        line_of(command)
    assert str(raised.value) == told


def test_a_terminal_is_refused_by_name() -> None:
    result = CliRunner().invoke(main, ["exec", "-it", "web", "--", "sh"])
    assert (result.exit_code, result.output.splitlines()[-1]) == (
        2,
        "Error: -i and -t are not here; use `az container exec` for a terminal",
    )
