"""What is held against a wheel before it goes out."""

from __future__ import annotations

import pytest

from ecf_sandbox import __version__
from tests.release.artefacts import ROOT, the_same, whole
from tests.release.failed import NotFit, holds, run


def a_whole_wheel():
    modules = {str(it.relative_to(ROOT / "sandbox")): "" for it in (ROOT / "sandbox").rglob("*") if it.is_file()}
    files = {
        f"ecf_sandbox/{it.relative_to(ROOT)}": ""
        for folder in ("scenarios", "openapi")
        for it in (ROOT / folder).rglob("*")
    }
    return modules | files | {f"ecf_sandbox-{__version__}.dist-info/METADATA": ""}


class TestAWheel:
    def test_is_whole_with_every_module_and_data_file(self):
        whole(a_whole_wheel())

    @pytest.mark.parametrize(
        "lost", ["ecf_sandbox/openapi/v3.yaml", "ecf_sandbox/scenarios/default.yaml", "ecf_sandbox/cli/main.py"]
    )
    def test_that_lost_a_file_is_not(self, lost):
        found = {name: it for name, it in a_whole_wheel().items() if name != lost}

        with pytest.raises(NotFit, match=lost):
            whole(found)

    def test_that_brings_packages_of_others_is_not(self):
        with pytest.raises(NotFit, match=r"tests/builders\.py"):
            whole(a_whole_wheel() | {"tests/builders.py": ""})

    def test_is_the_same_only_with_the_same_bytes(self):
        the_same({"a": "1"}, {"a": "1"})
        with pytest.raises(NotFit, match="a, b"):
            the_same({"a": "1"}, {"a": "2", "b": "1"})


class TestAStep:
    @pytest.mark.slow
    def test_that_ends_otherwise_than_it_should_says_what_was_printed(self, tmp_path):
        with pytest.raises(NotFit, match=r"ended with 3, not 0:\n.*oh"):
            run(["sh", "-c", "echo oh; exit 3"], tmp_path)

    def test_that_does_not_print_what_it_should_says_what_is_missing(self):
        with pytest.raises(NotFit, match="'c'"):
            holds("a b", "a", "c")
