"""What can go wrong with a call to Azure, typed by consequence, not by cause.

    AzureError
    ├── Absent            404: the resource (or its group) is not there
    ├── Forbidden         403: a right is missing (action, scope) or the vault refuses the caller
    ├── Unauthenticated   Entra refuses the credential, or Azure refuses the token
    ├── Rejected          the request can never succeed as it is; a human must change something
    ├── Conflict          another operation is in the way; the same request may succeed later
    ├── NotReplicated     what the request names is too new to be seen everywhere
    ├── Throttled         a rate limit; `after` says when that budget opens again
    ├── Exhausted         a quota is used up; heals when somebody frees some of it
    ├── NoCapacity        the region has no room; heals by itself, nobody knows when
    ├── ImageInaccessible the image or its registry cannot be reached with what the group gives
    ├── RegistryFailing   the registry itself answers with an error
    ├── LabelTaken        the DNS name label belongs to somebody else
    ├── WritesStopped     an administrator has stopped all writes; nothing was sent
    └── Unavailable       5xx, time-outs, broken connections; retry with backoff

No text here ever holds a body that was sent, a token or a secret.
"""

from __future__ import annotations


class AzureError(Exception):
    """A failed call. `code` is Azure's own word, `message` Azure's own sentence (cut to 1 KiB)."""

    def __init__(
        self,
        message: str,
        *,
        code: str = "",
        status: int = 0,
        operation: str = "",
        after: float | None = None,
        correlation_id: str = "",
    ) -> None:
        super().__init__(message)
        self.message = message
        self.code = code
        self.status = status
        self.operation = operation
        """Method and ARM ID, for logs and messages: `PUT /subscriptions/...`."""
        self.after = after
        """Seconds that the server asked to wait, if it did."""
        self.correlation_id = correlation_id

    def __str__(self) -> str:
        return f"{self.code}: {self.message}" if self.code else self.message


class NotLeading(Exception):
    """A write was not sent: by its time-out this replica might not be the one that acts.

    Not an AzureError, since it says nothing about the resource and nobody is to be told.
    """


class WritesStopped(AzureError):
    """A write was not sent: an administrator has stopped all writes to Azure."""


class Absent(AzureError):
    """404: not there."""


class Forbidden(AzureError):
    """403. `action` and `scope` name the missing right where the answer does."""

    action: str = ""
    scope: str = ""


class Unauthenticated(AzureError):
    """Entra refused the credential, or Azure the token."""


class Rejected(AzureError):
    """The request cannot succeed until its author or the environment changes."""


class Conflict(AzureError):
    """Another operation is in the way."""


class VersionNotServed(Rejected):
    """This Azure does not know the API version of the call."""


class SubnetNotDelegated(Rejected):
    """The subnet is not delegated to container groups."""


class IdentityRefused(Rejected):
    """This Azure gives no identity to Windows groups."""


class NotReplicated(AzureError):
    """What the request names is not yet known everywhere."""


class Throttled(AzureError):
    """A rate limit. `after` is always set."""


class Exhausted(AzureError):
    """A quota is used up."""


class NoCapacity(AzureError):
    """The region has no room for the group at the moment."""


class ImageInaccessible(AzureError):
    """An image cannot be reached: wrong, without access, or its registry is out of order."""


class RegistryFailing(AzureError):
    """The registry answers with an error, often a rate limit of its own."""


class LabelTaken(AzureError):
    """The DNS name label is somebody else's."""


class Unavailable(AzureError):
    """The service or the way to it is broken for now."""
