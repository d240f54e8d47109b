"""Every format holds for any run: a small one, a client's, nothing at all, and one that means harm."""

from __future__ import annotations

import itertools
import json
import re
from html.parser import HTMLParser
from xml.etree import ElementTree

import jsonschema_rs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from junitparser import JUnitXml
from justhtml import JustHTML
from markdown_it import MarkdownIt

from ecf_sandbox.ecf.service import SERVICE
from ecf_sandbox.state.findings import Observing
from ecf_sandbox.tools.observer.catalogue import checks_of
from ecf_sandbox.tools.report.ci import as_junit
from ecf_sandbox.tools.report.formats import as_evidence, as_html
from ecf_sandbox.tools.report.journal_file import read
from ecf_sandbox.tools.report.markdown import as_markdown
from tests.effort import examples
from tests.tools.report.golden import FOLDER, GOLDENS
from tests.tools.report.of_ecf import FORMATS, as_sarif, report_of
from tests.tools.report.telling import a_client_run, a_finding, a_line, a_small_run, a_write, journal

pytestmark = pytest.mark.slow

HOSTILE = "<script>alert(1)</script> `a` | b\n# c [d](http://e.example) \x00\x1b\ufffe ]]> \"'&amp; www.f.example"
VOID = {"meta", "br", "link", "img", "hr", "input"}


def hostile():
    """A run whose every text is written to break out of where it stands."""
    found = a_finding(where=HOSTILE, received=HOSTILE, expected=HOSTILE, message=HOSTILE, fix=HOSTILE)
    return report_of(
        [
            journal(
                a_line(1, findings=[found], provider=HOSTILE, target=f"/api/v3/participants/ecf?{HOSTILE}"),
                a_line(2, operation="no route", target=f"/{HOSTILE}", response={"status": 404, "body": HOSTILE}),
                a_write("createDeclaration", 3, **{HOSTILE: HOSTILE}),
                name=HOSTILE,
            )
        ]
    )


def of_tests():
    """A run of tests, one of which has a hostile name and stands nowhere."""
    place = {"test_file": "tests/test it.py", "test_line": 3}
    found = {"findings": [a_finding()], "world": "one"}
    lines = [
        a_line(1, test="tests/test it.py::test_one", **place, **found),
        a_line(2, test="tests/test it.py::test_two", **place | {"test_line": 9}, **found),
        a_line(3, test=HOSTILE, **found),
    ]
    return report_of([read(b"".join(json.dumps(it).encode() + b"\n" for it in lines), "main", "run.jsonl")])


RUNS = {
    "a small run": lambda: report_of([read(a_small_run(Observing.NOTE), "main", "run.jsonl")]),
    "a client's run": lambda: report_of([read(a_client_run(), "main", "run.jsonl")]),
    "a run of tests": of_tests,
    "nothing at all": lambda: report_of([]),
    "a run that means harm": hostile,
}
every_run = pytest.mark.parametrize("run", RUNS.values(), ids=RUNS)
TEXTS = st.text(st.characters(exclude_categories=("Cs",)), max_size=30)


