"""ETag and If-Match (RFC 9110, sections 8.8.3 and 13.1.1): a change meets what its author has read, or nothing."""

import re
from typing import Annotated

from fastapi import Depends, Request

from kwartier.adapters.http.problems import BAD_PRECONDITION, Refused

_ETAG = re.compile(r'^"([1-9][0-9]{0,8})"$')


def etag_of(revision_number: int) -> str:
    """The entity tag of a revision of a document; what the server computes beside it does not change the tag.

    >>> etag_of(3)
    '"3"'
    """
    return f'"{revision_number}"'


async def _if_match(request: Request) -> int | None:
    given = request.headers.get("if-match")
    if given is None or given.strip() == "*":
        return None
    found = _ETAG.fullmatch(given.strip())
    if found is None:
        raise Refused(BAD_PRECONDITION)
    return int(found[1])


IfMatch = Annotated[int | None, Depends(_if_match)]
"""The revision that If-Match names; None where any will do."""

IF_MATCH_PARAMETER = {
    "name": "If-Match",
    "in": "header",
    "required": False,
    "schema": {"type": "string", "pattern": _ETAG.pattern},
    "description": "The ETag of the revision that the change was made for; absent: whatever the site is now.",
    "example": '"3"',
}
ETAG_HEADER = {
    "ETag": {"description": "The revision of the document.", "schema": {"type": "string"}, "example": '"3"'}
}
