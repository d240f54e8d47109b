"""Operations have one name, that of the OpenAPI documents; every other spelling is understood or refused."""

from __future__ import annotations

from fnmatch import fnmatchcase

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ecf_sandbox.api.operation_names import _glob, _meet, operation_names, paths_fit
from ecf_sandbox.api.routes import Kind
from ecf_sandbox.ecf.service import SERVICE
from ecf_sandbox.tools.contract.documents import documents

NAMES = operation_names(SERVICE)
PATTERN = st.text("ab/*?", max_size=8)


def of(name):
    return next(it for it in NAMES.operations if it.name == name)


def test_are_those_of_the_documents():
    documented = {
        f"{version} {it['operationId']}"
        for version, document in documents(SERVICE).items()
        if version.startswith("v")
        for item in document.tree["paths"].values()
        for method, it in item.items()
        if method in ("get", "post", "put", "patch")
    }

    kinds = {f"v{version} {kind}" for version in (1, 2, 3) for kind in (Kind.PRIVATE, Kind.MISSING)}
    assert {it.name for it in NAMES.operations} - kinds == documented


@pytest.mark.parametrize(
    ("pattern", "meant"),
    [
        ("v3 createDeclaration", ["v3 createDeclaration"]),
        ("3 createDeclaration", ["v3 createDeclaration"]),
        ("V3 createDeclaration", ["v3 createDeclaration"]),
        ("createDeclaration", ["v1 createDeclaration", "v2 createDeclaration", "v3 createDeclaration"]),
        ("v? createDeclaration", ["v1 createDeclaration", "v2 createDeclaration", "v3 createDeclaration"]),
        ("v3 record_declaration", ["v3 createDeclaration"]),
        ("v3 update_partnership", ["v3 updatePartnership", "v3 patchPartnership"]),
        ("v3 *Declaration", ["v3 showDeclaration", "v3 createDeclaration", "v3 voidDeclaration"]),
        ("v1 defer", ["v1 deferParticipant", "v1 deferParticipantLegacy"]),
        ("v4 createDeclaration", []),
        ("createdeclaration", []),
    ],
)
def test_are_meant_by_patterns_versions_and_former_names(pattern, meant):
    assert [it.name for it in NAMES.named(pattern)] == meant


@pytest.mark.parametrize(
    ("pattern", "told"),
    [
        ("createDeclarations", "did you mean 'createDeclaration'"),
        ("v3 createDeclarations", "did you mean 'v3 createDeclaration'"),
        ("record_declration", "did you mean 'createDeclaration'"),
        ("2 voidDecl", "did you mean 'v2 voidDeclaration'"),
    ],
)
def test_are_suggested_for_a_name_that_is_none(pattern, told):
    assert told in NAMES.did_you_mean(pattern)


@pytest.mark.parametrize(
    ("name", "pattern", "fits"),
    [
        ("v3 showStatement", "/api/v3/statements/*", True),
        ("v3 showStatement", "*", True),
        ("v3 showStatement", "/api/v3/statements/0f9d3c4e", True),
        ("v3 showStatement", "/api/v3/statements", False),
        ("v3 showStatement", "/api/v3/statements/", False),
        ("v3 listStatements", "/api/v?/statement?", True),
        ("v3 listStatements", "/api/v3/statements.json", True),
        ("v1 listParticipantsCsv", "/api/v1/participants/ecf.csv", True),
        ("v3 voidDeclaration", "*/void", True),
        ("v3 voidDeclaration", "/api/v3/participant-declarations/a/b/void", False),
        ("v3 voidDeclaration", "/api/v[123]/participant-declarations/*/void", True),
    ],
)
def test_know_the_paths_that_can_be_asked_for_them(name, pattern, fits):
    assert paths_fit(of(name), pattern, suffixes=True) is fits


@given(PATTERN, PATTERN, st.text("ab/", max_size=8))
def test_a_text_that_fits_two_patterns_shows_that_they_meet(one, other, text):
    if fnmatchcase(text, one) and fnmatchcase(text, other):
        assert _meet(_glob(one), _glob(other))


@given(PATTERN, st.text("ab/", max_size=8))
def test_a_pattern_meets_a_text_only_if_it_fits(pattern, text):
    assert _meet(_glob(text), _glob(pattern)) is fnmatchcase(text, pattern)
