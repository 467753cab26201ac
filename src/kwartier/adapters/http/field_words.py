"""Words and examples for fields of the description whose models have none; the table is `field_words.toml`."""

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

Schema = dict[str, Any]


@dataclass(frozen=True)
class FieldWords:
    """The tables: by `Model.field` or `field` its words and example; by parameter its example."""

    by_field: dict[str, tuple[str, Any]]
    example_by_parameter: dict[str, Any]

    def key(self, model: str, field: str) -> str | None:
        """The entry that holds for a field of a model, if one does."""
        return next((key for key in (f"{model}.{field}", field) if key in self.by_field), None)


@cache
def field_words() -> FieldWords:
    """The tables of the package."""
    tables = tomllib.loads(files("kwartier.adapters.http").joinpath("field_words.toml").read_text("utf-8"))
    by_field = {key: (words, example) for key, (words, example) in tables["fields"].items()}
    return FieldWords(by_field, tables["parameters"])


def with_words(description: Schema) -> Schema:
    """The description, completed in place where fields and parameters lack words or examples."""
    words = field_words()
    for model, schema in models(description):
        for name, field in schema.get("properties", {}).items():
            if key := words.key(model, name):
                field.setdefault("description", words.by_field[key][0])
                if not has_example(field):
                    field["examples"] = [words.by_field[key][1]]
    for parameter in parameters(description):
        if "example" not in parameter and not has_example(parameter["schema"]):
            parameter["example"] = words.example_by_parameter.get(parameter["name"])
    return description


def has_example(field: Schema) -> bool:
    """Whether a field shows what it may hold."""
    return bool({"example", "examples", "const", "enum"} & field.keys())


def models(description: Schema) -> Iterator[tuple[str, Schema]]:
    """Every model of the description by its name: the components, and the bodies that stand in their operation."""
    yield from description["components"]["schemas"].items()
    for operations in description["paths"].values():
        for operation in operations.values():
            for content in operation.get("requestBody", {}).get("content", {}).values():
                yield content["schema"].get("title", ""), content["schema"]


def parameters(description: Schema) -> Iterator[Schema]:
    """Every parameter of every operation."""
    for operations in description["paths"].values():
        for operation in operations.values():
            yield from operation.get("parameters", ())
