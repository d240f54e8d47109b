"""A state machine that plays years against a client written in Python, and holds it to invariants."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any, ClassVar, NoReturn

from ecf_sandbox.files import atomic_write
from ecf_sandbox.scenario.narrative import moment
from ecf_sandbox.scenario.references import resolve, worded
from ecf_sandbox.state.faults import Fault
from ecf_sandbox.state.journal import Exchange
from ecf_sandbox.state.properties import Choose, Complaint, Evidence, Happening, Invariant, complaints
from ecf_sandbox.state.record import replace
from ecf_sandbox.suggest import did_you_mean
from ecf_sandbox.testing.properties.places import place
from ecf_sandbox.testing.properties.playing import fault_in_words, in_lines, play, sentence
from ecf_sandbox.testing.properties.shown import Kept, Known, Shown
from ecf_sandbox.testing.properties.story import Story
from ecf_sandbox.testing.strategies import TROUBLE, NotInstalled, chooser, draws_of, worlds
from ecf_sandbox.testing.world import EcfWorld
from ecf_sandbox.transport import Headers, Reply

try:
    from hypothesis import HealthCheck, Phase, note, settings
    from hypothesis import strategies as st
    from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule
except ImportError:
    raise NotInstalled from None

_MINUTE = timedelta(minutes=1)
_WORST = ("lost after",)  # the service has acted, and the client doesn't know


# One mistake shows in many ways, and making each of them short takes its time.
SETTINGS = settings(
    max_examples=100,
    stateful_step_count=10,
    deadline=None,
    report_multiple_bugs=False,
    phases=(Phase.explicit, Phase.reuse, Phase.generate, Phase.shrink),
    suppress_health_check=list(HealthCheck),
)


class BrokenInvariant(AssertionError):
    """A client broke an invariant: `complaints` say how, and `story` is the history that led there, a sentence each."""

    def __init__(self, found: Sequence[Complaint], story: Sequence[str]) -> None:
        self.complaints = tuple(found)
        self.story = tuple(story)
        super().__init__("\n".join([*(f"{it.invariant}: {it.text}" for it in found), "", *in_lines(story)]))


class ClientMachine(RuleBasedStateMachine):
    """Schools and the DfE act, other providers act, time passes, the network fails; the client does what it is told.

    A test is a subclass that says how to make a client, and its `TestCase`:

        class MyClient(ClientMachine):
            client = Adapter

        TestMyClient = MyClient.TestCase

    An adapter is made for each history, with its world (`EcfWorld`). What it has of these methods is played:

    - `sync()` brings it up to date with everything, `sync_changes()` with what has changed since the last time;
    - `participants()`, `declarations()`, `partnerships()` answer what it knows: attributes by id, any part of them;
    - `declare(**attributes)`, `void(id)`, `defer(id, **attributes)`, `withdraw(…)`, `resume(…)`, `change_schedule(…)`,
      `confirm_partnership(**attributes)`, `update_partnership(id, **attributes)` do what they are told, which is sound.

    A method may raise what it likes when the network failed or the service said no. To wait, as after a 429, a client
    lets the time of its world pass: `world.advance(seconds=5)`.

    `service` is whose API the client is of: `ecf`, if nothing is said, or `rect`. `off` names the invariants that do
    not count, `own_invariants` are yours beside the service's, `faults` what may go wrong. Worlds are drawn unless
    `scenario` names one; `provider` is whose client it is, by default that of the first token. A failure in a drawn
    world is written as a scenario file into the folder `histories`, unless that is None.
    """

    client: ClassVar[Callable[[EcfWorld], Any]]
    service: ClassVar[str | None] = None
    scenario: ClassVar[str | None] = None
    edition: ClassVar[str | None] = None
    provider: ClassVar[str | None] = None
    off: ClassVar[Collection[str]] = ()
    own_invariants: ClassVar[Sequence[Invariant]] = ()
    faults: ClassVar[Collection[str]] = tuple(TROUBLE)
    histories: ClassVar[str | Path | None] = Path(".ecf-sandbox/histories")

    def __init_subclass__(cls, **beside: Any) -> None:
        """A subclass has a `TestCase` of its own, with settings of its own, which begin as these."""
        super().__init_subclass__(**beside)
        cls.TestCase.settings = SETTINGS

    def __init__(self) -> None:
        super().__init__()
        self.story: list[str] = []
        self._shown: Shown | None = None

    # How a history begins and ends

    @initialize(data=st.data())
    def begin(self, data: st.DataObject) -> None:
        """A world, and a client that knows nothing."""
        made = data.draw(worlds(self.scenario, edition=self.edition, service=self.service), label="world")
        self._insist_on_known_names(made)
        self._wire = _Wire()
        token = made.token if self.provider is None else made.tokens[self.provider]
        self.world = EcfWorld(made.world, self._wire, token.partition("~")[0])
        self._shown = Shown(made.world, place().pool.worlds, place().pool.send, token)
        self._service = made.world.service
        self._draws = draws_of(made)
        self._name = self.world.provider
        self._kept = Kept()
        self._own: list[Exchange] = []
        self._turns: list[int] = []
        self._interruption: tuple[int, Happening] | None = None
        described = place().description_of(made.name)
        self._steps = None if described is None else Story(described, self._draws.named, self._service.names)
        self._adapter = type(self).client(self.world)
        # A client that knows something finds more to get wrong.
        self._may_synchronise(chooser(data.draw))

    def teardown(self) -> None:
        """Let the world go."""
        if self._shown is not None:
            self._shown.close()
            place().pool.forget(self.world.name)

    def _insist_on_known_names(self, made: EcfWorld) -> None:
        """Raise KeyError for what is switched off and is nothing that there is: it would count all the same."""
        ids = [it.id for it in (*made.world.service.client_invariants, *self.own_invariants)]
        for names, known, noun in ((self.off, ids, "invariant"), (self.faults, TROUBLE, "fault")):
            for name in names:
                if name not in known:
                    raise KeyError(f"there is no {noun} {did_you_mean(name, known)}")

    # What happens beside the client

    @rule(data=st.data())
    def something_happens(self, data: st.DataObject) -> None:
        """A school, the DfE or another provider acts, or time passes; the client may synchronise then."""
        choose = chooser(data.draw)
        happening = self._draws.draw(self.world.world, self._name, choose)
        if happening is not None and self._happens(happening):
            self._tell(sentence(self._service, happening))
            self._may_synchronise(choose)

    @precondition(lambda self: self._has("sync"))
    @rule(data=st.data(), after=st.integers(1, 3))
    def something_happens_meanwhile(self, data: st.DataObject, after: int) -> None:
        """The client synchronises, slowly, and something happens after so many of its requests."""
        choose = chooser(data.draw)
        happening = choose((self._draws.draw_event, self._draws.draw_event, self._draws.draw_request))(
            self.world.world, self._name, choose
        )
        if happening is not None:
            self._interruption = after, happening
            self._may_synchronise(choose, certainly=True)
            self._interruption = None
            self._may_synchronise(choose)

    @rule(data=st.data())
    def the_network_fails(self, data: st.DataObject) -> None:
        """The client's next request, or the next of a kind, goes wrong: it synchronises, or is told to act."""
        choose = chooser(data.draw)
        if self.faults and not self.world.world.faults:
            trouble = TROUBLE[choose([it for it in (*TROUBLE, *_WORST) if it in self.faults])]
            method: str | None = choose((None, "POST", "GET", "POST"))
            self.world.world.faults.set(Fault(id="", provider=self._name, method=method, count=1, **trouble))
            which = "request" if method is None else method
            self._tell(f"The network fails at the client's next {which}: {fault_in_words(trouble)}.")
            if method == "POST" or not self._has("sync"):
                self._act(choose, method)
            else:
                self._may_synchronise(choose, certainly=True)

    # What the client does

    @precondition(lambda self: self._has("sync"))
    @rule()
    def the_client_synchronises(self) -> None:
        """Everything anew."""
        self._sync("sync", "The client synchronises everything.")

    @precondition(lambda self: self._has("sync_changes") and self._kept.since is not None)
    @rule()
    def the_client_synchronises_what_has_changed(self) -> None:
        """What has changed since the last time."""
        self._sync("sync_changes", "The client synchronises what has changed.")

    @precondition(lambda self: any(self._has(it) for it in self._tasks()))
    @rule(data=st.data())
    def the_client_acts(self, data: st.DataObject) -> None:
        """The client is told to declare, to void, to defer, … something that is sound."""
        self._act(chooser(data.draw))

    # Within

    def _act(self, choose: Choose, method: str | None = None) -> None:
        """The client is told to do something, by a request of a method if one is given."""
        able = [it for it in self._tasks() if self._has(it)]
        if not able:
            return
        first = able.index(choose((*able, *able[:2], *able[:2])))  # those that come first are the likeliest
        for do in able[first:] + able[:first]:
            task = self._service.part("draw_client_task")(self.world.world, self._name, do, choose)
            if task is not None and method in (None, task.happening.method):
                self._does(do, task)
                return

    def _does(self, do: str, task: Any) -> None:
        told = {name: it for name, it in task.told.items() if name != "do"}
        words = ", ".join(worded(str(it)) for it in told.values())
        self._tell(f"The client is told to {do.replace('-', ' ')}: {words}.")
        known = self._service.names(self.world.world.state.records)
        with self._watched() as watched:
            getattr(self._adapter, _method(do))(**resolve(told, known))
        if watched.raised is not None and watched.exchanges and not watched.trouble and not watched.refused:
            self._fails(watched.raised)
        self._kept = self._kept.also(*watched.shown)
        self._judge(Evidence(known={}, shown={}, exchanges=self._own, turns=self._turns))

    def _may_synchronise(self, choose: Choose, *, certainly: bool = False) -> None:
        """Perhaps the client synchronises now, in one of the ways that it has."""
        ways = [] if self._kept.since is None or not self._has("sync_changes") else ["sync_changes"]
        ways += ["sync"] if self._has("sync") else []
        way = choose(ways if certainly else [None, *ways])
        if way == "sync":
            self.the_client_synchronises()
        elif way is not None:
            self.the_client_synchronises_what_has_changed()

    def _sync(self, method: str, words: str) -> None:
        self._tell(words)
        began = self.world.now.replace(microsecond=0)
        with self._watched(interrupted=True) as watched:
            getattr(self._adapter, method)()
        quiet = len(watched.shown) == 1
        if watched.raised is not None:
            if not watched.trouble:
                self._fails(watched.raised)
            self._kept = self._kept.also(*watched.shown)
        elif method == "sync":
            self._kept = self._kept.after_all(watched.shown, began, quiet=quiet)
        else:
            changed = self._reader.now(self._kept.since)
            self._kept = self._kept.after_changes(watched.shown, changed, began, quiet=quiet)
        sound = watched.raised is None and quiet and not watched.trouble
        self._judge(self._evidence(watched.shown[-1], full=method == "sync", told=sound))

    def _evidence(self, shown: Known, *, full: bool, told: bool) -> Evidence:
        """What a sync is judged by; after one that had trouble, only what the client sent."""
        known = {name: getattr(self._adapter, name)() for name in self._service.client_lists if self._has(name)}
        evidence = Evidence(known=known if told else {}, shown=shown, exchanges=self._own, turns=self._turns)
        if full:
            return evidence
        return replace(evidence, caught_up=self._kept.rows, required=self._kept.required, seen=self._kept.seen)

    def _judge(self, evidence: Evidence) -> None:
        found = complaints([*self._service.client_invariants, *self.own_invariants], evidence, but=self.off)
        if found:
            self._fails(BrokenInvariant(found, self.story))

    @contextmanager
    def _watched(self, *, interrupted: bool = False) -> Iterator[_Watched]:
        """While the client has its turn: what it is shown, sends and raises, and whether anything went wrong."""
        world, watched = self.world.world, _Watched()
        first, faults = world.journal.count, len(world.faults.all())
        others: set[int] = set()
        watched.shown.append(self._reader.now())

        def interrupt(count: int) -> None:
            if self._interruption is not None and self._interruption[0] <= count:
                happening, self._interruption = self._interruption[1], None
                before = world.journal.count
                self._passes(_MINUTE)
                if self._happens(happening):
                    self._tell(f"Meanwhile: {sentence(self._service, happening)}")
                self._passes(_MINUTE)
                others.update(range(before + 1, world.journal.count + 1))
                watched.shown.append(self._reader.now())

        self._wire.begin(interrupt if interrupted else None)
        try:
            yield watched
        except Exception as raised:  # whatever a client raises
            watched.raised = raised
        finally:
            self._wire.begin(None)
        watched.exchanges = [it for it in world.journal if it.number > first and it.method and it.number not in others]
        self._own += watched.exchanges
        self._turns += [it.number for it in watched.exchanges[:1]]
        if self._steps is not None:
            self._steps.sent(self._steps.key_of(self._service, self._name), watched.exchanges)
        watched.trouble = len(world.faults.all()) < faults
        watched.refused = any(it.status >= 400 for it in watched.exchanges)
        if world.state is not self._reader.state:  # by the client's own doing, or as time went by while it waited
            shown = self._reader.now()
            if shown != watched.shown[-1]:
                watched.shown = [shown] if len(watched.shown) == 1 and not interrupted else [*watched.shown, shown]

    def _happens(self, happening: Happening) -> bool:
        played = play(self.world.world, happening, place().pool.send)
        if played is not None and self._steps is not None:
            self._steps.happened(self._service, played)
        return played is not None

    def _passes(self, time: timedelta) -> None:
        self.world.advance(time)

    def _tell(self, words: str) -> None:
        self.story.append(f"{moment(self.world.now)}: {words}")
        note(self.story[-1])

    def _fails(self, error: Exception) -> NoReturn:
        """A history fails: an invariant is broken, or the client raised something, to which the story is added."""
        if not isinstance(error, BrokenInvariant):
            error.add_note("\n".join(["What led there:", *in_lines(self.story)]))
        if self._steps is not None and self.histories is not None:
            file = Path(self.histories) / f"{type(self).__name__}.yaml"
            file.parent.mkdir(parents=True, exist_ok=True)
            atomic_write(file, self._steps.file([*str(error).splitlines()[:1], f"Found by {type(self).__name__}."]))
            error.add_note(f"Play it: ecf-sandbox scenarios play {file}")
        raise error

    def _has(self, name: str) -> bool:
        return callable(getattr(self._adapter, _method(name), None))

    def _tasks(self) -> Mapping[str, str]:
        found: Mapping[str, str] = self._service.part_or("client_tasks", {})
        return found

    @property
    def _reader(self) -> Shown:
        assert self._shown is not None
        return self._shown


class _Watched:
    """What came of a client's turn."""

    def __init__(self) -> None:
        self.shown: list[Known] = []
        self.exchanges: list[Exchange] = []
        self.raised: Exception | None = None
        self.trouble = False
        self.refused = False


class _Wire:
    """What lies between the client and the application: it counts requests, and lets others act between two of them."""

    def __init__(self) -> None:
        self._home = place().pool
        self._interrupt: Callable[[int], None] | None = None
        self._count = 0

    def begin(self, interrupt: Callable[[int], None] | None) -> None:
        """Count anew, and ask this before each request from the second on."""
        self._interrupt, self._count = interrupt, 0

    def send(self, method: str, target: str, headers: Headers = (), body: bytes | None = None) -> Reply:
        """Send a request, after what happens before it."""
        if self._interrupt is not None and self._count:
            self._interrupt(self._count)
        self._count += 1
        return self._home.send(method, target, headers, body)

    @property
    def url(self) -> str:
        """The address of the server."""
        return self._home.url

    def past(self, world: str) -> list[Exchange]:
        """What was asked of worlds that are no more."""
        return self._home.past(world)


def _method(name: str) -> str:
    return name.replace("-", "_")
