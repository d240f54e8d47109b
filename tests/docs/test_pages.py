"""How what a page says is printed is held against what was."""

import pytest

from tests.docs.pages import agrees


@pytest.mark.parametrize(
    ("said", "printed", "agreed"),
    [
        ("a\nb\n", "a\nb\n", True),
        ("a\nb\n", "a\nc\n", False),
        ("a\n…\n", "a\nb\nc\n", True),
        ("…\nc\n", "a\nb\nc\n", True),
        ("id … here\n", "id 17 here\n", True),
        ("id … here\n", "id 17 there\n", False),
        ("a\n", "a\nb\n", False),
    ],
)
def test_agrees(said, printed, agreed):
    assert agrees(said, printed) is agreed
