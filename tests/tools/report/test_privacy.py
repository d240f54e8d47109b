"""No report says who a participant is, and who is the same person can still be seen."""

from __future__ import annotations

import json

import pytest

from ecf_sandbox.ecf.report.personal import KINDS
from ecf_sandbox.ecf.service import SERVICE
from ecf_sandbox.state.findings import Observing
from ecf_sandbox.tools.contract.documents import documents
from ecf_sandbox.tools.report.journal_file import read
from tests.control.controlling import Sandbox
from tests.tools.report.of_ecf import FORMATS, report_of
from tests.tools.report.telling import a_client_run, a_finding, a_line, a_small_run, journal

JANE = {"full_name": "Jane O'Hara", "teacher_reference_number": "1234567", "email": "jane.o'hara@school.example"}
HER = tuple(JANE.values())


def sample(line, id="participants.list"):
    return next(it for it in report_of([journal(line)]).checklist if it.id == id).sample


def answered(body, **changes):
    return a_line(1, response={"status": 200, "headers": [], "body": body}, **changes)


def people_of(world):
    """Names, addresses and numbers of everybody in a world."""
    users = world.state.records.users
    names = {it.full_name for it in users if it.full_name}
    return names | {it.email for it in users if it.email} | {it.trn for it in users if it.trn}


class TestTheReportOfARun:
    @pytest.mark.parametrize("name", FORMATS)
    @pytest.mark.parametrize("run", [lambda: a_small_run(Observing.NOTE), a_client_run], ids=["small", "a client's"])
    def test_names_nobody_in_any_format(self, name, run):
        written = FORMATS[name](report_of([read(run(), "main")]))

        assert not [it for it in people_of(Sandbox().world) if it in written]
        assert "@" not in written.replace("@media", "")

    def test_would_name_somebody_if_nothing_were_done(self):
        told = a_client_run().decode()

        assert [it for it in people_of(Sandbox().world) if it in told]


class TestABody:
    def test_keeps_its_shape_with_placeholders_for_persons(self):
        body = {"data": [{"id": "7", "attributes": JANE | {"name": "A School"}}]}

        assert json.loads(sample(answered(body)).response_body)["data"] == [
            {
                "id": "7",
                "attributes": {
                    "full_name": "[name 1]",
                    "teacher_reference_number": "[trn 1]",
                    "email": "[email 1]",
                    "name": "A School",
                },
            }
        ]

    def test_shows_that_a_value_is_missing(self):
        body = {"full_name": "", "teacher_reference_number": None, "teacher_reference_number_validated": True}

        assert json.loads(sample(answered(body)).response_body) == body

    @pytest.mark.parametrize(
        "body",
        [
            pytest.param({"data": {"attributes": {"a": [JANE]}}}, id="deep"),
            pytest.param({"full_name": [HER[0]], "trn": {"it": 1234567}, "email": {"x": HER[2]}}, id="odd types"),
            pytest.param({"Full_Name": HER[0], "TRN": HER[1]}, id="capitals"),
            pytest.param(f'id,email,full_name,trn\n7,{HER[2]},"{HER[0]}",{HER[1]}\n', id="CSV"),
            pytest.param(f'id,full_name\n7,"{HER[0]}",{HER[2]}\n', id="CSV with a column too many"),
            pytest.param("data[attributes][full_name]=Jane+O%27Hara&trn=1234567&x=jane%40a.example", id="a form"),
            pytest.param('{"data": {"full_name": "Jane O\'Hara", "trn": 1234567, "x"', id="JSON that broke"),
            pytest.param('expected , at \'{"full_name": "Jane O\'Hara", "trn"=>"1234567"}\'', id="JSON quoted"),
            pytest.param('{\\"full_name\\": \\"Jane O\'Hara\\"}', id="JSON in JSON"),
            pytest.param([[f"{HER[2]} wrote", {HER[2]: 1}]], id="an address in words and in a name"),
        ],
    )
    @pytest.mark.parametrize("side", ["request", "response"])
    def test_names_nobody(self, body, side):
        line = a_line(1, **{side: {"status": 200, "headers": [], "body": body}})
        it = sample(line)

        for value in (*HER, "Hara", "jane"):
            assert value not in it.request_body + it.response_body

    def test_that_is_nested_deep_names_nobody(self):
        body = JANE
        for _ in range(300):
            body = {"a": [body]}

        assert not [it for it in HER if it in sample(answered(body)).response_body]

    def test_that_is_long_is_masked_soon(self):
        people = [{"id": str(it), "full_name": f"Jane {it}", "email": f"{it}@a.example"} for it in range(3_000)]

        assert "Jane" not in sample(answered({"data": people})).response_body


