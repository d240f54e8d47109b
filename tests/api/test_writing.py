"""How answers are written: JSON, CSV, tags, compression; as in behaviour/http-and-partnerships.md#b14, #b18, #b19."""

import csv
import gzip
import io
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ecf_sandbox.api.headers import best_encoding, compressed, entity_tag
from ecf_sandbox.api.lists import csv_of
from ecf_sandbox.api.response import encode

text = st.text(st.characters(codec="utf-8"))


class TestEncode:
    def test_markup_and_line_separators_are_escaped(self):
        written = encode({"a": "DP <0> & Co é \u2028\u2029"})

        assert written.decode() == r'{"a":"DP \u003c0\u003e \u0026 Co é \u2028\u2029"}'

    @given(st.dictionaries(text, text))
    def test_what_is_written_means_the_same(self, document):
        assert json.loads(encode(document)) == document


def a_list(*attributes: dict):
    return {"data": [{"id": str(n), "type": "x", "attributes": it} for n, it in enumerate(attributes)]}


class TestCsvOf:
    def test_has_the_names_and_a_line_for_each(self):
        written = csv_of(a_list({"a": "x", "b": None}, {"a": 'say "y", z', "b": True}))

        assert written.text == 'id,a,b\n0,x,""\n1,"say ""y"", z",true\n'

    def test_of_nothing_is_nothing(self):
        assert csv_of({"data": []}).text == ""

    @given(st.lists(st.builds(lambda a, b: {"a": a, "b": b}, text, text), min_size=1))
    def test_can_be_read_back(self, rows):
        written = csv_of(a_list(*rows)).text

        read = list(csv.reader(io.StringIO(written, newline="")))
        assert read == [["id", "a", "b"]] + [[str(n), it["a"], it["b"]] for n, it in enumerate(rows)]


class TestBestEncoding:
    @pytest.mark.parametrize(
        ("header", "encoding"),
        [
            ("", "identity"),
            ("gzip", "gzip"),
            ("gzip, deflate, br", "gzip"),
            ("*", "gzip"),
            ("gzip;q=0.5", "gzip"),
            ("gzip;q=0.5, identity;q=0.8", "identity"),
            ("gzip;q=0", "identity"),
            ("br", "identity"),
            ("deflate", "identity"),
            ("identity;q=0", None),
            ("*;q=0", None),
            ("identity;q=0, gzip", "gzip"),
            ("nonsense;;;q", "identity"),
        ],
    )
    def test_is_what_the_header_likes_best(self, header, encoding):
        assert best_encoding(header) == encoding

    @given(st.text(st.sampled_from("gzip*identity;q=01.,- ")))
    def test_any_header_has_an_answer(self, header):
        assert best_encoding(header) in ("gzip", "identity", None)


class TestEntityTag:
    def test_is_weak_and_has_32_hexadecimal_digits(self):
        assert len(entity_tag(b"x")) == len('W/""') + 32

    @given(st.binary(), st.binary())
    def test_is_the_same_for_the_same_bytes_only(self, one, other):
        assert (entity_tag(one) == entity_tag(other)) == (one == other)


@given(st.binary(min_size=1), st.integers(-(2**40), 2**40))
def test_compressed_bytes_are_another_value_each_second(body, second):
    assert gzip.decompress(compressed(body, second)) == body
    assert compressed(body, second) == compressed(body, second)
    assert compressed(body, second) != compressed(body, second + 1)
