"""The OpenAPI documents: sound in themselves, alike where the versions are, and complete."""

from __future__ import annotations

import re
from collections.abc import Iterator
from copy import deepcopy
from typing import Any

import jsonschema_rs
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from ecf_sandbox.api.routes import Kind
from ecf_sandbox.dates.readers import read, read_strictly
from ecf_sandbox.ecf.routes import ROUTES
from ecf_sandbox.files import folder
from tests.effort import examples

VERSIONS = (1, 2, 3)
METHODS = ("get", "put", "post", "patch", "delete")
JSON_API = "application/vnd.api+json"
BODIES = {"application/json", JSON_API}
# Names of components, and so of links (OpenAPI 3.0.3, "Components Object").
A_NAME = re.compile(r"[A-Za-z0-9._-]+")
# Members of an answer that only one edition has.
SOMETIMES = {"validation_status"}

# The same in C where there is one, many times as fast.
LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
DOCUMENTS: dict[int, dict[str, Any]] = {
    version: yaml.load((folder("openapi") / f"v{version}.yaml").read_text(encoding="utf-8"), Loader=LOADER)
    for version in VERSIONS
}

each_version = pytest.mark.parametrize("version", VERSIONS, ids=lambda it: f"v{it}")


def declaration_date(version: int) -> Any:
    """The schema of a declaration's date."""
    return DOCUMENTS[version]["components"]["schemas"]["DeclarationDate"]


def found(document: dict[str, Any], reference: str) -> Any:
    """What a `$ref` refers to; raises KeyError if that is nothing."""
    assert reference.startswith("#/"), f"{reference} leaves the document"
    it: Any = document
    for part in reference[2:].split("/"):
        it = it[part.replace("~1", "/").replace("~0", "~")]
    return it


def resolved(document: dict[str, Any], it: Any) -> Any:
    """The thing itself, or what it refers to."""
    while isinstance(it, dict) and "$ref" in it:
        it = found(document, it["$ref"])
    return it


def everything(it: Any, at: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], dict[str, Any]]]:
    """Every mapping in a document, with the way to it."""
    if isinstance(it, dict):
        yield at, it
        for name, value in it.items():
            yield from everything(value, (*at, str(name)))
    elif isinstance(it, list):
        for index, value in enumerate(it):
            yield from everything(value, (*at, str(index)))


