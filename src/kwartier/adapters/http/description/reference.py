"""The OpenAPI description as a page to read: Markdown with every route, field, status and example."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

Schema = Mapping[str, Any]

# What stands at every route, said once.
EVERYWHERE = ("401", "403", "431")
# A longer example hides what it shows; the description has it whole.
LONGEST_EXAMPLE_LINES_COUNT = 60
BOUNDS = {
    "minimum": "≥ {}",
    "exclusiveMinimum": "> {}",
    "maximum": "≤ {}",
    "exclusiveMaximum": "< {}",
    "minLength": "at least {} long",
    "maxLength": "at most {} long",
    "minItems": "at least {}",
    "maxItems": "at most {}",
    "pattern": "`{}`",
}


def reference(document: Schema) -> str:
    """The page, in Markdown; headings of schemas are what links lead to."""
    lines = [
        f"# {document['info']['title']}: the HTTP interface",
        "",
        document["info"]["description"].strip(),
    ]
    lines += [
        "",
        "A route with a scope may answer 401 and 403 (token, scope), and each one 431 (headers above 16 KiB).",
    ]
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            lines += _operation(f"{method.upper()} {path}", operation)
    lines += ["", "## Documents"]
    for name, schema in sorted(document["components"]["schemas"].items()):
        lines += ["", f"### {name}", "", _text(schema.get("description", "")), *_fields(schema)]
    return "\n".join(lines) + "\n"


def _operation(title: str, operation: Schema) -> Iterator[str]:
    scope = operation.get("x-scope")
    yield from (
        "",
        f"## {title}",
        "",
        f"**{operation['summary']}.** " + (f"Scope `{scope}`." if scope else ""),
    )
    yield from ("", operation["description"].strip())
    parameters = [
        (f"`{one['name']}`", one["in"], _kind(one["schema"]), _text(one["description"]))
        for one in operation.get("parameters", [])
    ]
    yield from _table(("parameter", "in", "what", "meaning"), parameters)
    contents = operation.get("requestBody", {}).get("content", {})
    if contents:
        content = next(iter(contents.values()))
        kinds = ", ".join(f"`{kind}`" for kind in contents)
        yield from ("", f"Body ({kinds}): {_kind(content['schema'])}", *_fields(content["schema"]))
        yield from _example(content["example"])
    answers = [
        (status, _kinds_of(answer), _text(answer["description"]))
        for status, answer in sorted(operation["responses"].items())
        if not (scope and status in EVERYWHERE)
    ]
    yield from _table(("answer", "what", "when"), answers)


def _fields(schema: Schema) -> Iterable[str]:
    required = schema.get("required", ())
    rows = [
        (
            f"`{name}`" + (" *" if name in required else ""),
            _kind(field),
            _text(field.get("description", "")),
            _shown(field["examples"][0]) if field.get("examples") else "",
        )
        for name, field in schema.get("properties", {}).items()
    ]
    return _table(("field (* required)", "what", "meaning", "example"), rows)


def _example(example: Any) -> Iterator[str]:
    lines = json.dumps(example, indent=2, ensure_ascii=False).splitlines()
    rest = len(lines) - LONGEST_EXAMPLE_LINES_COUNT
    yield from ("", "```json", *lines[:LONGEST_EXAMPLE_LINES_COUNT], "```")
    if rest > 0:
        yield from ("", f"({rest} more lines stand in `/openapi.json`.)")


def _kinds_of(answer: Schema) -> str:
    contents = answer.get("content", {}).items()
    return "; ".join(
        _kind(content["schema"]) if kind.endswith("json") else f"`{kind}`" for kind, content in contents
    )


def _kind(schema: Schema) -> str:
    """What a value may be, in few words."""
    if "$ref" in schema:
        name = schema["$ref"].rsplit("/", 1)[1]
        return f"[{name}](#{name.lower()})"
    if "anyOf" in schema:
        return " or ".join(dict.fromkeys(map(_kind, schema["anyOf"])))
    words = schema.get("enum") or schema.get("x-extensible-enum") or [schema.get("const")]
    if words != [None]:
        return ", ".join(f"`{word}`" for word in words)
    kind = str(schema.get("format") or schema.get("type", "any value"))
    if "items" in schema:
        kind = f"list of {_kind(schema['items'])}"
    elif isinstance(schema.get("additionalProperties"), dict):
        kind = f"object of {_kind(schema['additionalProperties'])}"
    bounds = [words.format(_bound(schema[name])) for name, words in BOUNDS.items() if name in schema]
    default = [f"default `{_shown(schema['default'])}`"] if schema.get("default") is not None else []
    return ", ".join([kind, *bounds, *default])


def _bound(value: Any) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)


def _shown(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 60 else text[:57] + "…"


def _text(text: str) -> str:
    return " ".join(text.split())


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> Iterator[str]:
    if rows:
        yield from ("", f"| {' | '.join(head)} |", "|" + " --- |" * len(head))
    for row in rows:
        yield f"| {' | '.join(cell.replace('|', '&#124;') for cell in row)} |"
