"""What every document on the wire has in common: strict types, no unknown fields, no NaN."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, GetJsonSchemaHandler
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema


class WireModel(BaseModel):
    """Base of all wire documents: immutable, strict, unknown fields refused, names as the reference prints them."""

    model_config = ConfigDict(
        extra="forbid",
        strict=True,
        frozen=True,
        allow_inf_nan=False,
        validate_by_name=True,
        validate_by_alias=True,
        serialize_by_alias=True,
        validate_default=True,
    )


@dataclass(frozen=True)
class Known:
    """Marks a text field whose values are an open enumeration.

    Any text is parsed and stored, the JSON schema lists the known values, and validation reports an unknown one as a
    finding: one misspelt word never makes a whole document unreadable. `fold` maps a value onto its canonical form
    before it is compared (letter case, aliases).
    """

    values: tuple[str, ...]
    fold: Callable[[str], str] = str

    def allows(self, value: str) -> bool:
        """Whether the value, folded, is one of the known ones."""
        return self.fold(value) in self.values

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        """The field's schema with the known values as its enumeration; `x-extensible-enum` says that it is open."""
        return {**handler(schema), "enum": list(self.values), "x-extensible-enum": list(self.values)}


def _integral(value: Any) -> Any:
    if isinstance(value, float) and value.is_integer() and abs(value) < 2**53:
        return int(value)
    return value


FromIntegral = BeforeValidator(_integral)
"""Marks an integer field that also reads 32.0 (an integer in JSON Schema, draft 2020-12 section 4.2.1), not 32.5, "32"
or true. It stands last in the annotation, after the bounds."""
