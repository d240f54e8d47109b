"""Hypothesis strategies for tests of a client: worlds, people, requests, dates, happenings and trouble.

They come with the extra `properties` (`pip install "ecf-sandbox[properties]"`). The plainest is drawn first, so that
what Hypothesis shrinks a failure to says something. A strategy is about one world, as it is when it draws: so it is
drawn from within a test (`data.draw(...)`) or a state machine, after what happened before.

`provider` is the name of a lead provider, that of the world's first token unless it is given.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, TypeVar

from ecf_sandbox.services import DEFAULT, service_named
from ecf_sandbox.state.faults import Fault
from ecf_sandbox.state.properties import Choose, Happening, Request, Somebody, Unsound
from ecf_sandbox.state.service import Service
from ecf_sandbox.testing.properties.places import place
from ecf_sandbox.testing.settings import Setting
from ecf_sandbox.testing.world import EcfWorld


class NotInstalled(ImportError):
    """Hypothesis is missing. Says how to install it."""

    def __init__(self) -> None:
        super().__init__("the package 'hypothesis' is not installed; run: pip install hypothesis")


try:
    from hypothesis import reject
    from hypothesis import strategies as st
    from hypothesis.strategies import SearchStrategy
except ImportError:
    raise NotInstalled from None

T = TypeVar("T")

# What may go wrong between a client and the service, the plainest first.
TROUBLE: dict[str, dict[str, Any]] = {
    "503": {"status": 503},
    "429": {"status": 429},
    "lost before": {"status": 503, "drop": True},
    "lost after": {"drop": True},
    "truncated": {"truncate": True},
}


def worlds(
    scenario: str | None = None, *, now: str | None = None, edition: str | None = None, service: str | None = None
) -> SearchStrategy[EcfWorld]:
    """Fresh worlds: as of a scenario, by its name or file, or else drawn ones, with one to three schools and people.

    A drawn world has two lead providers, and begins at one of several moments. Its clock stands still. `service` is
    `ecf` or `rect`, and that of the scenario, or `ecf`, if it is left out.

        @given(world=worlds())
        def test_everybody_is_listed_once(world):
            listed = world.client.get("/api/v3/participants/ecf").json["data"]
            assert len({it["id"] for it in listed}) == len(listed)
    """
    if scenario is not None:
        return st.builds(lambda: place().named(Setting(scenario, service, now, edition)))
    if now is not None:
        raise ValueError("a drawn world has a moment of its own: give a scenario with now")
    chosen = {} if edition is None else {"edition": edition}
    return scenarios(service or DEFAULT).map(lambda document: place().described(document | chosen))


def scenarios(service: str = DEFAULT) -> SearchStrategy[dict[str, Any]]:
    """Scenario files, as data, of small whole worlds: schools, partnerships, people, and what was declared for them.

    @given(document=scenarios())
    def test_a_scenario_has_people(document):
        assert document["people"]
    """
    from_service: Callable[[Choose], dict[str, Any]] = _draws_of(service_named(service)).drawn_country
    return _drawn(from_service)


def participants(
    world: EcfWorld, situation: str | None = None, provider: str | None = None
) -> SearchStrategy[Somebody]:
    """Somebody whom a provider is shown, in a situation such as `deferred`, `moved` or `with a retired id`.

    Raises KeyError for another situation; `situations(world)` has them all.

        @given(data=data(), world=worlds("default"))
        def test_whoever_deferred_is_shown_so(data, world):
            somebody = data.draw(participants(world, "deferred"))
            shown = world.client.get(f"/api/v3/participants/ecf/{somebody.id}").json["data"]["attributes"]
            assert "deferred" in [it["training_status"] for it in shown["ecf_enrolments"]]
    """
    draws, client = draws_of(world), _client(world, provider)
    if situation is not None and situation not in draws.SITUATIONS:
        raise KeyError(f"there is no situation {situation!r}; there are {', '.join(draws.SITUATIONS)}")
    return _drawn(lambda choose: draws.drawn_participant(world.world, client, situation, choose))


def situations(world: EcfWorld) -> list[str]:
    """Every situation that `participants` knows.

    @given(world=worlds("default"))
    def test_there_are_situations(world):
        assert "withdrawn" in situations(world)
    """
    return list(draws_of(world).SITUATIONS)


def sound_requests(world: EcfWorld, write: str | None = None, provider: str | None = None) -> SearchStrategy[Request]:
    """A request that is accepted now: of a write such as `createDeclaration`, or of any.

    @given(data=data(), world=worlds("default"))
    def test_a_sound_request_is_accepted(data, world):
        request = data.draw(sound_requests(world, "createDeclaration"))
        answer = world.client.request(request.method, request.target, request.body)
        assert answer.status == 200
    """
    draws, client = draws_of(world), _client(world, provider)
    writes: Sequence[str] = draws.WRITES if write is None else [_known(write, draws.WRITES, "write")]
    return _drawn(lambda choose: draws.sound(world.world, client, choose(writes), choose))


def unsound_requests(
    world: EcfWorld, rule: str | None = None, write: str | None = None, provider: str | None = None
) -> SearchStrategy[Unsound]:
    """A request with the `rule` that refuses it, and no other but those that the service always names `beside` it.

    @given(data=data(), world=worlds("default"))
    def test_a_refusal_names_the_rule(data, world):
        unsound = data.draw(unsound_requests(world))
        request = unsound.request
        answer = world.client.request(request.method, request.target, request.body)
        assert {*answer.rules} == {unsound.rule, *unsound.beside}
    """
    draws, client = draws_of(world), _client(world, provider)
    rules: Sequence[str] = list(draws.BREAKS) if write is None else draws.rules_of(_known(write, draws.WRITES, "write"))
    if rule is not None:
        rules = [_known(rule, rules, "rule that can be broken alone")]

    def drawn(choose: Choose) -> Unsound | None:
        found: Unsound | None = draws.unsound(world.world, client, choose(rules), choose)
        return found if found is None or write in (None, found.request.operation) else None

    return _drawn(drawn)


def moments(world: EcfWorld, provider: str | None = None) -> SearchStrategy[datetime]:
    """A moment at which an answer may change: the present, the edge of a milestone or of summer time, or a second off.

    @given(data=data(), world=worlds("default"))
    def test_a_moment_is_in_utc(data, world):
        assert data.draw(moments(world)).utcoffset().total_seconds() == 0
    """
    draws, client = draws_of(world), _client(world, provider)
    return _drawn(lambda choose: draws.moment_at_an_edge(world.world, client, choose))


def declaration_dates(world: EcfWorld, provider: str | None = None) -> SearchStrategy[str]:
    """A well-formed `declaration_date` at such a moment, in one of several time zones.

    @given(data=data(), world=worlds("default"))
    def test_a_date_is_well_formed(data, world):
        date = data.draw(declaration_dates(world))
        assert datetime.fromisoformat(date).tzinfo is not None
    """
    draws, client = draws_of(world), _client(world, provider)
    return _drawn(lambda choose: draws.declaration_date(world.world, client, choose))


def server_dates(world: EcfWorld, provider: str | None = None) -> SearchStrategy[str]:
    """A value for `X-With-Server-Date`: the present or a moment ahead, such as a cut-off or the end of a milestone.

    @given(data=data(), world=worlds("default"))
    def test_a_client_may_travel(data, world):
        at = data.draw(server_dates(world))
        assert world.client.get("/api/v3/statements", at=at).status == 200
    """
    draws, client = draws_of(world), _client(world, provider)
    return _drawn(lambda choose: draws.server_date(world.world, client, choose))


def reasons(world: EcfWorld, write: str) -> SearchStrategy[str]:
    """A reason that the DfE knows for a deferral (`deferParticipant`) or a withdrawal (`withdrawParticipant`).

    @given(data=data(), world=worlds("default"))
    def test_a_reason_is_a_word(data, world):
        assert data.draw(reasons(world, "deferParticipant")).isascii()
    """
    draws = draws_of(world)
    return _drawn(lambda choose: draws.reason(world.world, write, choose))


def schedules(world: EcfWorld, cohort: int | None = None, course: str | None = None) -> SearchStrategy[str]:
    """The identifier of a schedule, of a cohort and for a course if they are given.

    @given(data=data(), world=worlds("default"))
    def test_an_ect_has_no_replacement_schedule(data, world):
        assert "replacement" not in data.draw(schedules(world, 2025, "ecf-induction"))
    """
    draws = draws_of(world)
    return _drawn(lambda choose: draws.schedule(world.world, cohort, course, choose))


def evidence(
    world: EcfWorld, declaration_type: str, course: str = "ecf-induction", cohort: int = 2025
) -> SearchStrategy[str | None]:
    """Evidence that counts for a type of declaration, a course and a cohort; None where none is needed.

    @given(data=data(), world=worlds("default"))
    def test_a_start_needs_no_evidence(data, world):
        assert data.draw(evidence(world, "started")) is None
        assert data.draw(evidence(world, "retained-1")) is not None
    """
    draws = draws_of(world)
    return _drawn(lambda choose: (draws.evidence(world.world, declaration_type, course, cohort, choose),)).map(
        lambda found: found[0]
    )


def queries(world: EcfWorld, name: str | None = None, provider: str | None = None) -> SearchStrategy[str]:
    """The path and query of a list (`participants`, `declarations`, `partnerships`): pages, filters, an order.

    @given(data=data(), world=worlds("default"))
    def test_a_list_is_answered(data, world):
        assert world.client.get(data.draw(queries(world, "participants"))).status == 200
    """
    draws, client = draws_of(world), _client(world, provider)
    lists = list(world.world.service.client_lists)
    names: Sequence[str] = lists if name is None else [_known(name, lists, "list")]
    return _drawn(lambda choose: draws.query(world.world, client, choose(names), choose))


def happenings(world: EcfWorld, provider: str | None = None) -> SearchStrategy[Happening]:
    """Something that can happen now: an event of a school or the DfE, a write of another provider, time that passes.

    @given(data=data(), world=worlds("default"))
    def test_what_is_drawn_happens(data, world):
        happening = data.draw(happenings(world))
        assert world.happens(happening)
    """
    draws, client = draws_of(world), _client(world, provider)
    return _drawn(lambda choose: draws.draw(world.world, client, choose))


def faults(operation: str = "*") -> SearchStrategy[Fault]:
    """Trouble for the next request of an operation: lost before or after the service acted, cut off, 429 or 503.

    @given(data=data(), world=worlds("default"))
    def test_a_fault_strikes_once(data, world):
        world.world.faults.set(data.draw(faults("listStatements")))
        with suppress(ConnectionError):
            assert world.client.get("/api/v3/statements").status in (429, 503)
        assert world.client.get("/api/v3/statements").status == 200
    """
    return st.sampled_from([Fault(id="", operation=_pattern(operation), count=1, **it) for it in TROUBLE.values()])


def _pattern(operation: str) -> str:
    return operation if operation == "*" or " " in operation else f"* {operation}"


def chooser(draw: Callable[[SearchStrategy[Any]], Any]) -> Choose:
    """Draws options as Hypothesis does, which shrinks to the first; `draw` is that of a composite, or `data.draw`."""

    def choose(options: Sequence[T], /) -> T:
        found: T = options[0] if len(options) == 1 else draw(st.sampled_from(options))
        return found

    return choose


def _drawn(one: Callable[[Choose], T | None]) -> SearchStrategy[T]:
    """What a service draws, as a strategy; where there is nothing of the kind, the example is given up."""

    @st.composite
    def drawn(draw: st.DrawFn) -> T:
        found = one(chooser(draw))
        if found is None:
            reject()
        return found

    return drawn()


def draws_of(world: EcfWorld) -> Any:
    """What the service of a world draws; raises LookupError for one that draws nothing."""
    return _draws_of(world.world.service)


def _draws_of(service: Service) -> Any:
    found = service.part_or("client_draws", None)
    if found is None:
        raise LookupError(f"the service {service.name!r} draws nothing: it has no part 'client_draws'")
    return found


def _client(world: EcfWorld, provider: str | None) -> str:
    return world.provider if provider is None else provider


def _known(name: str, names: Sequence[str], noun: str) -> str:
    if name not in names:
        raise KeyError(f"there is no {noun} {name!r}; there are {', '.join(names)}")
    return name
