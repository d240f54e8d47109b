"""What the pages for maintainers name is where they say: modules, folders and files of the project."""

from __future__ import annotations

import re

import pytest

from tests.docs.pages import ROOT

_PACKAGE = ROOT / "sandbox" / "ecf_sandbox"
_CODE = re.compile(r"`([^`\n]+)`")
_PATH = re.compile(r"\.?[\w-]+(?:/[\w.-]+)*(?:/|\.(?:py|md|json|yaml|toml|html))")
_IMPORTED = re.compile(r"-m (tests(?:\.\w+)+)")
_ENTRY = re.compile(r"^( {6,})([\w/. ]+?)(?: {2,}\S.*)?$", re.MULTILINE)


def named_paths(text):
    """Every path in the code of a page: `api/pipeline.py`, `tests/docs/`, also within a command."""
    return {word for code in _CODE.findall(text) for word in code.split() if _PATH.fullmatch(word)}


def named_test_modules(text):
    """Every module of the tests that a command of a page runs."""
    return {it.replace(".", "/") for it in _IMPORTED.findall(text)}


def tree(text):
    """The paths of the indented layout: a deeper line lies in the folder above it."""
    folder = ""
    for indent, names in _ENTRY.findall(text):
        for name in names.split():
            if len(indent) == 6:
                folder = name
            yield name if len(indent) == 6 else folder + name


@pytest.mark.parametrize("page", ["docs/architecture.md", "CONTRIBUTING.md"])
def test_every_path_that_a_page_for_maintainers_names_exists(page):
    text = (ROOT / page).read_text()
    named = named_paths(text)

    assert len(named) > 5
    assert [it for it in sorted(named) if not (ROOT / it).exists() and not (_PACKAGE / it).exists()] == []


@pytest.mark.parametrize("page", ["docs/architecture.md", "CONTRIBUTING.md"])
def test_every_module_that_a_command_of_such_a_page_runs_exists(page):
    modules = named_test_modules((ROOT / page).read_text())

    assert modules
    assert [it for it in modules if not (ROOT / it / "__main__.py").exists() and not (ROOT / f"{it}.py").exists()] == []


def test_the_layout_has_every_folder_of_the_package_and_no_other():
    text = (ROOT / "docs/architecture.md").read_text()
    layout = text.partition("## Layout")[2].partition("## ")[0]
    drawn = {it.rstrip("/") for it in tree(layout)}
    top = {it.name for it in _PACKAGE.iterdir() if (it / "__init__.py").exists()}

    assert top <= drawn
    assert [it for it in sorted(drawn) if not (_PACKAGE / it).exists()] == []
