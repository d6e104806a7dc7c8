"""Members that every ARM resource has: location and tags."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from azure_emulator.errors import AzureError


def location_of(body: Mapping[str, Any], kind: str, known: Collection[str]) -> str:
    """Read a body's location in its short form, "West US" as `westus`.

    Raises AzureError 400: LocationRequired, or LocationNotAvailableFor… `kind` (`ResourceGroup`,
    or a resource type, then for `ResourceType`). The texts are ARM's.
    """
    location = body.get("location")
    if not isinstance(location, str) or not location:
        raise _refused("LocationRequired", "The location property is required for this definition.")
    short = location.replace(" ", "").lower()
    if short in known:
        return short
    is_type = "/" in kind
    raise _refused(
        f"LocationNotAvailableFor{'ResourceType' if is_type else kind}",
        f"The provided location '{location}' is not available for "
        + (f"resource type '{kind}'" if is_type else "resource group")
        + f". List of available regions is '{','.join(known)}'.",
    )


def tags_of(body: Mapping[str, Any]) -> dict[str, str] | None:
    """Read a body's tags; None if it has none.

    Raises AzureError 400 InvalidRequestContent for anything but an object of texts.
    """
    tags = body.get("tags")
    if tags is None:
        return None
    if not isinstance(tags, dict) or not all(isinstance(each, str) for each in tags.values()):
        raise _refused(
            "InvalidRequestContent",
            "The request content was invalid and could not be deserialized: 'tags' is not an "
            "object of texts.",
        )
    return dict(tags)


def _refused(code: str, message: str) -> AzureError:
    return AzureError(400, code, message, gateway=True)
