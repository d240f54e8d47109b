"""The spellings of an id that are read as one."""

from __future__ import annotations

from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ecf_sandbox.rulebook.values import uuid_of

ID = "ff004a49-8f7d-50b3-84cb-1c355f0d7a62"


class TestASpelling:
    @given(st.uuids(), st.lists(st.booleans(), min_size=8, max_size=8), st.booleans(), st.booleans())
    def test_may_have_a_dash_after_any_four_digits_capitals_and_braces(self, id: UUID, dashes, capitals, braces):
        quads = [id.hex[n : n + 4] for n in range(0, 32, 4)]
        text = "".join(quad + "-" * dash for quad, dash in zip(quads, dashes, strict=True))
        text = text.upper() if capitals else text

        assert uuid_of("{" + text + "}" if braces else text) == str(id)

    @pytest.mark.parametrize(
        "text",
        [
            "",
            "abc",
            ID[:-1],
            ID + "0",
            f" {ID}",
            f"{ID}\n",
            "{" + ID,
            ID + "}",
            f"urn:uuid:{ID}",
            ID.replace("f", "g"),
            "٠" * 32,
            f"{ID}x",
        ],
    )
    def test_of_anything_else_is_no_id(self, text):
        assert uuid_of(text) is None

    @pytest.mark.parametrize("value", [5, True, 1.5, None], ids=repr)
    def test_is_not_a_value_that_is_no_text(self, value):
        assert uuid_of(value) is None

    @given(st.text(st.sampled_from("0aF-{}"), min_size=30, max_size=40))
    def test_is_read_as_the_canonical_one_or_not_at_all(self, text):
        found = uuid_of(text)

        assert found is None or str(UUID(found)) == found
