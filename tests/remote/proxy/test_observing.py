"""What a proxy finds on both sides, notes, and says beside an answer that it leaves as it is."""

from __future__ import annotations

import gzip
import json

import pytest

from ecf_sandbox.remote.checks import ANSWER
from tests.remote.proxy.standing import framed, lines_of, standing_before

BEARER = [("Authorization", "Bearer ambition-token")]


def says(document: object, *, status: str = "200 OK", **headers: str) -> bytes:
    sent = [("Content-Type", "application/json; charset=utf-8"), *headers.items()]
    return framed(status.encode(), sent, json.dumps(document).encode(), "length")


class TestWhatTheClientSends:
    def test_is_named_by_its_operation(self, before_sandbox):
        before_sandbox.ask("GET", "/api/v3/participants/ecf?page[per_page]=1", BEARER)

        assert [it.operation for it in before_sandbox.exchanges] == ["v3 listParticipants"]

    def test_is_judged_by_the_observer(self, before_sandbox):
        _, _, headers, _ = before_sandbox.ask("GET", "/api/v3/statements?filter[colour]=red", BEARER)

        assert [it.code for it in before_sandbox.exchanges[0].findings] == ["filter.unknown"]
        assert dict(headers)["x-sandbox-proxy-findings"] == "1"

    def test_is_judged_by_its_body_too(self, before_sandbox):
        body = b'{"data": {"type": "participant-declaration", "attributes": {"colour": "red"}}}'
        kind = ("Content-Type", "application/json")
        before_sandbox.ask("POST", "/api/v3/participant-declarations", [*BEARER, kind], body)

        assert "body.unknown-attribute" in [it.code for it in before_sandbox.exchanges[0].findings]

    def test_is_not_read_further_than_the_server_did_without_a_token(self, before_sandbox):
        before_sandbox.ask("GET", "/api/v3/statements?filter[colour]=red")

        it = before_sandbox.exchanges[0]
        assert (it.status, it.provider, it.findings) == (401, None, ())

    def test_is_found_to_be_repeated(self, behind, proxy):
        behind.says = says({"data": {}})
        for _ in range(2):
            proxy.ask("PUT", "/api/v3/participant-declarations/1f2c3b4a-0000-4000-8000-000000000001/void", BEARER)

        assert "history.repeated-write" in [it.code for it in proxy.exchanges[1].findings]

    def test_is_not_said_to_be_refused_for_the_same_reason_of_which_nobody_knows(self, behind, proxy):
        behind.says = says({"errors": []}, status="422 Unprocessable Content")
        for _ in range(2):
            proxy.ask("PUT", "/api/v3/participant-declarations/1f2c3b4a-0000-4000-8000-000000000001/void", BEARER)

        assert "history.refused-again" not in [it.code for it in proxy.exchanges[1].findings]

    def test_by_different_tokens_is_told_apart(self, before_sandbox):
        for token in ("ambition-token", "teach-first-token", "ambition-token"):
            before_sandbox.ask("GET", "/api/v3/statements", [("Authorization", f"Bearer {token}")])

        assert [it.provider for it in before_sandbox.exchanges] == ["token 1", "token 2", "token 1"]


class TestWhatTheServerAnswers:
    def test_as_our_documents_have_it_is_passed_over(self, before_sandbox):
        _, _, headers, _ = before_sandbox.ask("GET", "/api/v3/statements", [*BEARER, ("Accept-Encoding", "gzip")])

        assert dict(headers)["content-encoding"] == "gzip"
        assert "x-sandbox-proxy-answer-differs" not in dict(headers)
        assert not before_sandbox.exchanges[0].findings

    @pytest.mark.parametrize("pack", [bytes, gzip.compress], ids=["plain", "compressed"])
    def test_otherwise_is_noted(self, behind, proxy, pack):
        coding = [("Content-Encoding", "gzip")] if pack is gzip.compress else []
        headers = [("Content-Type", "application/vnd.api+json; charset=utf-8"), *coding]
        behind.says = framed(b"200 OK", headers, pack(b'{"data": [{"id": 1}]}'), "length")

        _, _, headers, _ = proxy.ask("GET", "/api/v3/statements", BEARER)
        found = proxy.exchanges[0].findings

        assert {it.code for it in found} == {ANSWER}
        assert [it.received for it in found if it.received.startswith("body /data/0/id")]
        assert dict(headers)["x-sandbox-proxy-answer-differs"] == str(len(found))

    def test_in_a_coding_that_we_cannot_undo_is_not_judged(self, behind, proxy):
        behind.says = framed(
            b"200 OK", [("Content-Encoding", "br"), ("Content-Type", "application/json")], b"?", "length"
        )
        proxy.ask("GET", "/api/v3/statements", BEARER)

        assert not proxy.exchanges[0].findings


class TestTheJournal:
    def test_is_asked_for_at_the_proxy(self, before_sandbox):
        before_sandbox.ask("GET", "/api/v3/statements", BEARER)

        listed = json.loads(before_sandbox.control("GET", "/worlds/main/journal").body)

        assert [it["operation"] for it in listed["exchanges"]] == ["v3 listStatements"]

    def test_says_of_itself_what_a_report_asks(self, before_sandbox):
        worlds = json.loads(before_sandbox.control("GET", "/worlds").body)
        main = json.loads(before_sandbox.control("GET", "/worlds/main").body)

        assert worlds["worlds"] == ["main"]
        assert main["tokens"] == {}
        assert main["edition"].startswith("that of http://")

    def test_offers_nothing_that_takes_records(self, before_sandbox):
        reply = before_sandbox.control("POST", "/worlds/main/journal/undo")

        assert reply.status in (404, 405)

    def test_has_the_number_that_the_answer_names(self, before_sandbox):
        _, _, headers, body = before_sandbox.ask("GET", "/api/v3/statements", BEARER)
        number = dict(headers)["x-sandbox-proxy-request-id"]

        shown = json.loads(before_sandbox.control("GET", f"/worlds/main/journal/{number}").body)

        assert shown["response"]["body"] == json.loads(body)

    def test_keeps_no_body_that_takes_more_than_half_of_its_room(self, behind, proxy):
        proxy.proxy.notes.world.journal.budget = 100
        behind.says = framed(b"200 OK", [], b"x" * 51, "length")
        proxy.ask("POST", "/", body=b"y" * 51)

        assert (proxy.exchanges[0].request_body, proxy.exchanges[0].response_body) == (b"", b"")


class TestTheFile:
    def test_has_each_exchange_on_a_line_as_soon_as_it_is_answered(self, sandbox_behind, tmp_path):
        file = tmp_path / "journal.jsonl"
        with standing_before(sandbox_behind.url, journal=file) as proxy:
            for count in (1, 2):
                proxy.ask("GET", "/api/v3/statements?filter[colour]=red", BEARER)
                lines = lines_of(file)

                assert [it["number"] for it in lines] == list(range(1, count + 1))
                assert {(it["format"], it["version"]) for it in lines} == {("ecf-sandbox/exchange", 1)}
                assert [it["code"] for it in lines[-1]["findings"]] == ["filter.unknown"]

    def test_is_for_its_owner_only(self, sandbox_behind, tmp_path):
        file = tmp_path / "journal.jsonl"
        with standing_before(sandbox_behind.url, journal=file):
            assert file.stat().st_mode & 0o777 == 0o600
