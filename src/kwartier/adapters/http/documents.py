"""Responses that hold one JSON document."""

import json
from collections.abc import Mapping
from typing import Any

from fastapi import Response


def json_response(
    document: Any, status_code: int = 200, headers: Mapping[str, str] | None = None
) -> Response:
    """A JSON response; NaN has no place in it and is a mistake of ours."""
    text = json.dumps(document, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    return Response(text.encode(), status_code, dict(headers or {}), media_type="application/json")
