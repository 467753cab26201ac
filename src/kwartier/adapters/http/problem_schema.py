"""How problem documents stand in the OpenAPI description."""

from typing import Any

from kwartier.adapters.http.problems import (
    MEDIA_TYPE,
    PROBLEM_BY_FAULT,
    PROBLEM_BY_OUTCOME,
    Problem,
)

PROBLEM_SCHEMA: dict[str, Any] = {
    "title": "Problem",
    "description": "A problem document (RFC 9457). Nothing in it repeats the request.",
    "type": "object",
    "required": ["type", "title", "status", "code", "detail"],
    "properties": {
        "type": {"type": "string", "const": "about:blank"},
        "title": {"type": "string", "description": "The status in words."},
        "status": {"type": "integer", "description": "The HTTP status."},
        "code": {"type": "string", "description": "What went wrong, for programs."},
        "detail": {
            "description": "What went wrong and the next step; of a 422, a list with every place at once.",
            "anyOf": [
                {"type": "string"},
                {
                    "type": "array",
                    "items": {
                        "type": "object",
                        "required": ["type", "loc", "msg"],
                        "properties": {
                            "type": {"type": "string", "description": "The rule that is broken."},
                            "loc": {
                                "type": "array",
                                "items": {"anyOf": [{"type": "string"}, {"type": "integer"}]},
                                "description": "Where: body, query or path, then keys and positions.",
                            },
                            "msg": {"type": "string", "description": "What is allowed."},
                        },
                    },
                },
            ],
        },
    },
}


def answers(*causes: type | Problem) -> dict[int | str, dict[str, Any]]:
    """The `responses` of a route: one entry per status of these outcomes and problems, each with an example."""
    by_status: dict[int, list[Problem]] = {}
    for cause in causes:
        problem = cause if isinstance(cause, Problem) else (PROBLEM_BY_OUTCOME | PROBLEM_BY_FAULT)[cause]
        by_status.setdefault(problem.status_code, []).append(problem)
    return {status: _answer(problems) for status, problems in by_status.items()}


def _answer(problems: list[Problem]) -> dict[str, Any]:
    names = sorted({name for problem in problems for name in problem.headers})
    answer: dict[str, Any] = {
        "description": "; ".join(f"`{problem.code}`: {problem.detail}" for problem in problems),
        "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
    }
    if names:
        answer["headers"] = {name: {"schema": {"type": "string"}} for name in names}
    return answer