class Page(HTMLParser):
    """Reads a page strictly: what is opened is closed, in order."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(text)
        self.close()
        assert not self.open, self.open

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag, self.getpos()

    def handle_data(self, data):
        self.text += data

    def all(self, tag):
        return [attributes for name, attributes in self.tags if name == tag]


def tables(markdown):
    """The cells of every row of every table."""
    tokens = MarkdownIt("gfm-like", {"linkify": False}).parse(markdown)
    rows: list[list[str]] = []
    for token, after in itertools.pairwise(tokens):
        if token.type == "tr_open":
            rows.append([])
        elif token.type in ("td_open", "th_open"):
            rows[-1].append("".join(each.content for each in after.children))
            assert {each.type for each in after.children} <= {"text", "text_special"}, after
    return rows


@pytest.mark.parametrize("name", GOLDENS)
def test_the_report_of_a_small_run_is_the_golden_one(name):
    assert GOLDENS[name]() == (FOLDER / name).read_text(), "if that is meant: python -m tests.tools.report.golden"


@pytest.mark.parametrize("name", FORMATS)
@every_run
def test_every_format_can_be_written_and_encoded_and_is_the_same_twice(name, run):
    written = FORMATS[name](run())

    assert written.encode().endswith(b"\n")
    assert written == FORMATS[name](run())


# What the JUnit of Jenkins has: each element with its attributes (those it must have first) and what may be below it,
# in this order. Source: the schema of the xUnit plugin of Jenkins, version 10.
JUNIT: dict[str, tuple[set[str], set[str], list[str]]] = {
    "testsuites": (set(), {"name", "time", "tests", "failures", "errors"}, ["testsuite"]),
    "testsuite": (
        {"name", "tests", "failures", "errors"},
        {"skipped", "time", "timestamp", "hostname", "id", "package", "group", "file", "log", "url"},
        ["properties", "testcase", "system-out", "system-err"],
    ),
    "properties": (set(), set(), ["property"]),
    "property": ({"name", "value"}, set(), []),
    "testcase": (
        {"name"},
        {"classname", "time", "group"},
        ["skipped", "error", "failure", "system-out", "system-err"],
    ),
    "failure": (set(), {"type", "message"}, []),
    "system-out": (set(), set(), []),
}


def insist_on_junit(it: ElementTree.Element) -> None:
    must, may, below = JUNIT[it.tag]

    assert must <= it.attrib.keys() <= must | may, (it.tag, it.attrib)
    assert [each.tag for each in it] == sorted((each.tag for each in it), key=below.index), it.tag
    for name in it.attrib.keys() & {"tests", "failures", "errors", "skipped"}:
        assert it.get(name).isdecimal()
    for each in it:
        insist_on_junit(each)


class TestJUnit:
    @every_run
    def test_has_the_elements_and_attributes_of_jenkins(self, run):
        insist_on_junit(ElementTree.fromstring(as_junit(run())))

    @every_run
    def test_is_read_by_a_strict_parser_which_counts_the_same(self, run):
        suites = JUnitXml.fromstring(as_junit(run()).encode())
        counted = suites.tests, suites.failures, suites.errors
        suites.update_statistics()

        assert counted == (suites.tests, suites.failures, suites.errors)

    def test_fails_for_an_error_and_passes_for_a_warning(self):
        warning = a_finding(code="accept.not-offered", severity="warning")
        report = report_of([journal(a_line(1, findings=[a_finding(), warning]))])
        cases = {it.name: it for suite in JUnitXml.fromstring(as_junit(report).encode()) for it in suite}

        assert [it.type for it in cases["filter.unknown"].result] == ["filter.unknown"]
        assert cases["accept.not-offered"].is_passed
        assert cases["filter.unknown"].classname == "v3 listParticipants"

    def test_is_one_test_for_two_places_of_one_mistake(self):
        report = report_of([journal(a_line(1, findings=[a_finding(), a_finding(where="filter[x]")]))])
        (suite,) = JUnitXml.fromstring(as_junit(report).encode())

        assert (suite.tests, suite.failures) == (1, 1)
        assert "filter[x]" in next(iter(suite)).result[0].text

    def test_names_the_rules_that_refused(self):
        (suite,) = JUnitXml.fromstring(as_junit(RUNS["a small run"]()).encode())

        assert ("refused declaration.already-made", "1 time") in [(it.name, it.value) for it in suite.properties()]

    @given(TEXTS)
    @settings(max_examples=examples(50))
    def test_holds_any_text(self, text):
        report = report_of([journal(a_line(1, findings=[a_finding(message=text, where=text)]))])

        JUnitXml.fromstring(as_junit(report).encode())


class TestSarif:
    # What version 2.1.0 requires of the parts that are written; `make report-schemas` has the schema itself.
    TEXT = {"type": "object", "required": ["text"], "properties": {"text": {"type": "string", "minLength": 1}}}
    LEVEL = {"enum": ["none", "note", "warning", "error"]}
    LOCATION = {
        "type": "object",
        "additionalProperties": False,
        "properties": {
            "message": TEXT,
            "logicalLocations": {
                "type": "array",
                "uniqueItems": True,
                "items": {
                    "additionalProperties": False,
                    "properties": {
                        "name": {"type": "string"},
                        "fullyQualifiedName": {"type": "string"},
                        "kind": {"type": "string"},
                    },
                },
            },
            "physicalLocation": {
                "required": ["artifactLocation"],
                "additionalProperties": False,
                "properties": {
                    "artifactLocation": {"properties": {"uri": {"type": "string", "format": "uri-reference"}}},
                    "region": {"properties": {"startLine": {"type": "integer", "minimum": 1}}},
                },
            },
        },
    }
    RULE = {
        "type": "object",
        "required": ["id"],
        "additionalProperties": False,
        "properties": {
            "id": {"type": "string"},
            "shortDescription": TEXT,
            "fullDescription": TEXT,
            "help": TEXT,
            "defaultConfiguration": {"additionalProperties": False, "properties": {"level": LEVEL}},
        },
    }
    RESULT = {
        "type": "object",
        "required": ["message", "ruleId"],
        "additionalProperties": False,
        "properties": {
            "ruleId": {"type": "string"},
            "ruleIndex": {"type": "integer", "minimum": 0},
            "level": LEVEL,
            "message": TEXT,
            "locations": {"type": "array", "items": LOCATION},
            "relatedLocations": {"type": "array", "uniqueItems": True, "items": LOCATION},
            "partialFingerprints": {"additionalProperties": {"type": "string"}},
            "occurrenceCount": {"type": "integer", "minimum": 1},
            "baselineState": {"enum": ["new", "unchanged", "updated", "absent"]},
            "properties": {"type": "object"},
        },
    }
    DRIVER = {
        "required": ["name"],
        "additionalProperties": False,
        "properties": {
            "name": {"type": "string"},
            "version": {"type": "string"},
            "rules": {"type": "array", "uniqueItems": True, "items": RULE},
        },
    }
    RUN = {
        "required": ["tool"],
        "additionalProperties": False,
        "properties": {
            "tool": {"required": ["driver"], "properties": {"driver": DRIVER}},
            "columnKind": {"enum": ["utf16CodeUnits", "unicodeCodePoints"]},
            "results": {"type": "array", "items": RESULT},
        },
    }
    LOG = {
        "required": ["version", "runs"],
        "additionalProperties": False,
        "properties": {
            "$schema": {"type": "string", "format": "uri"},
            "version": {"const": "2.1.0"},
            "runs": {"type": "array", "items": RUN},
        },
    }

    @every_run
    def test_has_what_the_standard_requires(self, run):
        jsonschema_rs.Draft202012Validator(self.LOG, validate_formats=True).validate(json.loads(as_sarif(run())))

    @every_run
    def test_points_at_the_rule_of_each_result(self, run):
        (it,) = json.loads(as_sarif(run()))["runs"]
        rules = it["tool"]["driver"]["rules"]

        assert [each["id"] for each in rules] == [each.code for each in checks_of(SERVICE)]
        assert all(rules[each["ruleIndex"]]["id"] == each["ruleId"] for each in it["results"])

    @pytest.mark.parametrize(
        ("severity", "level"), [("error", "error"), ("warning", "warning"), ("advice", "note"), ("odd", "note")]
    )
    def test_has_the_level_of_the_severity(self, severity, level):
        report = report_of([journal(a_line(1, findings=[a_finding(severity=severity)]))])

        assert json.loads(as_sarif(report))["runs"][0]["results"][0]["level"] == level

    def test_names_a_line_only_of_a_file_that_was_read(self):
        lines = json.dumps(a_line(1, findings=[a_finding()])).encode()
        of_file = json.loads(as_sarif(report_of([read(lines, "main", "a b/run.jsonl")])))
        of_server = json.loads(as_sarif(report_of([read(lines, "main")])))
        (there,), (nowhere,) = (it["runs"][0]["results"][0]["locations"] for it in (of_file, of_server))

        assert there["physicalLocation"] == {
            "artifactLocation": {"uri": "a%20b/run.jsonl"},
            "region": {"startLine": 1},
        }
        assert "physicalLocation" not in nowhere
        assert nowhere["logicalLocations"][0]["fullyQualifiedName"] == "v3 listParticipants filter[chort]"

    def test_knows_a_mistake_again_when_only_its_number_changed(self):
        once = report_of([journal(a_line(1, findings=[a_finding()]))])
        later = report_of([journal(a_line(1), a_line(2, findings=[a_finding(received="x")]))])
        marks = [json.loads(as_sarif(it))["runs"][0]["results"][0]["partialFingerprints"] for it in (once, later)]

        assert marks[0] == marks[1]


class TestMarkdown:
    @every_run
    def test_is_tables_of_plain_text_with_as_many_cells_as_heads(self, run):
        report = run()
        rows = tables(as_markdown(report))

        assert len(rows) >= 2
        assert {len(it) for it in rows} <= {2, 3, 4, 6}

    def test_says_what_was_found_word_for_word(self):
        report = report_of([journal(a_line(1, findings=[a_finding(message="a | `b` \\ *c* <d>\ne", fix="")]))])

        assert "a | `b` \\ *c* <d> e" in [cell for row in tables(as_markdown(report)) for cell in row]

    @given(TEXTS)
    @settings(max_examples=examples(50))
    def test_holds_any_text_in_one_row(self, text):
        report = report_of([journal(a_line(1, findings=[a_finding(message=text, where=text, received=text)]))])

        assert sum(row[:2] == ["error", "filter.unknown"] for row in tables(as_markdown(report))) == 1

    def test_makes_no_tag_and_no_link_of_what_was_sent(self):
        html = MarkdownIt("gfm-like", {"linkify": False}).render(as_markdown(hostile()))

        assert "<script" not in html
        assert "<a " not in html

    def test_leaves_out_what_nobody_reads(self):
        many = [a_finding(where=f"filter[{it}]") for it in range(250)]

        assert "… and 50 more" in as_markdown(report_of([journal(a_line(1, findings=many))]))


@pytest.mark.parametrize("write", [as_html, as_evidence])
class TestPages:
    @every_run
    def test_are_html_without_an_error(self, write, run):
        JustHTML(write(run()), strict=True)

    @every_run
    def test_are_whole_and_need_nothing_else(self, write, run):
        page = Page(write(run()))

        assert page.all("html") == [{"lang": "en"}]
        assert len(page.all("h1")) == 1
        assert not {"script", "img", "link", "iframe", "form"} & {tag for tag, _ in page.tags}
        assert not [it for _, it in page.tags if "src" in it or any(name.startswith("on") for name in it)]
        assert all(it["href"].startswith("#") for it in page.all("a"))

    @every_run
    def test_have_tables_that_a_screen_reader_can_tell(self, write, run):
        page = Page(write(run()))

        assert len(page.all("caption")) == len(page.all("table"))
        assert all(it.get("scope") in ("col", "row") for it in page.all("th"))

    @every_run
    def test_lead_only_to_what_is_there_once(self, write, run):
        page = Page(write(run()))
        ids = [it["id"] for _, it in page.tags if "id" in it]

        assert len(ids) == len(set(ids))
        assert {it["href"][1:] for it in page.all("a")} <= set(ids)

    @every_run
    def test_never_skip_a_level_of_heading(self, write, run):
        levels = [int(tag[1]) for tag, _ in Page(write(run())).tags if re.fullmatch("h[1-6]", tag)]

        assert all(after <= before + 1 for before, after in itertools.pairwise(levels))

    def test_show_what_was_sent_as_text(self, write):
        written = write(hostile())

        assert "<script" not in written
        assert "<script>alert(1)</script>" in Page(written).text
        assert "\x00" not in written


def test_the_colours_of_the_pages_can_be_read():
    style = re.findall(r"--([\w-]+): (#[0-9a-f]{3,6});", as_html(report_of([])))
    light, dark = dict(style[:12]), dict(style[12:24])
    assert set(light) == set(dark)

    for colours in (light, dark):
        for ink, paper in [
            *((ink, paper) for ink in ("ink", "soft", "link") for paper in ("paper", "tint")),
            *((ink, f"{ink}-tint") for ink in ("good", "fair", "bad")),
        ]:
            assert contrast(colours[ink], colours[paper]) >= 4.5, (ink, paper)


def contrast(one, other):
    """The ratio of WCAG 2."""
    bright, dim = sorted((luminance(one), luminance(other)), reverse=True)
    return (bright + 0.05) / (dim + 0.05)


def luminance(colour):
    digits = colour[1:] if len(colour) == 7 else "".join(it * 2 for it in colour[1:])
    parts = [int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    linear = [it / 12.92 if it <= 0.04045 else ((it + 0.055) / 1.055) ** 2.4 for it in parts]
    return sum(weight * it for weight, it in zip((0.2126, 0.7152, 0.0722), linear, strict=True))
