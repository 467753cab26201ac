import json
import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kwartier.units.json_text import MAX_DEPTH, UnreadableJson, read_json

VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(min_value=-(2**63), max_value=2**64 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=20,
)


@given(VALUES)
def test_what_json_can_write_is_read_back(value: Any) -> None:
    assert read_json(json.dumps(value).encode()) == value


@given(VALUES)
def test_text_outside_ascii_may_stand_as_it_is(value: Any) -> None:
    assert read_json(json.dumps(value, ensure_ascii=False).encode()) == value


@given(
    st.binary(max_size=60) | st.text(alphabet='[]{}",:\\uDd8901eE+-.NaIinfty \n', max_size=40).map(str.encode)
)
def test_any_bytes_give_a_value_or_one_kind_of_error(data: bytes) -> None:
    try:
        value = read_json(data)
    except UnreadableJson:
        return
    assert value == json.loads(data.decode("utf-8-sig"))
    assert json.dumps(value, ensure_ascii=False, allow_nan=False).encode()


@pytest.mark.parametrize(
    ("data", "where", "what"),
    [
        (b"", "", "empty"),
        (b" \n\t", "", "empty"),
        (b"\xef\xbb\xbf", "", "empty"),
        (b'{\n "a": 1,\n "b', "line 3, column 4", "cut off"),
        (b'{"a": [1, 2', "line 1, column 12", "cut off"),
        (b'{"a": 1}\n}', "line 2, column 1", "extra data"),
        (b'{"a": 1,}', "line 1", "not JSON"),
        (b"{'a': 1}", "line 1, column 2", "not JSON"),
        (b'{"a":\n NaN}', "line 2, column 2", "NaN"),
        (b"[1, -Infinity]", "line 1, column 5", "-Infinity"),
        (b"[1, Infinity]", "line 1, column 5", "Infinity"),
        (b"[1e999]", "line 1, column 2", "too large for a double"),
        # What is behind the number is no JSON either, and must not stop the search for the first fault.
        (b"[1e999\x05.x]", "line 1, column 2", "too large for a double"),
        (b"[" + b"9" * 30 + b"N000]", "line 1, column 2", "does not fit in 64 bits"),
        (b"[NaN.5]", "line 1, column 2", "NaN"),
        (b"[18446744073709551616]", "line 1, column 2", "64 bits"),
        (b"[-9223372036854775809]", "line 1, column 2", "64 bits"),
        (b"[" + b"9" * 5000 + b"]", "line 1, column 2", "64 bits"),
        (b'{"a": {"b": 1,\n "b": 2}}', "line 2, column 2", '"b" stands twice'),
        (b'{"a": 1, "\\u0061": 2}', "line 1, column 10", '"a" stands twice'),
        (b'["\\ud83d\\ude00", "\\ud800"]', "line 1, column 18", "surrogate"),
        (b'["\\udc00\\ud800"]', "line 1, column 2", "surrogate"),
        (b'"\xed\xa0\x80"', "line 1, column 2", "UTF-8"),
        (b'["caf\xe9"]', "line 1, column 6", "UTF-8"),
        (b'\xef\xbb\xbf{"x": "\xc3\xa9",\n"y": \xff}', "line 2, column 6", "UTF-8"),
        ('{"a": 1}'.encode("utf-16"), "line 1, column 1", "UTF-8"),
        (b"[" * 100_000, "line 1, column 65", "deeper than 64"),
        (b'{"a":' * 100_000 + b"1" + b"}" * 100_000, "line 1, column 321", "deeper than 64"),
    ],
)
def test_each_fault_is_named_with_its_place(data: bytes, where: str, what: str) -> None:
    with pytest.raises(UnreadableJson) as caught:
        read_json(data)
    assert where in str(caught.value)
    assert what in str(caught.value)


def test_a_text_in_the_middle_of_a_message_stays_readable() -> None:
    with pytest.raises(UnreadableJson) as caught:
        read_json(b"[" + b"9" * 5000 + b"]")
    assert len(str(caught.value)) < 200


def test_a_byte_order_mark_is_skipped() -> None:
    assert read_json(b'\xef\xbb\xbf{"a": 1}') == {"a": 1}


def test_escaped_and_paired_surrogates_are_characters() -> None:
    assert read_json(b'["\\ud83d\\ude00", "\\\\ud800", "NaN", "[[["]') == [
        "\U0001f600",
        "\\ud800",
        "NaN",
        "[[[",
    ]


def test_the_deepest_allowed_nesting_is_read() -> None:
    value = read_json(b"[" * MAX_DEPTH + b"]" * MAX_DEPTH)
    for _ in range(MAX_DEPTH - 1):
        (value,) = value
    assert value == []
    with pytest.raises(UnreadableJson, match=r"line 1, column 65: nested deeper"):
        read_json(b"[" * (MAX_DEPTH + 1) + b"]" * (MAX_DEPTH + 1))


def test_the_largest_whole_numbers_are_read_exactly() -> None:
    assert read_json(b"[18446744073709551615, -9223372036854775808]") == [2**64 - 1, -(2**63)]


def test_the_same_key_in_two_objects_is_fine() -> None:
    assert read_json(b'[{"a": 1}, {"a": {"a": 2}}]') == [{"a": 1}, {"a": {"a": 2}}]


def test_too_much_text_is_refused_before_it_is_read() -> None:
    with pytest.raises(UnreadableJson, match="5 bytes, and at most 4"):
        read_json(b"[[[[[", limit_bytes=4)
    assert read_json(b"1234", limit_bytes=4) == 1234


def test_a_small_number_may_lose_itself_in_zero_but_not_in_infinity() -> None:
    assert read_json(b"1e-999") == 0.0
    assert math.isfinite(read_json(b"1.7976931348623157e308"))
