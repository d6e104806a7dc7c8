from __future__ import annotations

import json
import logging
from typing import Any

import pytest

from aci_operator.telemetry import logs

pytestmark = pytest.mark.usefixtures("logging_as_before")


def lines(capsys: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    return [json.loads(line) for line in capsys.readouterr().err.splitlines()]


def test_a_decision_is_one_line_of_json(capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure()
    logs.logger("here").info("group created", kind="ContainerGroup", name="a")
    (line,) = lines(capsys)
    assert line.pop("timestamp")
    assert line == {
        "event": "group created",
        "kind": "ContainerGroup",
        "name": "a",
        "level": "info",
        "logger": "here",
    }


def test_libraries_log_in_the_same_form(capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure()
    logging.getLogger("kopf.activities").warning("hello %s", "world")
    assert [(line["event"], line["logger"]) for line in lines(capsys)] == [
        ("hello world", "kopf.activities")
    ]


@pytest.mark.parametrize(
    "name",
    [
        "kopf.objects",
        "kopf._cogs.clients.patching",
        "azure.core.pipeline.policies.http_logging_policy",
        "azure.identity.aio",
        "kubernetes.aio.client.rest",
    ],
)
def test_loggers_that_print_bodies_are_quiet_even_at_debug(
    name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    logs.configure("DEBUG")
    logging.getLogger(name).info("body with canary")
    logging.getLogger(name).debug("body with canary")
    assert lines(capsys) == []


def test_a_level_hides_what_is_below(capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure("WARNING")
    logs.logger("here").info("small talk")
    assert lines(capsys) == []


def test_a_line_can_be_plain_text(capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure(form="text")
    logs.logger("here").info("group created", name="a")
    text = capsys.readouterr().err
    assert "group created" in text
    assert "name=a" in text


def test_an_unknown_form_is_refused() -> None:
    with pytest.raises(ValueError, match="json or text"):
        logs.configure(form="xml")
