"""A session with Azure on behalf of one account."""

from __future__ import annotations

from typing import Any

import aiohttp
from azure.core import exceptions as core
from azure.core.pipeline import AsyncPipeline, policies
from azure.keyvault.secrets.aio import SecretClient
from azure.mgmt.core.policies import AsyncARMChallengeAuthenticationPolicy

from .account import AccountSettings, require_https
from .arm import Arm
from .budgets import Budgets
from .container_groups import ContainerGroups
from .credential import Credential, VaultCredential, object_id
from .exec import output
from .failures import unanswered
from .fence import Fence
from .gate import Gate, Observe
from .identities import Identities
from .locations import Locations
from .permissions import Permissions
from .providers import Providers
from .proxy import Proxy
from .reach import connect
from .resource_groups import ResourceGroups
from .role_assignments import RoleAssignments
from .role_definitions import RoleDefinitions
from .secrets import Secrets
from .subnets import Subnets
from .transport import open_pool, shared_transport
from .vaults import Vaults
from .versions import SECRETS

USER_AGENT = "aci-operator"


class Session:
    """Adapters that act as one service principal, over one connection pool.

    `resource_groups`, `identities`, `vaults`, `container_groups`, `role_assignments`,
    `role_definitions` and `secrets(vault_uri)`. Nothing retries, follows
    redirects, registers resource providers or waits for long operations here.
    """

    def __init__(
        self,
        settings: AccountSettings,
        pool: aiohttp.ClientSession,
        budgets: Budgets,
        observe: Observe | None = None,
        proxy: Proxy | None = None,
        fence: Fence | None = None,
    ) -> None:
        self._settings = settings
        self._pool = pool
        self._proxy = proxy
        self._transport = shared_transport(pool, proxy, fence)
        self._budgets = budgets
        self._observe = observe
        self._fence = fence
        self._credential: Any = Credential(settings, self._transport)
        decoding = policies.ContentDecodePolicy()
        arm = Arm(
            settings.resource_manager,
            self._credential,
            singles=self._pipeline(decoding),
            lists=self._pipeline(),
        )
        self._secrets: dict[str, Secrets] = {}
        self.resource_groups = ResourceGroups(arm)
        self.permissions = Permissions(arm)
        self.providers = Providers(arm)
        self.locations = Locations(arm)
        self.subnets = Subnets(arm)
        self.identities = Identities(arm)
        self.vaults = Vaults(arm)
        self.container_groups = ContainerGroups(arm)
        self.role_assignments = RoleAssignments(arm)
        self.role_definitions = RoleDefinitions(arm)

    @classmethod
    async def open(
        cls,
        settings: AccountSettings,
        *,
        budgets: Budgets | None = None,
        observe: Observe | None = None,
        proxy: Proxy | None = None,
        fence: Fence | None = None,
    ) -> Session:
        """Open a session; asks nobody yet. Give all sessions of a process the same `budgets`.

        Raises ValueError for a CA bundle or a tenant ID that cannot be read.
        """
        pool = open_pool(settings.ca_bundle)
        try:
            return cls(settings, pool, budgets or Budgets(), observe, proxy, fence)
        except BaseException:
            await pool.close()
            raise

    async def close(self) -> None:
        """Close the connections and forget the tokens."""
        await self._credential.close()
        await self._pool.close()

    @property
    def hosts(self) -> tuple[str, str]:
        """The addresses of ARM and of Entra."""
        return self._settings.resource_manager, self._settings.active_directory

    async def reach(self, url: str) -> None:
        """Connect as calls do, by TLS and the proxy if one is set; any answer will do.

        No token is sent. Raises Unavailable after 5 seconds, or for what refuses or is not
        trusted; ValueError for what is not `https://host[:port]`.
        """
        require_https("host", url)
        await connect(self._pool, self._proxy, url)

    @property
    def vault_audience(self) -> str:
        """What a token for a vault's data plane is asked for."""
        return self._settings.key_vault_scope.removesuffix("/.default")

    async def exec(self, group_id: str, container: str, line: str) -> str:
        """Type one line into a shell of a container; give what was shown, 16 KiB at most.

        Raises what `errors` names; Unavailable for a socket that does not open or end.
        """
        offer = await self.container_groups.offer_exec(group_id, container)
        return await output(self._pool, self._proxy, offer, line)

    @property
    def subscription_id(self) -> str:
        """The account's subscription."""
        return self._settings.subscription_id

    @property
    def tenant_id(self) -> str:
        """The account's tenant."""
        return self._settings.tenant_id

    @property
    def client_id(self) -> str:
        """The application ID of the service principal that acts."""
        return self._settings.client_id

    async def principal_id(self) -> str:
        """Give the object ID of the principal that acts, as the `oid` of its own token says.

        Raises Unauthenticated with Entra's code if the credential is refused, Unavailable if
        Entra cannot be reached.
        """
        try:
            scope = self._settings.resource_manager_scope
            token = await self._credential.get_token_info(scope)
        except core.AzureError as error:
            failure = unanswered(error, "POST token")
        else:
            return object_id(token.token)
        raise failure

    def secrets(self, vault_uri: str) -> Secrets:
        """Give the secrets of a vault, by the `vaultUri` that Azure gave. Made once per vault.

        Raises ValueError if it is not `https://host[:port]`.
        """
        uri = vault_uri.rstrip("/").lower()
        require_https("vaultUri", uri)
        if uri not in self._secrets:
            self._secrets[uri] = Secrets(uri, self._secret_client(uri))
        return self._secrets[uri]

    def _gate(self) -> Gate:
        """Make a gate for one pipeline: azure-core chains policies, so none may stand in two."""
        principal = f"{self._settings.tenant_id}/{self._settings.client_id}".lower()
        return Gate(principal, self._budgets, self._observe, self._fence)

    def _pipeline(self, *more: Any) -> AsyncPipeline[Any, Any]:
        """Make a pipeline to ARM: no retries, redirects, registration or logging of traffic."""
        scope = self._settings.resource_manager_scope
        stages: list[Any] = [
            self._gate(),
            policies.RequestIdPolicy(),
            policies.UserAgentPolicy(USER_AGENT),
            *more,
            AsyncARMChallengeAuthenticationPolicy(self._credential, scope),
        ]
        return AsyncPipeline(self._transport, stages)

    def _secret_client(self, uri: str) -> SecretClient:
        credential: Any = VaultCredential(self._credential, self._settings.key_vault_scope)
        return SecretClient(
            uri,
            credential,
            api_version=SECRETS,
            transport=self._transport,
            per_call_policies=[self._gate()],
            retry_total=0,
            permit_redirects=False,
            verify_challenge_resource=not self._settings.custom,
        )