class TestWhoIsSaidAgain:
    def test_has_the_same_placeholder_in_every_sample(self):
        one = a_line(1, response={"status": 200, "body": {"data": [JANE]}})
        other = a_line(
            2,
            operation="v3 showParticipant",
            response={"status": 200, "body": {"email": "other@a.example", "full_name": "  jane O'HARA"}},
        )
        samples = {it.id: it.sample for it in report_of([journal(one, other)]).checklist}

        assert "[name 1]" in samples["participants.list"].response_body
        assert json.loads(samples["participants.show"].response_body) == {"email": "[email 2]", "full_name": "[name 1]"}

    def test_is_hidden_in_the_address_and_in_words(self):
        line = answered(
            {"detail": "Nobody is called Jane O'Hara"},
            target="/api/v3/participants/ecf?filter[full_name]=Jane+O%27Hara&trn=1234567&sort=full_name",
        )
        it = sample(line)

        assert it.target == "/api/v3/participants/ecf?filter[full_name]=[name 1]&trn=[trn 1]&sort=full_name"
        assert json.loads(it.response_body) == {"detail": "Nobody is called [name 1]"}

    def test_is_told_from_an_id_and_a_word_that_has_it_in_it(self):
        body = {"trn": "1234567", "id": "a1234567-0000", "full_name": "Ann", "school": "Anning"}

        assert json.loads(sample(answered(body)).response_body) == body | {"trn": "[trn 1]", "full_name": "[name 1]"}

    def test_is_hidden_in_a_header(self):
        line = a_line(1, request={"headers": [["From", HER[2]]], "body": None})

        assert sample(line).request_headers == (("From", "[email 1]"),)


class TestAFinding:
    @pytest.mark.parametrize("name", FORMATS)
    def test_names_nobody_in_any_format(self, name):
        found = a_finding(
            where="data.attributes.Jane O'Hara",
            received='"Jane O\'Hara"',
            message="What is Jane O'Hara?",
            fix=f"Ask {HER[2]}, or 1234567.",
        )
        line = a_line(1, findings=[found], request={"headers": [], "body": {"data": {"attributes": JANE}}})

        written = FORMATS[name](report_of([journal(line)]))
        assert not [it for it in (*HER, "Hara") if it in written]

    @pytest.mark.parametrize("name", FORMATS)
    def test_and_a_path_that_is_none_name_nobody(self, name):
        line = a_line(1, operation="no route", target=f"/api/v3/{HER[2]}", response={"status": 404})

        assert HER[2] not in FORMATS[name](report_of([journal(line)]))


def test_a_key_that_looks_like_an_address_is_left_out_whole():
    line = a_line(1, target="/api/v3/participants/ecf?x=s3cret@a.example+more", response={"status": 200, "body": []})
    report = report_of([journal(line, secrets=("s3cret@a.example+more",))])

    assert next(it for it in report.checklist if it.id == "participants.list").sample.target.endswith("?x=[redacted]")


def test_every_attribute_of_the_documents_that_is_about_a_person_is_known():
    def named(it):
        if isinstance(it, dict):
            yield from it.get("properties", {})
            for each in it.values():
                yield from named(each)
        elif isinstance(it, list):
            for each in it:
                yield from named(each)

    names = {it for each in documents(SERVICE).values() for it in named(each.tree)}
    personal = {it for it in names if it.endswith(("name", "email", "_number", "trn"))}

    assert personal - KINDS.keys() == {"name", "delivery_partner_name", "lead_provider_name"}
