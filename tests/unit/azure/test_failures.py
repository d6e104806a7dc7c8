"""Errors made from answers: what is read out of them, and what never gets in."""

from __future__ import annotations

from typing import Any

import pytest
from azure.core import exceptions as core

from aci_operator.azure import errors
from aci_operator.azure.failures import Refusal, by_entra, refused, unanswered

VAULT_SCOPE = "/subscriptions/s/resourceGroups/g/providers/Microsoft.KeyVault/vaults/v"


def refusal(
    status: int, code: str, message: str = "", headers: dict[str, str] | None = None, **more: Any
) -> Refusal:
    return Refusal(status, headers or {}, {"error": {"code": code, "message": message, **more}})


def test_an_error_carries_azures_words_and_the_correlation_id() -> None:
    answer = refusal(
        400, "InvalidOsType", "The 'osType' is invalid.", {"x-ms-correlation-request-id": "c-1"}
    )
    error = refused(answer, "PUT /x")
    assert (str(error), error.status, error.operation, error.correlation_id, error.after) == (
        "InvalidOsType: The 'osType' is invalid.",
        400,
        "PUT /x",
        "c-1",
        None,
    )


@pytest.mark.parametrize(
    ("header", "message", "after"),
    [
        ("17", "", 17.0),
        ("0", "", 1.0),
        ("999999", "", 3600.0),
        ("soon", "", 30.0),
        ("", "Please try again after '372' seconds.", 372.0),
        ("", "", 30.0),
    ],
)
def test_a_limit_always_says_how_long_to_wait(header: str, message: str, after: float) -> None:
    answer = refusal(429, "ResourceRequestsThrottled", message, {"retry-after": header})
    assert refused(answer, "GET /x").after == after


def test_a_date_to_wait_for_is_counted_from_the_answers_own_date() -> None:
    then, now = "Wed, 01 Jan 2020 00:02:00 GMT", "Wed, 01 Jan 2020 00:00:30 GMT"
    headers = {"retry-after": then, "date": now}
    assert refused(refusal(503, "ServerTimeout", "", headers), "GET /x").after == 90


@pytest.mark.parametrize(("status", "after"), [(429, 30.0), (503, None)])
def test_a_date_in_an_answer_without_its_own_says_nothing(status: int, after: float | None) -> None:
    headers = {"retry-after": "Wed, 01 Jan 2020 00:02:00 GMT"}
    assert refused(refusal(status, "Busy", "", headers), "GET /x").after == after


@pytest.mark.parametrize(
    ("code", "message", "right"),
    [
        (
            "AuthorizationFailed",
            "The client 'a' with object id 'b' does not have authorization to perform action "
            "'Microsoft.KeyVault/vaults/write' over scope '/subscriptions/s' or the scope is "
            "invalid. If access was recently granted, please refresh your credentials.",
            ("Microsoft.KeyVault/vaults/write", "/subscriptions/s"),
        ),
        (
            "LinkedAuthorizationFailed",
            "The client 'a' with object id 'b' has permission to perform action "
            "'Microsoft.ContainerInstance/containerGroups/write' on scope '/g'; however, it does "
            "not have permission to perform action(s) "
            "'Microsoft.ManagedIdentity/userAssignedIdentities/assign/action' on the linked "
            "scope(s) '/id' (respectively) or the linked scope(s) are invalid.",
            ("Microsoft.ManagedIdentity/userAssignedIdentities/assign/action", "/id"),
        ),
        (
            "Forbidden",
            "The user, group or application 'appid=a;oid=b;iss=c' does not have secrets get "
            "permission on key vault 'v;location=l'. For help resolving this issue, please see x",
            ("secrets get", "v"),
        ),
        (
            "Forbidden",
            "Caller is not authorized to perform action on resource.\r\nCaller: appid=a\r\n"
            f"Action: 'Microsoft.KeyVault/vaults/secrets/setSecret/action'\r\n"
            f"Resource: '{VAULT_SCOPE}'\r\nAssignment: (not found)",
            ("Microsoft.KeyVault/vaults/secrets/setSecret/action", VAULT_SCOPE),
        ),
        ("AuthorizationFailed", "No.", ("", "")),
    ],
)
def test_the_missing_right_is_read_out_of_the_sentence(
    code: str, message: str, right: tuple[str, str]
) -> None:
    error = refused(refusal(403, code, message), "PUT /x")
    assert isinstance(error, errors.Forbidden)
    assert (error.action, error.scope) == right


