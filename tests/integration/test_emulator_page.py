"""docs/emulator.md: what it says of the operator on the emulated Azure, followed to the letter."""

from __future__ import annotations

import asyncio
import json
import os
import re
from pathlib import Path

from integration.world import World
from stage.install import ROOT

PAGE = ROOT / "docs" / "emulator.md"


def commands(world: World) -> str:
    """Give the page's commands, in the test's namespace, which is there already."""
    (block,) = re.findall(r"```bash\n(.*?)```", PAGE.read_text(), re.DOTALL)
    assert "kubectl create namespace play\n" in block
    return (
        str(block).replace("kubectl create namespace play\n", "").replace("play", world.namespace)
    )


def ready_file(world: World, folder: Path) -> Path:
    """Write what the emulator's own file says."""
    account = world.account
    own = {"clientId": account.client_id, "clientSecret": account.client_secret}
    about = {**world.azure.describe(), "subscriptionId": account.subscription_id, **own}
    (folder / "ready.json").write_text(json.dumps(about))
    return folder / "ready.json"


async def test_the_page_s_commands_make_the_second_example_ready(
    world: World, tmp_path: Path
) -> None:
    kubectl = world.plane._client
    environment = {
        **os.environ,
        **kubectl._environment(world.plane.kubeconfig),
        "PATH": f"{kubectl.program.parent}:{os.environ['PATH']}",
        "READY": str(ready_file(world, tmp_path)),
    }
    process = await asyncio.create_subprocess_exec(
        "bash", "-euc", commands(world), cwd=ROOT, env=environment, stdout=asyncio.subprocess.PIPE
    )
    said, _ = await asyncio.wait_for(process.communicate(), 90)
    met = re.findall(r"^\w+\.aci-operator\.io/(\S+) condition met$", said.decode(), re.MULTILINE)
    assert (process.returncode, sorted(met)) == (
        0,
        [
            "azure",
            "my-rg",
            "mycontainer-system",
            "mycontainer-system-reads-mykeyvault",
            "mykeyvault",
            "sample-secret",
        ],
    )
