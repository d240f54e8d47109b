"""The page for the test author: its samples run, and its reference is what the code says."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from ecf_sandbox.pytest_plugin.reference import HEADING, as_markdown

pytestmark = pytest.mark.slow

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "test-author.md").read_text(encoding="utf-8")


def test_every_sample_of_the_page_runs_as_written(pytester):
    blocks = re.findall(r"```(python|toml)\n(.*?)```", PAGE, re.DOTALL)
    samples = {f"test_sample_{n}": text for n, (language, text) in enumerate(blocks) if language == "python"}
    pytester.makepyfile(**samples)
    pytester.makepyprojecttoml("".join(text for language, text in blocks if language == "toml"))

    result = pytester.runpytest_subprocess("-q", "-p", "no:cacheprovider", "--ecf-report=reports")

    result.assert_outcomes(passed=sum(text.count("def test_") for text in samples.values()))


def test_the_reference_is_printed_from_the_code():
    printed = PAGE[PAGE.index(HEADING) :]

    assert printed == as_markdown(), "print it anew: make docs"
