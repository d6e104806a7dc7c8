"""Are requests and answers as Azure's own schemas want them? For tests.

assert validate_request("PUT", path, "2025-09-01", body) == []
assert [problem for call in azure.calls.writes() for problem in validate_call(call)] == []
"""

from schemas.bicep import validate_resource
from schemas.validation import validate_call, validate_request, validate_response

__all__ = ["validate_call", "validate_request", "validate_resource", "validate_response"]
