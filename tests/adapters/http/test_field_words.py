"""Every field of every request and answer says what it is, in which unit, and shows an example."""

import re
from typing import Any

from kwartier.adapters.http.field_words import field_words, has_example, models, parameters
from tests.services.described import described_app

DESCRIPTION: dict[str, Any] = described_app().openapi()
FIELDS = [
    (model, name, field)
    for model, schema in models(DESCRIPTION)
    for name, field in schema.get("properties", {}).items()
]
# A unit in a name or in words; or that it is a count, a part or an ordinal, which have none.
UNIT = re.compile(
    r"\b(k?Wh?|k?VA|Ah?|V|h|m?s|[Ss]econds|EUR|[Pp]ercent|degrees|0 to 1)\b"
    r"|_(wh?|k?wh?|a|ah|ms|eur|ratio|percent|hours)(_|$)|Wh$"
    r"|[Cc]ounts|[Hh]ow (many|often|much|far)|number|[Nn]ew ones|[Tt]hose that|[Rr]ows|[Cc]olumns|[Ff]igures|nodes"
    r"|HTTP status|part of|1 to 3|1 to 10|[Mm]ost entries|[Tt]he higher"
)


def test_every_field_says_what_it_is() -> None:
    assert [f"{model}.{name}" for model, name, field in FIELDS if not field.get("description")] == []


def test_every_field_shows_an_example() -> None:
    assert [f"{model}.{name}" for model, name, field in FIELDS if not has_example(field)] == []


def test_every_number_says_its_unit() -> None:
    silent = [
        f"{model}.{name}: {field['description']}"
        for model, name, field in FIELDS
        if is_number(field) and not UNIT.search(f"{name} {field['description']}")
    ]
    assert silent == []


def is_number(field: dict[str, Any]) -> bool:
    kinds = [field, *field.get("anyOf", ()), field.get("items", {})]
    return any(one.get("type") in ("number", "integer") for one in kinds)


def test_every_parameter_says_what_it_is_and_shows_an_example() -> None:
    found = list(parameters(DESCRIPTION))
    assert [one["name"] for one in found if not one.get("description")] == []
    assert [one["name"] for one in found if not (one.get("example") or has_example(one["schema"]))] == []


def test_every_answer_that_is_a_no_is_a_problem_document() -> None:
    wrong = []
    for path, operations in DESCRIPTION["paths"].items():
        for method, operation in operations.items():
            for status, answer in operation["responses"].items():
                if int(status) >= 400 and "application/problem+json" not in answer["content"]:
                    wrong.append(f"{method} {path} {status}")
            assert any(int(status) >= 400 for status in operation["responses"]), path
    assert wrong == []


def test_no_entry_of_the_table_is_left_over() -> None:
    words = field_words()
    used = {words.key(model, name) for model, name, _ in FIELDS}
    assert words.by_field.keys() - used == set()
    assert words.example_by_parameter.keys() - {one["name"] for one in parameters(DESCRIPTION)} == set()
