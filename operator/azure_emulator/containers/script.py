"""What a test tells a container's shell to show, whatever is typed: for clients of exec."""

from __future__ import annotations

from collections.abc import Sequence

from azure_emulator.containers.streams import Link


class Scripts:
    """The texts told so far, by image, as the body names it."""

    def __init__(self) -> None:
        self._told: dict[str, tuple[list[str], bool]] = {}

    def tell(self, image: str, shown: Sequence[str], *, cut: bool = False) -> None:
        """Let shells of an image show these, one for each session; the last one stays."""
        self._told[image] = (list(shown), cut)

    def knows(self, image: str) -> bool:
        """Whether anything was told of an image."""
        return image in self._told

    async def run(self, link: Link, image: str) -> None:
        """Wait for a line, show it as a terminal does, then what was told; then end."""
        shown, cut = self._told[image]
        line = await link.read()
        if line is None:
            return
        await link.write(line.split(b"\n")[0] + b"\r\n")
        if shown:
            await link.write(shown.pop(0) if len(shown) > 1 else shown[0])
        if cut:
            link.cut()
