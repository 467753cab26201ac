"""Arrays as PostgreSQL reads them: what the driver itself makes of the same values is the measure."""

from collections.abc import Callable, Sequence
from typing import Any

import pytest
from psycopg.adapt import PyFormat, Transformer
from psycopg.types.numeric import Float8, Int8

from kwartier.adapters.sql.postgresql_arrays import (
    BinaryArray,
    optional_real_array,
    real_array,
    text_array,
    whole_array,
)


def of_the_driver(values: list[Any]) -> bytes:
    dumper = Transformer().get_dumper(values, PyFormat.BINARY)
    return bytes(dumper.dump(values) or b"")


@pytest.mark.parametrize(
    ("made", "kind", "values"),
    [
        (whole_array, Int8, [0, -1, 2**63 - 1, -(2**63)]),
        (real_array, Float8, [0.0, -1.5, 1e15, 5e-324]),
        (optional_real_array, Float8, [1.5, None, 64.25]),
        (optional_real_array, Float8, [1.5, 64.25]),
        (text_array, str, ["hub", "Zürich — 東京", "hub", ""]),
        (text_array, str, [None, '{"pin1":{}}', None]),
    ],
)
def test_an_array_is_what_the_driver_makes_of_its_values(
    made: Callable[[Sequence[Any]], BinaryArray], kind: type, values: list[Any]
) -> None:
    assert made(values) == of_the_driver([None if value is None else kind(value) for value in values])


@pytest.mark.parametrize("made", [optional_real_array, text_array])
def test_where_all_are_null_the_array_is_empty(made: Callable[[Sequence[None]], BinaryArray]) -> None:
    assert made([None] * 600)[:8] == bytes(8)  # no dimension, no NULLs
    assert len(made([None] * 600)) == 12
