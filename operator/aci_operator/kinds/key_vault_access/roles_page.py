"""The part of `docs/grants.md` that is made from the tables of roles and permissions.

`python -m aci_operator.kinds.key_vault_access.roles_page docs/grants.md` writes it there.
"""

from __future__ import annotations

import sys
from pathlib import Path

from aci_operator.azure.built_in_roles import BuiltInRole
from aci_operator.kinds.key_vault_access import permissions as perms
from aci_operator.kinds.key_vault_access import role_table

START, END = "<!-- roles: made from the table -->\n", "<!-- roles end -->\n"


def section() -> str:
    """Give two Markdown tables: permission to role, and role to permissions."""
    roles = sorted(role_table.candidates(), key=lambda role: role.name)
    return "\n".join(
        [
            "| asked for alone | the role |",
            "|---|---|",
            *_of_permissions(),
            "",
            "| role | GUID | gives |",
            "|---|---|---|",
            *(f"| {role.name} | `{role.guid}` | {_gives(role)} |" for role in roles),
        ]
    )


def written(page: str) -> str:
    """Give the page with its tables made anew. Raises ValueError for a page without the marks."""
    head, _, rest = page.partition(START)
    _, end, tail = rest.partition(END)
    if not end:
        raise ValueError(f"the page lacks {START.strip()} and {END.strip()}")
    return f"{head}{START}{section()}\n{END}{tail}"


def _of_permissions() -> list[str]:
    """Group the words of each kind by the role that each of them alone would get."""
    rows = []
    for kind, known in role_table.data_actions().items():
        by_role: dict[str, list[str]] = {}
        for word in known:
            (role,) = role_table.covering(perms.parse({kind: [word]}))
            by_role.setdefault(role.name, []).append(word)
        for name, words in by_role.items():
            rows.append(f"| {perms.words(perms.parse({kind: words}))} | {name} |")
    return rows


def _gives(role: BuiltInRole) -> str:
    return perms.words(role_table.excess([role], perms.parse({})))


if __name__ == "__main__":
    file = Path(sys.argv[1])
    file.write_text(written(file.read_text()))
