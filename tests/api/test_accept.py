"""Spellings of ids and formats of error pages, as in behaviour/http-and-partnerships.md#b5, #b13 and in recordings."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ecf_sandbox.api.accept import Format, format_of_suffix, format_wanted


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
            ("application/json\u00a0", Format.HTML),
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