@pytest.mark.parametrize(
    ("status", "outer", "inner", "kind"),
    [
        (403, "Forbidden", "ForbiddenByPolicy", errors.Forbidden),
        (403, "Forbidden", "ForbiddenByRbac", errors.Forbidden),
        (403, "Forbidden", "ForbiddenByFirewall", errors.Forbidden),
        (403, "Forbidden", "SecretDisabled", errors.Rejected),
        (409, "Conflict", "ObjectIsDeletedButRecoverable", errors.Rejected),
    ],
)
def test_a_vaults_inner_code_is_the_code(
    status: int, outer: str, inner: str, kind: type[errors.AzureError]
) -> None:
    error = refused(refusal(status, outer, innererror={"code": inner}), "GET /x")
    assert (type(error), error.code) == (kind, inner)


def test_a_message_is_cut_to_one_kibibyte() -> None:
    error = refused(refusal(400, "X", "é" * 2000), "PUT /x")
    assert (len(error.message.encode()), set(error.message)) == (1024, {"é"})


def test_ids_that_differ_in_each_answer_are_taken_out() -> None:
    text = "An error. The tracking activity id is 'a-1', correlation id is 'b-2'."
    error = refused(refusal(500, "InternalServerError", text), "GET /x")
    assert (
        error.message == "An error. The tracking activity id is logged, correlation id is logged."
    )


GROUP_BODY = {
    "properties": {
        "containers": [
            {"properties": {"environmentVariables": [{"name": "A", "secureValue": "canary-env"}]}}
        ],
        "imageRegistryCredentials": [{"server": "r", "password": 'canary"pass'}],
        "volumes": [
            {"secret": {"file": "Y2FuYXJ5"}},
            {"azureFile": {"storageAccountKey": "canary-key"}},
        ],
        "diagnostics": {"logAnalytics": {"workspaceKey": "canary-log"}},
        "extensions": [{"name": "a", "protectedSettings": {"deep": ["canary-extension"]}}],
    }
}


@pytest.mark.parametrize(
    ("body", "secret"),
    [
        (GROUP_BODY, "canary-env"),
        (GROUP_BODY, 'canary"pass'),
        (GROUP_BODY, 'canary\\"pass'),
        (GROUP_BODY, "Y2FuYXJ5"),
        (GROUP_BODY, "canary"),
        (GROUP_BODY, "canary-extension"),
        (GROUP_BODY, "canary-key"),
        (GROUP_BODY, "canary-log"),
        ({"value": "canary-value"}, "canary-value"),
    ],
)
def test_an_echoed_secret_does_not_get_into_an_error(body: dict[str, Any], secret: str) -> None:
    answer = refusal(400, "InvalidRequestContent", f'Error converting value "{secret}" to x.')
    assert refused(answer, "PUT /x", body).message == 'Error converting value "(secret)" to x.'


def test_a_short_secret_is_scrubbed_only_where_it_is_quoted() -> None:
    answer = refusal(400, "InvalidRequestContent", "a value 'a' is bad")
    assert refused(answer, "PUT /x", {"value": "a"}).message == "a value (secret) is bad"


@pytest.mark.parametrize("body", [None, [], "text", {"error": None}, {"error": []}, {"x": 1}])
def test_a_body_of_no_known_shape_still_makes_an_error(body: Any) -> None:
    error = refused(Refusal(400, {}, body), "PUT /x")
    assert (type(error), error.code, error.message) == (
        errors.Rejected,
        "",
        "status 400 without a reason",
    )


def test_entras_own_code_is_kept_and_its_trace_is_not() -> None:
    text = (
        "Authentication failed: AADSTS7000215: Invalid client secret provided. "
        "Trace ID: 1-2 Correlation ID: 3-4 Timestamp: 2026-01-01 00:00:00Z"
    )
    error = by_entra(core.ClientAuthenticationError(message=text), "PUT /x")
    assert (type(error), error.code, error.message) == (
        errors.Unauthenticated,
        "AADSTS7000215",
        "Authentication failed: AADSTS7000215: Invalid client secret provided.",
    )


@pytest.mark.parametrize(
    ("cause", "code"),
    [
        (core.ServiceRequestTimeoutError("x"), "TimedOut"),
        (core.ServiceResponseTimeoutError("x"), "TimedOut"),
        (core.ServiceRequestError("refused"), "ConnectionFailed"),
        (core.ServiceResponseError("cut"), "ConnectionFailed"),
        (core.IncompleteReadError("cut"), "ConnectionFailed"),
        (core.DecodeError("bad"), "Garbled"),
    ],
)
def test_no_answer_is_unavailable_with_a_word_for_it(cause: core.AzureError, code: str) -> None:
    error = unanswered(cause, "GET /x")
    assert (type(error), error.code) == (errors.Unavailable, code)
