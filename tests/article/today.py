"""Where today's Azure CLI needs other words than the article's: the only place that says so."""

from __future__ import annotations

ADDED: tuple[tuple[str, str, str], ...] = (
    (
        "az keyvault create",
        "--enable-rbac-authorization false",
        "new vaults go by roles now, and `az keyvault set-policy` refuses those",
    ),
    (
        "az container create",
        "--os-type Linux --cpu 1 --memory 1.5",
        "the CLI no longer fills them in, and Azure refuses a group without (InvalidOsType)",
    ),
)
"""`(command, words added at its end, reason)`."""


def in_todays_words(text: str) -> str:
    """Give the article's text as today's CLI takes it; a command is the last one of its text."""
    for command, words, _ in ADDED:
        if f"{command} " in text:
            text = f"{text} {words}"
    return text
