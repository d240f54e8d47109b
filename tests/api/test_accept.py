"""Spellings of ids and formats of error pages, as in behaviour/http-and-partnerships.md#b5, #b13 and in recordings."""

from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ecf_sandbox.api.accept import Format, format_of_suffix, format_wanted, uuid_of

ID = "0a1b2c3d-4e5f-6071-8293-a4b5c6d7e8f9"


class TestUuidOf:
    @given(st.uuids(), st.booleans(), st.booleans(), st.booleans())
    def test_every_spelling_is_the_same_id(self, id: UUID, dashes, upper, braces):
        text = str(id) if dashes else id.hex
        text = text.upper() if upper else text

        assert uuid_of("{" + text + "}" if braces else text) == str(id)

    @pytest.mark.parametrize(
        "text",
        [
            "",
            "bad",
            "5",
            ID[:-1],
            ID + "0",
            ID + "x",
            " " + ID,
            ID + "\n",
            "{" + ID,
            ID + "}",
            "urn:uuid:" + ID,
            "٠" * 32,
        ],
    )
    def test_anything_else_is_no_id(self, text):
        assert uuid_of(text) is None

    @given(st.text(st.sampled_from("0aF-{}"), min_size=30, max_size=40))
    def test_an_id_is_canonical_or_none(self, text):
        found = uuid_of(text)

        assert found is None or str(UUID(found)) == found


class TestFormatWanted:
    @pytest.mark.parametrize(
        ("accept", "format"),
        [
            ("application/json", Format.JSON),
            ("application/vnd.api+json", Format.JSON),
            ("text/x-json", Format.JSON),
            ("application/json; charset=utf-8", Format.JSON),
            ("application/json;q=0.5", Format.JSON),
            ("application/json, text/html", Format.JSON),
            ("text/html;q=0.1, application/json", Format.JSON),
            ("text/html, application/json", Format.HTML),
            ("application/json, */*", Format.HTML),
            ("*/*", Format.HTML),
            ("application/*", Format.HTML),
            ("application/xhtml+xml", Format.HTML),
            ("nonsense", Format.HTML),
            ("", Format.HTML),
            ("Application/JSON", Format.NEITHER),
            ("application/problem+json", Format.NEITHER),
            ("text/csv", Format.NEITHER),
            ("image/png", Format.NEITHER),
        ],
    )
    def test_accept_says_it(self, accept, format):
        assert format_wanted(accept, None, None)[0] is format

    @pytest.mark.parametrize(
        ("suffix", "format"),
        [
            ("json", Format.JSON),
            ("html", Format.HTML),
            ("foo", Format.HTML),
            ("csv", Format.NEITHER),
            ("xml", Format.NEITHER),
        ],
    )
    def test_the_suffix_says_it_without_accept(self, suffix, format):
        assert format_wanted("", suffix, None) == (format, False)

    def test_accept_comes_before_the_suffix(self):
        assert format_wanted("application/json", "csv", None) == (Format.JSON, True)

    def test_the_parameter_comes_before_accept(self):
        assert format_wanted("application/json", "json", "csv") == (Format.NEITHER, False)

    @given(st.text())
    def test_any_header_has_a_format(self, accept):
        assert format_wanted(accept, None, None)[0] in Format


def test_an_error_on_a_known_path_is_json_unless_the_suffix_says_otherwise():
    suffixes = (None, "json", "html", "csv", "foo", "JSON")

    assert [format_of_suffix(it).value for it in suffixes] == ["json", "json", "html", "neither", "neither", "neither"]
