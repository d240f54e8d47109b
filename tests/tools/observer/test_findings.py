"""Every finding: the request that has it, word for word as it is told; and sound requests, which have none.

The files in `golden/` are written by `python -m tests.tools.observer`, and read by a person before they are kept.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from ecf_sandbox.api.routes import Kind
from ecf_sandbox.cli.main import main
from ecf_sandbox.ecf.routes import ROUTES
from ecf_sandbox.ecf.service import SERVICE
from ecf_sandbox.state.findings import Observing, Severity
from ecf_sandbox.tools.observer.catalogue import checks_of
from tests.api.asking import Asker
from tests.tools.observer.finding import found_by
from tests.tools.observer.requests import (
    DECLARE,
    DEFER,
    NOBODY,
    PARTNERS_PATH,
    PEOPLE,
    SOUND,
    TRIGGERS,
    Asked,
    a_declaration,
    a_deferral,
    a_small_world,
    get,
    put,
)

GOLDEN = Path(__file__).parent / "golden"
DOCS = Path(__file__).resolve().parents[3] / "docs"
CHECKS = checks_of(SERVICE)
BY_CODE = {it.code: it for it in CHECKS}


def codes(asked: Asked) -> list[str]:
    return [it["code"] for it in found_by(asked)]


class TestEveryCheck:
    def test_has_a_code_of_its_own(self):
        assert len(BY_CODE) == len(CHECKS)

    def test_has_a_request_that_has_its_finding(self):
        assert TRIGGERS.keys() == BY_CODE.keys()

    @pytest.mark.parametrize("code", BY_CODE)
    def test_says_what_a_good_client_does_and_how_to_become_one(self, code):
        check = BY_CODE[code]

        assert check.policy.endswith(".")
        assert check.message[-1] in ".}"
        assert check.fix[-1] in ".}"

    @pytest.mark.parametrize("code", BY_CODE)
    def test_tells_what_it_found_as_the_golden_file_has_it(self, code):
        found = [it for it in found_by(TRIGGERS[code]) if it["code"] == code]

        assert found == json.loads((GOLDEN / f"{code}.json").read_text(encoding="utf-8"))

    def test_stands_on_the_page_of_findings(self):
        page = (DOCS / "findings.md").read_text(encoding="utf-8")

        assert all(f'<a id="{code}"></a>' in page for code in BY_CODE)

    def test_leaves_no_golden_file_behind_when_it_goes(self):
        assert {it.stem for it in GOLDEN.glob("*.json")} == set(BY_CODE)


class TestASoundRequest:
    @pytest.mark.parametrize("operation", SOUND)
    def test_has_no_findings(self, operation):
        assert codes(SOUND[operation]) == []

    def test_is_here_for_every_operation_of_v3(self):
        operations = {it.operation(3) for it in ROUTES if 3 in it.versions and it.kind in (Kind.READ, Kind.WRITE)}

        assert operations <= SOUND.keys()

    def test_is_told_of_nothing(self):
        reply = Asker(a_small_world())(PARTNERS_PATH)

        assert not {"x-sandbox-findings", "link", "x-sandbox-refused"} & set(reply.headers)

    @pytest.mark.parametrize(
        "operation", ["showParticipant", "deferParticipant", "createDeclaration", "voidDeclaration"]
    )
    def test_of_an_older_version_is_advised_to_move(self, operation):
        asked = SOUND[f"v3 {operation}"]

        assert codes(asked._replace(target=asked.target.replace("/v3/", "/v1/"))) == ["version.older"]


class TestALookBack:
    def test_forgives_a_write_that_is_repeated_after_it_was_taken_back(self):
        ask = Asker(a_small_world())
        asked = put(DECLARE, a_declaration(), method="POST")
        ask.send(asked.method, asked.target, asked.headers, asked.body)
        ask.world.restore(ask.world.baseline)

        reply = ask.send(asked.method, asked.target, asked.headers, asked.body)

        assert "x-sandbox-findings" not in reply.headers

    def test_forgives_a_write_at_another_pretended_moment(self):
        ask = Asker(a_small_world())
        asked = put(DEFER, a_deferral(reason="tired"))
        ask.send(asked.method, asked.target, asked.headers, asked.body)

        reply = ask.send(
            asked.method, asked.target, [*asked.headers, ("X-With-Server-Date", "2025-03-01T00:00:00Z")], asked.body
        )

        assert "x-sandbox-findings" not in reply.headers

    def test_forgives_a_list_whose_pages_were_all_asked_for(self):
        ask = Asker(a_small_world())
        targets = [f"{PARTNERS_PATH}?page[page]={number}&page[per_page]=2" for number in (1, 2, 3, 1)]

        replies = [ask(it) for it in targets]

        assert not any("x-sandbox-findings" in it.headers for it in replies)


class TestAFinding:
    def test_is_counted_beside_an_answer_that_it_does_not_change(self):
        target = f"{PARTNERS_PATH}?filter[cohorts]=2024"
        noting, silent = Asker(a_small_world()), Asker(a_small_world(Observing.OFF))

        reply = noting(target)

        assert reply.headers["x-sandbox-findings"] == "1"
        assert reply.headers["link"] == '</_sandbox/worlds/main/journal/1/explain>; rel="help"'
        assert (reply.status, reply.body) == (200, silent(target).body)
        assert [it.code for it in noting.world.journal.get(1).findings] == ["filter.unknown"]
        assert silent.world.journal.get(1).findings == ()

    def test_keeps_a_token_to_itself(self):
        for code in ("authorization.unreadable", "authorization.odd-spelling", "authorization.token-in-query"):
            assert "alpha" not in json.dumps(found_by(TRIGGERS[code]))


class TestAWorldThatRefuses:
    @pytest.mark.parametrize("code", [it.code for it in CHECKS if it.severity is Severity.ERROR])
    def test_refuses_an_error_in_a_shape_that_cannot_be_mistaken_for_the_services(self, code):
        ask = Asker(a_small_world(Observing.REFUSE))
        asked, before = TRIGGERS[code], ask.world.state
        ask.world.recreated = asked.recreated

        reply = ask.send(asked.method, asked.target, asked.headers, asked.body)
        problem = json.loads(reply.body)

        assert (reply.status, reply.headers["content-type"]) == (400, "application/problem+json")
        assert reply.headers["x-sandbox-refused"] == "observer"
        assert problem["title"] == "Refused by the sandbox's observer"
        assert code in [it["code"] for it in problem["findings"]]
        assert ask.world.state is before

    @pytest.mark.parametrize("code", ["version.older", "media-type.form", "path.id-odd-spelling", "body.type-missing"])
    def test_answers_what_is_no_error(self, code):
        ask = Asker(a_small_world(Observing.REFUSE))
        asked = TRIGGERS[code]

        reply = ask.send(asked.method, asked.target, asked.headers, asked.body)

        assert reply.status == 200
        assert reply.headers["x-sandbox-findings"] == "1"

    def test_answers_a_refusal_of_the_services_own_as_it_is(self):
        ask = Asker(a_small_world(Observing.REFUSE))

        assert ask(f"{PEOPLE}/{NOBODY}").status == 404

    def test_hands_its_choice_on_to_its_forks(self):
        assert a_small_world(Observing.REFUSE).fork("other").observing is Observing.REFUSE

    def test_lets_a_sound_write_happen(self):
        ask = Asker(a_small_world(Observing.REFUSE))
        asked = put(DEFER, a_deferral())

        assert ask.send(asked.method, asked.target, asked.headers, asked.body).status == 200
        assert ask(get(f"{PEOPLE}?filter[training_status]=deferred").target).body.count(b'"participant"') == 1


class TestTheCommand:
    def run(self, *arguments: str):
        from click.testing import CliRunner

        return CliRunner().invoke(main, ("findings", *arguments))

    def test_prints_all_that_is_known_of_one(self):
        printed = self.run("page.too-large").output

        assert printed.startswith("page.too-large\n  page[per_page] is at most the service's largest page size.")
        assert "severity  error" in printed

    def test_names_the_nearest_when_there_is_none_of_that_code(self):
        result = self.run("page.to-large")

        assert result.exit_code == 2
        assert "did you mean 'page.too-large'?" in result.output

    def test_prints_json_for_programs(self):
        assert [it["code"] for it in json.loads(self.run("--json").output)] == list(BY_CODE)

    def test_prints_the_beginning_of_the_page_in_the_documentation(self):
        assert (DOCS / "findings.md").read_text(encoding="utf-8").startswith(self.run("--markdown").output)
