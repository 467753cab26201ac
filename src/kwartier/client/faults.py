"""What a call can end in besides its answer.

CallFault
├── ProblemAnswer   the service said no, or that it failed
└── NoAnswer        nothing came back
"""

import json
from dataclasses import dataclass
from typing import Any

import httpx


class CallFault(Exception):
    """Root of what `send` and `every` raise."""


class NoAnswer(CallFault):
    """The service could not be reached, or its answer did not arrive; whether it did what was asked is not known."""


@dataclass
class ProblemAnswer(CallFault):
    """The service's problem document (RFC 9457): `status_code`, `code` for programs, `detail` as it came.

    `request_id` is what the service's log calls the request.
    """

    status_code: int
    code: str
    detail: str | list[dict[str, Any]]
    request_id: str

    def __str__(self) -> str:
        """The problem in one line."""
        return f"{self.status_code} {self.code}: {self.detail} (request {self.request_id})"


def problem_of(answer: httpx.Response) -> ProblemAnswer:
    """The problem that an answer holds; one that holds none came from something between the service and here."""
    try:
        document = json.loads(answer.content)
    except ValueError:
        document = None
    found = document if isinstance(document, dict) else {}
    return ProblemAnswer(
        answer.status_code,
        str(found.get("code", "no_problem_document")),
        found.get("detail", answer.reason_phrase),
        answer.headers.get("x-request-id", ""),
    )
