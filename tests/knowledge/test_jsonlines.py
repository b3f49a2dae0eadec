from __future__ import annotations

import io
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.jsonlines import BadLine, answer_lines, object_in, text_of


def echo(line: str) -> dict[str, Any]:
    return {"line": text_of(object_in(line), "q") if line.startswith("{") else line}


def answered(source: bytes) -> list[dict[str, Any]]:
    sink = io.BytesIO()
    answer_lines(io.BytesIO(source), sink, echo)
    return [json.loads(line) for line in sink.getvalue().splitlines()]


def test_each_line_is_answered_in_order_blank_ones_too() -> None:
    assert [one["line"] for one in answered(b"a\r\n\n  b \nlast")] == ["a", "", "  b ", "last"]


def test_a_bad_line_is_named_and_the_stream_goes_on() -> None:
    first, second, third, fourth, fifth = answered(b'{\n{"q": 1}\n\xff\n{"p": ""}\nfine\n')
    assert "is not JSON" in first["error"]
    assert second == fourth == {"error": '"q" is missing or not a text'}
    assert "is not UTF-8" in third["error"]
    assert fifth == {"line": "fine"}


@pytest.mark.parametrize("line", ["[1]", "null", '"text"', "[" * 100_000])
def test_json_that_is_no_object_is_refused(line: str) -> None:
    with pytest.raises(BadLine):
        object_in(line)


def test_a_byte_order_mark_is_no_part_of_the_first_line() -> None:
    assert answered(b"\xef\xbb\xbfnps\n") == [{"line": "nps"}]


def test_half_a_character_comes_back_as_it_went_in() -> None:
    assert answered(b'{"q": "\\ud83d"}\n') == [{"line": "\ud83d"}]


def test_each_answer_is_flushed_before_the_next_line_is_read() -> None:
    flushed: list[int] = []

    class Sink(io.BytesIO):
        def flush(self) -> None:
            flushed.append(len(self.getvalue().splitlines()))

    answer_lines(io.BytesIO(b"a\nb\nc\n"), Sink(), echo)
    assert flushed == [1, 2, 3]


@given(st.lists(st.binary(max_size=30).map(lambda raw: raw.replace(b"\n", b""))))
def test_every_line_whatever_it_holds_gets_one_answer(lines: list[bytes]) -> None:
    assert len(answered(b"".join(line + b"\n" for line in lines))) == len(lines)
