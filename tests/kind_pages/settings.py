"""The settings of `aci-operator run`, as docs/operations.md lists them."""

from __future__ import annotations

from collections.abc import Sequence

import click

from aci_operator.__main__ import run


def options(command: click.Command) -> list[click.Option]:
    """Give a command's options, by name."""
    found = [each for each in command.params if isinstance(each, click.Option)]
    return sorted(found, key=lambda option: option.opts[0])


def rows() -> list[str]:
    """Give a row of the table for each option."""
    return [_row(option) for option in options(run)]


def _row(option: click.Option) -> str:
    names = " / ".join(_code([*option.opts, *option.secondary_opts]))
    own = ", ".join(_code([name for name in _variables(option) if name.startswith("ACI_")]))
    return f"| {names} | {own} | {_default(option)} | {option.help or ''} |"


def _default(option: click.Option) -> str:
    value = option.default
    if isinstance(value, bool):
        return "on" if value else "off"
    if isinstance(value, float):
        return f"{value:g}"
    return str(value) if isinstance(value, int | str) else ""


def _code(names: Sequence[str]) -> list[str]:
    return [f"`{name}`" for name in names]


def _variables(option: click.Option) -> Sequence[str]:
    found = option.envvar or ()
    return [found] if isinstance(found, str) else found
