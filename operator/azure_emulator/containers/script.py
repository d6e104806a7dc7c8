"""What a test tells a container's shell to show, whatever is typed: for clients of exec."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence

from azure_emulator.containers.streams import Link

Inside = Callable[[str, str], Awaitable[str]]
"""Given a group's ID and the line that was typed, what its shell shows."""


class Scripts:
    """The texts told so far, by image, as the body names it."""

    def __init__(self) -> None:
        self._told: dict[str, tuple[list[str], bool]] = {}
        self._inside: dict[str, Inside] = {}

    def tell(self, image: str, shown: Sequence[str], *, cut: bool = False) -> None:
        """Let shells of an image show these, one for each session; the last one stays."""
        self._told[image] = (list(shown), cut)

    def ask(self, image: str, inside: Inside) -> None:
        """Ask a test at each session of an image what its shell shows."""
        self._inside[image] = inside

    def knows(self, image: str) -> bool:
        """Whether anything was told of an image."""
        return image in self._told or image in self._inside

    async def run(self, link: Link, image: str, group_id: str) -> None:
        """Wait for a line, show it as a terminal does, then what was told; then end."""
        shown, cut = self._told.get(image, ([], False))
        typed = await link.read()
        if typed is None:
            return
        line = typed.split(b"\n")[0]
        await link.write(line + b"\r\n")
        if image in self._inside:
            await link.write(await self._inside[image](group_id, line.decode()))
        if shown:
            await link.write(shown.pop(0) if len(shown) > 1 else shown[0])
        if cut:
            link.cut()