def operations(version: int) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Every method and path of a version, with its operation."""
    for path, item in DOCUMENTS[version]["paths"].items():
        for method in METHODS:
            if method in item:
                yield method, path, item[method]


def parameters(version: int, path: str, operation: dict[str, Any]) -> list[dict[str, Any]]:
    """The parameters of an operation, with those of its path."""
    document = DOCUMENTS[version]
    given = document["paths"][path].get("parameters", []) + operation.get("parameters", [])
    return [resolved(document, it) for it in given]


def answers(version: int, operation: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """The answers of an operation by status."""
    return {status: resolved(DOCUMENTS[version], it) for status, it in operation["responses"].items()}


def schemas(version: int) -> Iterator[tuple[tuple[str, ...], dict[str, Any]]]:
    """Every mapping that says what a value looks like, outside examples and advice."""
    for at, it in everything(DOCUMENTS[version]):
        aside = {"example", "examples", "x-advised"} & set(at)
        if not aside and ("schema" in at or at[:2] == ("components", "schemas")) and at[-1] != "properties":
            yield at, it


def shown_examples(version: int) -> Iterator[tuple[str, dict[str, Any], Any]]:
    """Every example that stands beside a schema: where, the schema, the example."""
    document = DOCUMENTS[version]
    for at, it in everything(document):
        if {"example", "examples"} & set(at[:-1]):
            continue
        where, schema = "/".join(at), it.get("schema", it)
        if "example" in it:
            yield where, schema, it["example"]
        for name, example in it.get("examples", {}).items() if "schema" in it else ():
            yield f"{where}/{name}", schema, resolved(document, example)["value"]


def in_json_schema(it: Any) -> Any:
    """A document with `nullable` said as JSON Schema says it."""
    if isinstance(it, list):
        return [in_json_schema(value) for value in it]
    if not isinstance(it, dict):
        return it
    translated = {name: in_json_schema(value) for name, value in it.items()}
    if translated.pop("nullable", False) is True:
        translated["type"] = [translated["type"], "null"]
    return translated


def faults(version: int, schema: dict[str, Any], value: Any) -> list[str]:
    """What is wrong with a value."""
    root = {**in_json_schema(DOCUMENTS[version]), "allOf": [in_json_schema(schema)]}
    return [it.message for it in jsonschema_rs.Draft4Validator(root, validate_formats=True).iter_errors(value)]


def members(version: int, name: str) -> list[str]:
    """The attributes of a resource, in order."""
    attributes = DOCUMENTS[version]["components"]["schemas"][name]["properties"]["attributes"]
    return list(attributes["properties"])


@each_version
class TestDocument:
    def test_names_its_version(self, version: int) -> None:
        document = DOCUMENTS[version]

        assert document["openapi"] == "3.0.3"
        assert document["info"]["version"] == f"{version}.0.0"
        assert all(path.startswith(f"/api/v{version}/") for path in document["paths"])

    def test_every_reference_leads_somewhere(self, version: int) -> None:
        document = DOCUMENTS[version]

        for _, it in everything(document):
            if "$ref" in it:
                assert found(document, it["$ref"]) is not None

    def test_every_component_is_used(self, version: int) -> None:
        document = DOCUMENTS[version]
        used = {it["$ref"] for _, it in everything(document) if "$ref" in it}
        made = {
            f"#/components/{kind}/{name}"
            for kind, those in document["components"].items()
            if kind != "securitySchemes"
            for name in those
        }

        assert made == used

    def test_every_example_satisfies_its_schema(self, version: int) -> None:
        checked = 0

        for where, schema, example in shown_examples(version):
            assert faults(version, schema, example) == [], where
            checked += 1
        assert checked > 30

    def test_null_is_among_the_values_of_what_may_be_null(self, version: int) -> None:
        for at, it in schemas(version):
            if "enum" in it:
                assert (None in it["enum"]) == it.get("nullable", False), at

    def test_every_pattern_can_be_read(self, version: int) -> None:
        for at, it in everything(DOCUMENTS[version]):
            if isinstance(it.get("pattern"), str):
                assert re.compile(it["pattern"]), at


@each_version
class TestOperations:
    def test_have_ids_of_their_own(self, version: int) -> None:
        ids = [operation["operationId"] for _, _, operation in operations(version)]

        assert len(set(ids)) == len(ids)
        assert all(re.fullmatch(r"[a-z]+([A-Z][a-z0-9]*)*", it) for it in ids)

    def test_are_described_and_sorted_under_a_known_tag(self, version: int) -> None:
        tags = {it["name"] for it in DOCUMENTS[version]["tags"]}

        for _, path, operation in operations(version):
            assert operation["summary"], path
            assert operation["description"], path
            assert set(operation["tags"]) <= tags, path

    def test_are_those_that_the_sandbox_has(self, version: int) -> None:
        routes = {
            (route.method.lower(), path.replace("<segment:id>", "{id}") + suffix)
            for route in ROUTES
            if route.kind in (Kind.READ, Kind.WRITE)
            for number, path in route.rules()
            if number == version
            for suffix in (("", ".csv") if route.csv else ("",))
        }

        assert {(method, path) for method, path, _ in operations(version)} == routes

    def test_say_every_refusal(self, version: int) -> None:
        for method, path, operation in operations(version):
            expected = {"200", "400", "401", "403", "406", "429"}
            expected |= {"304"} if method == "get" else {"422"}
            expected |= {"404"} if "{id}" in path else set()

            assert set(operation["responses"]) == expected, (method, path)

    def test_take_a_server_date(self, version: int) -> None:
        for method, path, operation in operations(version):
            names = [it["name"] for it in parameters(version, path, operation)]

            assert "X-With-Server-Date" in names, (method, path)
            assert len(set(names)) == len(names), (method, path)

    def test_name_each_part_of_the_path_and_take_any_text_for_it(self, version: int) -> None:
        for method, path, operation in operations(version):
            parts = [it for it in parameters(version, path, operation) if it["in"] == "path"]

            assert [it["name"] for it in parts] == re.findall(r"\{(\w+)\}", path), (method, path)
            assert all(faults(version, it["schema"], "no id of ours") == [] for it in parts), (method, path)

    def test_write_hashes_in_the_query_with_brackets(self, version: int) -> None:
        for method, path, operation in operations(version):
            for it in parameters(version, path, operation):
                if it["name"] in ("filter", "page"):
                    assert (it["style"], it["explode"]) == ("deepObject", True), (method, path)

    def test_read_both_kinds_of_json_alike(self, version: int) -> None:
        document = DOCUMENTS[version]

        for method, path, operation in operations(version):
            assert ("requestBody" in operation) == (method != "get"), (method, path)
            if "requestBody" in operation:
                content = resolved(document, operation["requestBody"])["content"]
                assert set(content) == BODIES, (method, path)
                assert content["application/json"] == content[JSON_API], (method, path)

    def test_link_to_operations_that_exist_with_parameters_that_they_have(self, version: int) -> None:
        by_id = {operation["operationId"]: (path, operation) for _, path, operation in operations(version)}
        links = [link for at, it in everything(DOCUMENTS[version]) if at[-1:] == ("links",) for link in it.items()]

        assert links
        for name, link in links:
            path, operation = by_id[link["operationId"]]
            assert A_NAME.fullmatch(name)
            assert set(link["parameters"]) <= {it["name"] for it in parameters(version, path, operation)}


@each_version
class TestAnswers:
    def test_are_json_api_where_they_are_json(self, version: int) -> None:
        for method, path, operation in operations(version):
            for status, answer in answers(version, operation).items():
                assert "application/json" not in answer.get("content", {}), (method, path, status)

    def test_are_csv_for_paths_that_say_so(self, version: int) -> None:
        for method, path, operation in operations(version):
            types = set(answers(version, operation)["200"]["content"])

            assert types == ({"text/csv"} if path.endswith(".csv") else {JSON_API}), (method, path)

    def test_leave_nothing_unsaid(self, version: int) -> None:
        """A member that an answer has and its schema has not is a mistake, and so is the reverse."""
        for at, it in schemas(version):
            if "additionalProperties" in it:
                assert it["additionalProperties"] is False, at
                assert set(it["properties"]) - set(it["required"]) <= SOMETIMES, at
                assert it["required"] == [name for name in it["properties"] if name not in SOMETIMES], at

    def test_have_an_example_each(self, version: int) -> None:
        for method, path, operation in operations(version):
            for status, answer in answers(version, operation).items():
                for media_type in (JSON_API, "text/csv"):
                    content = answer.get("content", {}).get(media_type)
                    assert content is None or {"example", "examples"} & set(content), (method, path, status)

    def test_401_names_the_way_in(self, version: int) -> None:
        for method, path, operation in operations(version):
            headers = answers(version, operation)["401"]["headers"]

            assert "WWW-Authenticate" in headers, (method, path)

    def test_200_can_be_asked_about_again(self, version: int) -> None:
        for method, path, operation in operations(version):
            assert {"ETag", "Cache-Control"} <= set(answers(version, operation)["200"]["headers"]), (method, path)


@each_version
class TestRequests:
    def test_forbid_no_attribute_that_the_service_would_drop(self, version: int) -> None:
        document = DOCUMENTS[version]
        names = [it for it in document["components"]["schemas"] if it.endswith("Request") and it != "BadRequest"]
        kinds = {f"#/components/schemas/{name}": name for name in names}
        tried = set()

        for where, schema, example in shown_examples(version):
            if schema.get("$ref") in kinds:
                odd = deepcopy(example)
                odd["data"]["attributes"]["shoe_size"] = 43
                odd["data"]["type"] = ["whatever"]
                assert faults(version, schema, odd) == [], where
                tried.add(kinds[schema["$ref"]])
        assert tried == set(names)

    def test_ask_for_what_the_service_insists_on(self, version: int) -> None:
        started = {
            "participant_id": "somebody",
            "declaration_type": "started",
            "declaration_date": "2025-10-06T09:30:00Z",
            "course_identifier": "ecf-induction",
        }
        schema = DOCUMENTS[version]["components"]["schemas"]["DeclarationRequest"]

        assert faults(version, schema, {"data": {"attributes": started}}) == []
        for name in started:
            lacking = {key: value for key, value in started.items() if key != name}
            assert faults(version, schema, {"data": {"attributes": lacking}}), name

    @pytest.mark.parametrize(
        ("attributes", "sound"),
        [
            pytest.param({"declaration_type": "started", "evidence_held": ["x"]}, True, id="started, evidence unread"),
            pytest.param({"declaration_type": "retained-1"}, False, id="retained without evidence"),
            pytest.param({"declaration_type": "retained-1", "evidence_held": "other"}, True, id="retained"),
            pytest.param({"declaration_type": "extended-2", "evidence_held": "other"}, True, id="extended"),
            pytest.param(
                {"declaration_type": "retained-2", "evidence_held": "one-term-induction"},
                False,
                id="retained by a term",
            ),
            pytest.param(
                {"declaration_type": "completed", "evidence_held": "one-term-induction"}, True, id="completed by a term"
            ),
            pytest.param({"declaration_type": "started", "declaration_date": "2025-10-06"}, False, id="a bare date"),
            pytest.param(
                {"declaration_type": "started", "declaration_date": "2025-10-06T09:30:00,5"},
                True,
                id="a date half right",
            ),
        ],
    )
    def test_know_what_each_declaration_needs(self, version: int, attributes: dict[str, Any], sound: bool) -> None:
        rest = {
            "participant_id": "somebody",
            "declaration_date": "2025-10-06T09:30:00Z",
            "course_identifier": "ecf-mentor",
        }
        schema = DOCUMENTS[version]["components"]["schemas"]["DeclarationRequest"]

        assert (faults(version, schema, {"data": {"attributes": rest | attributes}}) == []) is sound


class TestVersions:
    # What the versions answer with differs, and with it what refers to it or lists it.
    DIFFER = frozenset({"Participant", "Declaration", "Participants", "Declarations", "OneParticipant", "BadRequest"})

    @pytest.mark.parametrize("version", [2, 3], ids=lambda it: f"v{it}")
    def test_share_what_they_share(self, version: int) -> None:
        ours, theirs = DOCUMENTS[version]["components"], DOCUMENTS[1]["components"]

        for kind in ours:
            for name in ours[kind].keys() & theirs[kind].keys() - self.DIFFER:
                if name != "ManyDeclarationsCsv":
                    assert ours[kind][name] == theirs[kind][name], f"{kind}/{name}"

    def test_1_and_2_differ_in_declarations_only(self) -> None:
        one, two = members(1, "Declaration"), members(2, "Declaration")

        assert members(1, "Participant") == members(2, "Participant")
        assert [it for it in one if it not in ("eligible_for_payment", "voided")] == two

    @pytest.mark.parametrize("version", [1, 2], ids=lambda it: f"v{it}")
    @pytest.mark.parametrize("name", ["Participant", "Declaration"])
    def test_csv_has_the_columns_of_the_json(self, version: int, name: str) -> None:
        answer = DOCUMENTS[version]["components"]["responses"][f"Many{name}sCsv"]
        header, row = answer["content"]["text/csv"]["example"].splitlines()

        assert header.split(",") == ["id", *members(version, name)]
        assert row.count(",") == header.count(",")


@settings(max_examples=examples(500))
@given(st.sampled_from(VERSIONS).flatmap(lambda it: st.from_regex(declaration_date(it)["pattern"], fullmatch=True)))
def test_every_declaration_date_that_a_document_allows_can_be_read(date):
    assert read_strictly(date)[1]
    assert read(date) is not None
