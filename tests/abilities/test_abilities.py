"""One list of abilities, shown for every service; a new one is a function of a running sandbox with `@ability`."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from ecf_sandbox.control import event_reference
from ecf_sandbox.remote.drift_plan import plan, resources_of
from ecf_sandbox.remote.proxy import Proxy
from ecf_sandbox.remote.recorder import Recorder
from ecf_sandbox.remote.upstream import UpstreamResponse
from ecf_sandbox.rulebook import catalogue
from ecf_sandbox.scenario import file_reference, load_scenario
from ecf_sandbox.scenario.loading import saved, shipped
from ecf_sandbox.state.properties import Seeded
from ecf_sandbox.tools.contract.answers import Contract
from ecf_sandbox.tools.contract.documents import documents
from ecf_sandbox.tools.contract.examples import Caller, candidates_of, with_examples
from ecf_sandbox.tools.explain.curl import read_curl
from ecf_sandbox.tools.observer import catalogue as findings
from ecf_sandbox.tools.report.build import report_of
from ecf_sandbox.tools.report.formats import FORMATS
from ecf_sandbox.tools.report.journal_file import of_each_world, read
from ecf_sandbox.tools.report.report import Report
from ecf_sandbox.tools.report.terminal import as_text
from ecf_sandbox.transport import InProcess
from tests.abilities.running import Running, serving
from tests.abilities.subjects import SUBJECTS, Subject
from tests.docs.pages import ROOT

pytestmark = pytest.mark.slow

TOY = Path(__file__).resolve().parents[1] / "toy_service"
Ability = Callable[[Running], None]
ABILITIES: dict[str, Ability] = {}


def ability(name: str) -> Callable[[Ability], Ability]:
    """Put a function on the list."""

    def listed(shows: Ability) -> Ability:
        ABILITIES[name] = shows
        return shows

    return listed


def report(it: Running) -> Report:
    """What the journal shows, read from its export."""
    written = it.control("GET", "/worlds/main/journal/export?explain=true")
    return report_of([read(written.encode(), "main", secrets=it.world.tokens)], it.service)


@ability("explain a refusal with what would pass")
def explains_a_refusal(it: Running) -> None:
    reply = it.refused()
    assert (reply.status, reply.headers["x-sandbox-rules"]) == (422, it.subject.rule)

    told = it.explained()

    (broken,) = [rule for judged in told["judgings"] for rule in judged["rulings"] if rule["verdict"] == "broken"]
    assert broken["rule"] == it.subject.rule
    assert broken["policy"].endswith(".")
    assert it.subject.says in " ".join(told["reasons"])
    assert it.subject.offers in " ".join(offered["words"] for offered in told["suggestions"])


@ability("explain as text with commands for curl")
def explains_as_text(it: Running) -> None:
    it.refused()

    text = it.explained("text")

    assert it.subject.rule in text
    commands = [line.strip() for line in text.splitlines() if line.strip().startswith("curl ")]
    for command in commands:
        given = read_curl(command, lambda _: b"")
        assert given.path.startswith("/api/v")
    assert bool(commands) is bool(it.subject.offers)


@ability("what is offered passes when it is sent")
def offers_what_passes(it: Running) -> None:
    it.refused()

    for offered in it.explained()["suggestions"][:1]:
        for before in offered["first"]:
            assert it.again(before).status == 200
        assert it.again(offered["request"]).status == 200


@ability("explain why something is not found")
def explains_a_404(it: Running) -> None:
    assert it.send(it.subject.hidden).status == 404

    assert it.subject.absent in " ".join(it.explained()["reasons"])


@ability("explain an empty list")
def explains_a_list(it: Running) -> None:
    assert json.loads(it.send(it.subject.narrowed).body)["data"] == []

    reasons = it.explained()["reasons"]

    assert reasons[0].startswith("Without filter[cohort]=2019 there would be ")
    assert any(said.startswith("There is no cohort 2019") for said in reasons)


@ability("tell what a write changed")
def tells_what_changed(it: Running) -> None:
    it.send(it.subject.sound)

    changed = it.explained()["changed"]

    assert it.subject.somebody in changed[0]
    assert changed[-1].startswith("Rows written: ")


@ability("keep a journal")
def keeps_a_journal(it: Running) -> None:
    it.refused()

    shown = it.control("GET", f"/worlds/main/journal/{it.world.journal.count}")

    assert shown["service"] == it.subject.service
    assert [refusal["rule"] for refusal in shown["refusals"]] == [it.subject.rule]
    assert shown["rules"][it.subject.rule] == "broken"
    assert it.control("GET", "/worlds/main/journal/1")["changes"]


@ability("export HAR")
def exports_har(it: Running) -> None:
    it.send(it.subject.list)

    har = it.control("GET", "/worlds/main/journal/export?format=har")

    assert [entry["response"]["status"] for entry in har["log"]["entries"]] == [200]
    assert it.subject.token not in json.dumps(har)


@ability("count and verify requests")
def verifies(it: Running) -> None:
    it.send(it.subject.list)

    asked = {"match": {"operation": it.subject.operation}, "min": 1}
    assert it.control("POST", "/worlds/main/journal/verify", asked)["verified"]


@ability("undo")
def undoes(it: Running) -> None:
    before = it.world.state.records
    it.send(it.subject.sound)
    assert it.world.state.records != before

    it.control("POST", "/worlds/main/journal/undo")

    assert it.world.state.records == before


@ability("fork and reset")
def forks(it: Running) -> None:
    it.send(it.subject.sound)
    it.control("POST", "/worlds/main/fork", {"name": "again"})
    it.control("POST", "/worlds/main/reset")

    again = it.worlds.get("again")
    assert again.service is it.service
    assert again.state.records != it.world.state.records


@ability("take snapshots")
def takes_snapshots(it: Running) -> None:
    it.control("PUT", "/worlds/main/snapshots/before")
    before = it.world.state.records
    it.send(it.subject.sound)

    it.control("POST", "/worlds/main/snapshots/before/restore")

    assert it.world.state.records == before


@ability("set faults")
def sets_faults(it: Running) -> None:
    fault = {"operation": it.subject.operation, "status": 503, "count": 1}
    it.control("POST", "/worlds/main/faults", fault)

    assert [it.send(it.subject.list).status for _ in range(2)] == [503, 200]


@ability("limit the rate")
def limits_the_rate(it: Running) -> None:
    it.control("PUT", "/worlds/main/rate-limit", {"requests": 1, "window": 300})

    assert [it.send(it.subject.list).status for _ in range(2)] == [200, 429]


@ability("observe a client")
def observes(it: Running) -> None:
    reply = it.send(it.subject.flawed)

    assert reply.headers["x-sandbox-findings"] == "1"
    (found,) = it.world.journal.newest(1)[0].findings
    assert found.code == it.subject.finding
    assert f'<a id="{found.code}"></a>' in (ROOT / "docs" / "findings.md").read_text()


@ability("refuse what the observer finds")
def refuses_what_is_found(it: Running) -> None:
    it.control("PUT", "/worlds/main/observer", {"observer": "refuse"})

    assert it.send(it.subject.flawed).status == 400


@ability("report coverage of its own operations and rules")
def reports(it: Running) -> None:
    it.send(it.subject.list)
    it.refused()

    told = report(it)

    assert (told.service, told.title, told.beside) == (it.subject.service, it.service.title, ())
    assert {each.name for each in told.operations if each.asked} >= {it.subject.operation}
    assert {each.name for each in told.operations} == {
        route.operation(version) + form
        for route in it.service.routes
        if route.documented
        for version in route.versions
        for form in (("", "Csv") if route.csv else ("",))
    }
    assert [each.id for each in told.rules if each.broken] == [it.subject.rule]
    assert told.totals.elsewhere == 0
    assert it.service.title in as_text(told)


@ability("write the report in every form")
def writes_every_form(it: Running) -> None:
    it.refused()
    it.send(it.subject.flawed)
    told = report(it)

    written = {name: write(told, it.service) for name, write in FORMATS.items()}

    assert all(it.service.title in written[name] for name in ("markdown", "html"))
    assert json.loads(written["json"])["service"] == it.subject.service
    assert it.subject.finding in {each["ruleId"] for each in json.loads(written["sarif"])["runs"][0]["results"]}
    assert it.subject.finding in written["junit"]
    assert not any(it.subject.token in text for text in written.values())


@ability("show the checklist")
def shows_the_checklist(it: Running) -> None:
    it.send(it.subject.list)

    items = {each.id: each.outcome for each in report(it).checklist}

    assert items[it.subject.requested] == "shown"
    assert "not shown" in items.values()


@ability("hide persons in evidence")
def hides_persons(it: Running) -> None:
    shown = it.send(it.subject.list).body.decode()
    assert it.subject.personal in shown

    evidence = FORMATS["evidence"](report(it), it.service)

    assert it.subject.personal not in evidence
    assert "[name 1]" in evidence


@ability("plan a comparison with another server")
def plans_drift(it: Running) -> None:
    version = it.service.newest
    lists = {f"/api/v{version}/{each.path}" for each in resources_of(it.service, version)}

    documented = {
        route.info(version).path
        for route in it.service.routes
        if route.info(version).is_list and version in route.versions
    }
    assert lists == documented
    for reading in plan(it.service, version):
        if reading.shown.name == "OURS" and not reading.accept and "{id}" not in reading.target:
            reply = it.transport("GET", reading.target, [("Authorization", f"Bearer {it.subject.token}")])
            assert reply.status < 500, reading


@ability("stand as a proxy before another server")
def stands_as_a_proxy(it: Running) -> None:
    class Behind:
        def ask(self, method, target, headers, body):
            reply = it.transport(method, target, [each for each in headers if each[0] != "Host"], body)
            answered = [(name, value) for name, value in reply.headers.items() if name != "content-length"]
            return UpstreamResponse(reply.status, "", answered, reply.body, len(reply.body))

    notes = Recorder("http://there", it.service)
    ask = InProcess(Proxy(Behind(), notes))
    bearer = [("Authorization", f"Bearer {it.subject.token}")]

    assert ask("GET", it.subject.list.path, bearer).status == 200
    flawed = ask("GET", it.subject.flawed.path, bearer)

    assert flawed.headers["x-sandbox-proxy-findings"] == "1"
    assert "x-sandbox-proxy-answer-differs" not in flawed.headers
    first, second = notes.world.journal
    assert (first.operation, [found.code for found in second.findings]) == (it.subject.operation, [it.subject.finding])
    written = ask("GET", "/_sandbox/journal/export").body
    told = report_of(of_each_world(written, {"main": ()}), it.service)
    assert (told.service, told.totals.requests) == (it.subject.service, 2)


@ability("name what there is")
def names_things(it: Running) -> None:
    names = it.control("GET", "/worlds/main/names")["names"]

    assert names[it.subject.name] == it.named(f"${{{it.subject.name}}}")


@ability("make events happen")
def makes_events_happen(it: Running) -> None:
    it.send(it.subject.sound)
    name, told = it.subject.event

    happened = it.control("POST", "/worlds/main/events", {"event": name, "with": told})

    assert (happened["event"], bool(happened["changes"])) == (name, True)


@ability("move the clock to a named moment")
def moves_the_clock(it: Running) -> None:
    named = {each["name"]: each["at"] for each in it.control("GET", "/worlds/main/clock/moments")["moments"]}

    moved = it.control("POST", "/worlds/main/clock/advance", {"to": it.subject.moment})

    assert moved["now"] == named[it.subject.moment]
    assert moved["happened"]


@ability("move the clock by a day")
def moves_the_clock_by_a_day(it: Running) -> None:
    it.control("POST", "/worlds/main/clock/advance", {"days": 1})

    assert (it.world.now() - it.subject.now).days == 1


@ability("tell somebody's timeline")
def tells_a_timeline(it: Running) -> None:
    it.send(it.subject.sound)

    told = it.control("GET", f"/worlds/main/timeline?person={it.subject.somebody.replace(' ', '%20')}")

    assert told["name"] == it.subject.somebody
    assert {"journal", "records"} == {each["source"] for each in told["timeline"]}


@ability("show what stands on a statement")
def shows_a_statement(it: Running) -> None:
    name = it.subject.statement.replace(" ", "%20")

    shown = it.control("GET", f"/worlds/main/statements/{name}")

    assert shown["provider"] == it.subject.statement.partition(".")[0]
    assert shown["declarations"]


@ability("answer as its documents say")
def answers_as_documented(it: Running) -> None:
    contract = Contract(documents(it.service))
    it.send(it.subject.sound)

    own = (it.subject.refused, it.subject.hidden, it.subject.narrowed) if it.subject.hidden else ()
    for sent in filter(None, (it.subject.list, *own)):
        assert contract.faults(sent.method, it.named(sent.path), it.send(sent)) == []


@ability("show its documents in a browser")
def shows_documents(it: Running) -> None:
    assert tuple(it.service.documents) == it.subject.documents

    page = it.transport("GET", "/docs")

    assert page.status == 200
    assert it.subject.token in page.body.decode()


@ability("examples that succeed")
def has_examples(it: Running) -> None:
    document = documents(it.service)[f"v{it.service.newest}"]
    caller = Caller(it.world, it.subject.token, serving)

    _, missed = with_examples(document, caller, candidates_of(it.world, caller))

    assert missed == 0


@ability("save a world and read it again")
def saves_a_world(it: Running) -> None:
    it.send(it.subject.sound)
    exported = it.control("GET", "/worlds/main/export")

    assert it.control("POST", "/worlds/again/import", exported)["service"] == it.subject.service
    assert it.worlds.get("again").state.records == it.world.state.records
    assert saved(it.world, "Saved", "").startswith(("title", "#"))


@ability("print its pages")
def prints_pages(it: Running) -> None:
    prints = {
        "rules": lambda: catalogue.as_markdown(catalogue.catalogue(it.service), it.service),
        "events": lambda: event_reference.as_markdown(
            load_scenario("default", seed="sandbox", service=it.subject.service)
        ),
        "file": lambda: file_reference.as_markdown(it.service),
        "findings": findings.page,
    }
    for page, printed in it.subject.pages.items():
        assert (ROOT / "docs" / page).read_text() == prints[printed](), page


@ability("show a world and its stories in a browser")
def has_screens(it: Running) -> None:
    home = it.transport("GET", "/ui/")
    world = it.transport("GET", "/ui/worlds/main")

    assert (home.status, world.status) == (200, 200)
    assert it.service.title in home.body.decode()
    for story in (name for name in shipped(it.subject.service) if load_scenario(name, seed="sandbox").steps):
        assert f"/ui/stories/{story}" in home.body.decode()
        assert it.transport("GET", f"/ui/stories/{story}/1").status in (200, 302, 303), story


@ability("draw what clients do and what happens to them")
def draws(it: Running) -> None:
    drawn = it.service.part("client_draws")
    (client, *_) = it.service.tokens(it.world.state.records)

    requests = [drawn.sound(it.world, client, write, Seeded(write)) for write in drawn.WRITES]
    happenings = [it.service.draw_happening(it.world, client, Seeded(str(n))) for n in range(20)]

    assert {drawn.judged(it.world, client, each) for each in requests if each is not None} == {()}
    assert any(happenings)
    assert set(it.service.part("client_tasks").values()) >= set(drawn.WRITES)


@ability("hold a client to what the API shows")
def holds_clients(it: Running) -> None:
    shown = {
        name: it.transport("GET", path, [("Authorization", f"Bearer {it.subject.token}")])
        for name, path in it.service.client_lists.items()
    }

    assert {reply.status for reply in shown.values()} == {200}
    assert all(each.sentence.endswith(".") for each in it.service.client_invariants)


@pytest.mark.parametrize("name", list(ABILITIES))
@pytest.mark.parametrize("subject", SUBJECTS, ids=lambda it: it.service)
def test_every_service_has_the_ability(subject: Subject, name: str, monkeypatch):
    monkeypatch.syspath_prepend(str(TOY))
    if name in subject.without:
        pytest.skip(f"{subject.service} has nothing of the kind")

    ABILITIES[name](Running(subject))


def test_nothing_is_left_out_that_is_not_on_the_list():
    assert all(it.without <= ABILITIES.keys() for it in SUBJECTS)
    assert [it.service for it in SUBJECTS if it.without] == ["library"]


def test_a_report_over_worlds_of_several_services_says_which_is_which():
    ecf, rect = (Running(it) for it in SUBJECTS[:2])
    ecf.worlds.add(rect.world.fork("beside"))
    ecf.send(ecf.subject.flawed)
    ecf.send(rect.subject.flawed, X_Sandbox_World="beside")
    worlds = {it.name: it for it in ecf.worlds.every()}

    told = report_of(
        of_each_world(
            ecf.control("GET", "/journal/export").encode(),
            {name: it.tokens for name, it in worlds.items()},
            {name: it.service.name for name, it in worlds.items()},
        ),
        ecf.service,
    )

    assert [(it.service, [each.name for each in it.journals], len(it.findings)) for it in told.every] == [
        ("ecf", ["main"], 1),
        ("rect", ["beside"], 1),
    ]
    written = {name: write(told, ecf.service) for name, write in FORMATS.items()}
    for name in ("html", "evidence", "markdown"):
        assert all(it.title in written[name] for it in told.every), name
    ids = [each.partition('"')[0] for each in written["html"].split(' id="')[1:]]
    assert len(ids) == len(set(ids))
    assert [it["service"] for it in json.loads(written["json"])["beside"]] == ["rect"]
    runs = json.loads(written["sarif"])["runs"]
    assert [run["automationDetails"]["id"] for run in runs] == ["ecf-sandbox/ecf/", "ecf-sandbox/rect/"]
    assert written["junit"].count("<testsuite ") == 2
    assert "client of Register early career teachers API" in written["junit"]
