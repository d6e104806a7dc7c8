"""The article told to the Azure CLI, from its first command to its last."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field

from article import commands, forms
from article import shell as lines
from article.commands import Step
from article.pseudo_terminal import Shell, shell_in_container
from article.terminal import CommandFailed, Terminal
from article.today import in_todays_words

BOTH_FORM = """\
az container create \\
  --resource-group myResourceGroup \\
  --name assigned-both \\
  --image mcr.microsoft.com/azure-cli \\
  --assign-identity [system] $RESOURCE_ID \\
  --command-line "tail -f /dev/null\""""
"""The third form of --assign-identity; the article names it, and shows it as template and YAML."""
DEPLOY = """\
az deployment group create \\
  --resource-group myResourceGroup \\
  --template-file template.json"""


@dataclass
class Names:
    """What the article's names are called here: a vault's name is unique in the world."""

    group: str = "myResourceGroup"
    vault: str = "mykeyvault"

    def put_into(self, text: str) -> str:
        """Put them into a text of the article."""
        return text.replace("myResourceGroup", self.group).replace("mykeyvault", self.vault)


@dataclass
class Story:
    """Tells the article in order; `outputs` holds what each step printed, by its name."""

    terminal: Terminal
    names: Names = field(default_factory=Names)
    outputs: dict[str, str] = field(default_factory=dict)

    async def vault_and_user_assigned(self) -> None:
        """Make group, vault and secret, and do Example 1 up to the shell."""
        await self._steps([*commands.VAULT, *commands.USER_ASSIGNED])

    async def system_assigned(self) -> None:
        """Do Example 2 up to the shell."""
        await self._steps(commands.SYSTEM_ASSIGNED)

    async def shell_of_user_assigned(self) -> None:
        """Do in the container's shell what Example 1 does there."""
        shown = json.loads(self.outputs["container show with the user-assigned identity"])
        identities = shown["identity"]["userAssignedIdentities"].values()
        client_id = next(iter(identities))["clientId"]
        async with self._shell() as shell:
            self.outputs["client_id"] = await shell.type(f'client_id="{client_id}"')
            self.outputs["token of client"] = await shell.type(lines.TOKEN_OF_CLIENT)
            self.outputs["token"] = await shell.type(lines.TOKEN)
            self.outputs["secret"] = await shell.type(self.names.put_into(lines.SECRET))

    async def shell_of_system_assigned(self) -> None:
        """Do in the container's shell what Example 2 does there."""
        async with self._shell() as shell:
            self.outputs["login"] = await shell.type(lines.LOGIN)
            secret = self.names.put_into(lines.SECRET_BY_CLI)
            self.outputs["secret show"] = await shell.type(secret)

    async def other_forms(self) -> None:
        """Make a group by each of the other forms of the identity block."""
        await self._step(Step("assigned-both", BOTH_FORM))
        for name in forms.YAML_IDENTITIES:
            self._write(f"{name}.yaml", forms.yaml_file(name, self._identity))
            create = f"az container create --resource-group myResourceGroup --file {name}.yaml"
            await self._step(Step(name, create), as_it_is=True)
        for name in forms.TEMPLATE_IDENTITIES:
            self._write(f"{name}.json", forms.template_resource(name, self._identity))
            url = f"$RG_ID/providers/Microsoft.ContainerInstance/containerGroups/{name}"
            query = f"?api-version={forms.API_VERSION}"
            put = f'az rest --method put --url "{url}{query}" --body @{name}.json'
            await self._step(Step(name, put))

    async def deployment(self) -> str:
        """Deploy a template, and give the error."""
        self._write("template.json", forms.TEMPLATE)
        try:
            await self._step(Step("deployment", DEPLOY))
        except CommandFailed as error:
            return error.stderr
        return ""

    def _shell(self) -> AbstractAsyncContextManager[Shell]:
        return shell_in_container(self.terminal, self.names.put_into(commands.EXEC))

    async def questions(self) -> dict[str, str]:
        """Ask what people ask next to the article; gives the answers by command."""
        asked = ("az role assignment list --all", "az provider show -n Microsoft.ContainerInstance")
        return {command: await self.terminal.run(command) for command in asked}

    async def to_the_letter(self) -> dict[str, str]:
        """Give the article's own commands to today's CLI, and say which ended with which error."""
        errors: dict[str, str] = {}
        create = commands.USER_ASSIGNED[3].text.replace("mycontainer", "as-written")
        for text in (commands.VAULT[1].text, commands.USER_ASSIGNED[2].text, create):
            try:
                await self.terminal.run(self.names.put_into(text))
            except CommandFailed as error:
                errors[text.splitlines()[0]] = error.stderr.strip()
        return errors

    @property
    def _identity(self) -> str:
        return self.terminal.variables["RESOURCE_ID"]

    async def _steps(self, steps: Sequence[Step]) -> None:
        for step in steps:
            await self._step(step)

    async def _step(self, step: Step, *, as_it_is: bool = False) -> None:
        text = step.text if as_it_is else in_todays_words(step.text)
        self.outputs[step.name] = await self.terminal.run(self.names.put_into(text), step.sets)

    def _write(self, name: str, text: str) -> None:
        (self.terminal.folder / name).write_text(self.names.put_into(text))


async def clean_up(terminal: Terminal, names: Names) -> Mapping[str, str]:
    """Delete what the story made: the vault for good, and the group with all that is in it.

    Gives the commands that failed, with their errors.
    """
    failed: dict[str, str] = {}
    for text in (
        "az keyvault delete --name mykeyvault",
        "az keyvault purge --name mykeyvault --location eastus",
        "az group delete --name myResourceGroup --yes --no-wait",
    ):
        try:
            await terminal.run(names.put_into(text))
        except CommandFailed as error:
            failed[text] = error.stderr.strip()
    return failed
