"""One look from inside a container: the line is typed, and what came back is judged."""

from __future__ import annotations

from aci_operator.api import reasons
from aci_operator.azure.errors import AzureError, Forbidden, Rejected, Unavailable
from aci_operator.kinds.key_vault_access import look
from aci_operator.kinds.key_vault_access.line import Asked, line
from aci_operator.kinds.key_vault_access.look import Verdict
from aci_operator.kinds.key_vault_access.vantage import Vantage
from aci_operator.reconcile.context import Pass
from aci_operator.reconcile.observation import Body

ROLE = "deploy/azure-role-exec.json"
_ACTION = "Microsoft.ContainerInstance/containerGroups/containers/exec/action"


async def ask(p: Pass, place: Vantage, vault: Body, model: str) -> tuple[str, Verdict | None]:
    """Give the tool that was found, empty if none was, and what is wrong; None if the secret was
    read. Asks Azure for exec once."""
    uri = str(vault["properties"]["vaultUri"]).rstrip("/")
    url = f"{uri}/secrets/{p.spec['probe']['secretName']}"
    try:
        typed = line(Asked(p.session.vault_audience, url, place.client_id, place.object_id))
        shown = await p.session.exec(place.group_id, place.container, typed)
    except ValueError as error:
        return "", Verdict(reasons.PROBE_FAILED, f"{error}.", blind=True, at_once=True)
    except AzureError as error:
        return "", _refused(place, error)
    seen = look.read(shown)
    return seen.tool if seen else "", look.judge(shown, model)


def _refused(place: Vantage, error: AzureError) -> Verdict:
    """Say why nobody could look."""
    if isinstance(error, Forbidden):
        text = (
            f"Azure does not let the account run it ({error.action or _ACTION}). Assign the role "
            f"of {ROLE} to the account's principal on the group's resource group."
        )
        return Verdict(reasons.EXEC_FORBIDDEN, text, blind=True, at_once=True)
    if isinstance(error, Rejected):
        text = f"Azure refuses exec in container {place.container}: {error}"
        return Verdict(reasons.PROBE_FAILED, text, blind=True, at_once=True)
    text = f"exec does not come about now ({error.code or type(error).__name__})."
    if isinstance(error, Unavailable) and error.code == "ConnectionFailed":
        text = (
            "no websocket opens, or none ends in time. The operator needs a way to port 19390 of "
            f"Azure's exec hosts ({error.message})."
        )
    return Verdict(reasons.PROBE_FAILED, text, blind=True, passing=True)
