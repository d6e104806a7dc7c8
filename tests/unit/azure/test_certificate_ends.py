"""When a certificate ends, read from the PEM text that an account signs in with."""

from __future__ import annotations

from datetime import UTC, datetime

from aci_operator.azure.credential import certificate_ends
from certificate_builders import certificate_pem

ENDS = datetime(2030, 1, 2, 3, 4, 5, tzinfo=UTC)


def test_the_end_is_found_behind_a_private_key() -> None:
    assert certificate_ends(certificate_pem(ENDS)) == ENDS.timestamp()


def test_what_holds_no_certificate_has_no_end() -> None:
    assert certificate_ends(b"nonsense") is None
