"""POST exec and attach of a container, and what then runs behind the socket."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from azure_emulator.containers.console import Console
from azure_emulator.containers.content import check_exec
from azure_emulator.containers.group import Group
from azure_emulator.containers.reads import LOG_LINE, Reads
from azure_emulator.containers.script import Scripts
from azure_emulator.containers.store import Store, transitioning
from azure_emulator.containers.streams import Link, Size, Streams
from azure_emulator.containers.terminal import Terminal
from azure_emulator.wire import Request, Response

_PASSED_ON = ("LANG", "LC_ALL", "TZ")


class Execution:
    """Exec and attach; `streams` answers their sockets."""

    def __init__(self, store: Store, reads: Reads) -> None:
        self._store = store
        self._cloud = store.cloud
        self._reads = reads
        self._folders: dict[tuple[str, str, int], Path] = {}
        self._root: tempfile.TemporaryDirectory[str] | None = None
        self.scripts = Scripts()
        self.streams = Streams(store.cloud)

    def exec(self, request: Request) -> Response:
        """200 `{webSocketUri, password}`, also if the container has ended (recorded).

        Raises AzureError 400 InvalidRequestContent for a body that is none, 404 ContainerNotFound,
        409 ContainerGroupTransitioning while the group is made [inf].
        """
        group, name = self._container(request)
        body = request.body or {}
        check_exec(body, request.api_version)
        sent = body.get("terminalSize") or {}
        size = Size(int(float(sent.get("rows") or 24)), int(float(sent.get("cols") or 80)))
        command = body["command"]

        async def program(link: Link) -> None:
            if self._runs(group, name):
                await self._run(link, command, group, name)

        offer = self.streams.offer(program, group.location, size, request.base_url)
        return Response(200, offer)

    def attach(self, request: Request) -> Response:
        """200 `{webSocketUri, password}`; the socket gives the container's output only."""
        group, name = self._container(request)

        async def program(link: Link) -> None:
            await link.write(LOG_LINE)
            while self._runs(group, name) and await link.read() is not None:
                pass

        offer = self.streams.offer(program, group.location, Size(), request.base_url)
        return Response(200, offer)

    async def close(self) -> None:
        """End what runs, and remove its files."""
        await self.streams.close()
        if self._root is not None:
            self._root.cleanup()

    def _container(self, request: Request) -> tuple[Group, str]:
        group = self._store.named(request)
        name = request.parameters["container"]
        self._reads.require_container(group, name)
        if group.life.started(self._cloud.clock.now()) == 0:
            raise transitioning(group.name)
        return group, name

    def _runs(self, group: Group, name: str) -> bool:
        """Tell whether a container runs now; if not, its sockets are closed at once [inf]."""
        now = self._cloud.clock.now()
        run = group.life.current(now)
        if run is None or self._store.find(group.id) is not group:
            return False
        actor = next((each for each in run.actors if each.name == name), None)
        return actor is not None and run.at(actor, now).current.state == "Running"

    async def _run(self, link: Link, command: str, group: Group, name: str) -> None:
        image, variables = self._image(group, name), self._variables(group, name)
        programs = self._store.behaviours.of(image).programs
        if self.scripts.knows(image):
            await self.scripts.run(link, image, group.id)
            return
        if programs is not None and "sh" not in programs:
            await link.write(f"{command}: No such file or directory\r\n")  # the words are [inf]
            return
        if not self._cloud.settings.exec_shell:
            await Console(command, variables).run(link)
            return
        surroundings = self._cloud.surroundings
        assert surroundings is not None
        folder = self._folder(group, name)
        with surroundings.entered(group.id) as ways:
            environment = {**_passed_on(), **variables, **self._own(folder), **ways}
            if programs is not None:
                environment["PATH"] = str(self._programs(programs))
            await Terminal(command, environment, folder).run(link)

    def _image(self, group: Group, name: str) -> str:
        return str(_container(group, name)["image"])

    def _variables(self, group: Group, name: str) -> dict[str, str]:
        """Give the container's environment: what its PUT sent, secure values too, and what Azure
        adds. Values by reference to a vault are not resolved."""
        sent = _container(group, name).get("environmentVariables") or []
        added = self._cloud.surroundings.variables(group.id) if self._cloud.surroundings else {}
        return {**{entry["name"]: _value(entry) for entry in sent}, **added}

    def _own(self, folder: Path) -> dict[str, str]:
        """Give what a shell needs of this machine, and nothing else of our own environment."""
        search = os.pathsep.join([*self._cloud.settings.exec_path, os.environ.get("PATH", "")])
        return {
            "PATH": search,
            "HOME": str(folder),
            "TERM": "xterm",
            "AZURE_CONFIG_DIR": str(folder / ".azure"),
            "HISTFILE": "",
            "WGETRC": str(self._wgetrc()),
        }

    def _wgetrc(self) -> Path:
        """Give a file that has GNU wget trust our CA: it knows no variable for that."""
        file = self._files() / "wgetrc"
        file.write_text(f"ca_certificate = {self._cloud.endpoints.ca_file}\n")
        return file

    def _programs(self, names: Sequence[str]) -> Path:
        """Give a folder with links to these programs of this machine, and nothing else."""
        folder = self._files() / "programs" / "+".join(names)
        if not folder.exists():
            folder.mkdir(parents=True)
            for name in names:
                found = shutil.which(name, path=self._own(folder)["PATH"])
                if found:
                    (folder / name).symlink_to(found)
        return folder

    def _files(self) -> Path:
        if self._root is None:
            self._root = tempfile.TemporaryDirectory(prefix="azure-emulator-exec-")
        return Path(self._root.name)

    def _folder(self, group: Group, name: str) -> Path:
        """Give the container's files: they last from one session to the next until it starts
        anew."""
        key = (group.id.lower(), name, group.life.starts)
        for old in [each for each in self._folders if each[:2] == key[:2] and each != key]:
            shutil.rmtree(self._folders.pop(old), ignore_errors=True)
        if key not in self._folders:
            self._folders[key] = Path(tempfile.mkdtemp(dir=self._files()))
        return self._folders[key]


def _container(group: Group, name: str) -> Mapping[str, Any]:
    """Give what the PUT said of a container."""
    found = next(each for each in group.sent["containers"] if each["name"] == name)
    properties: Mapping[str, Any] = found["properties"]
    return properties


def _passed_on() -> dict[str, str]:
    return {name: os.environ[name] for name in _PASSED_ON if name in os.environ}


def _value(entry: Mapping[str, Any]) -> str:
    return str(entry.get("secureValue") or entry.get("value") or "")
