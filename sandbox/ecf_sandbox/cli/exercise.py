"""`ecf-sandbox exercise`: plays histories drawn at random against a client in any language."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Any, NoReturn

import click

from ecf_sandbox.cli.options import edition_named, moment_named, scenario_named, service_of_scenario_option
from ecf_sandbox.cli.terminal import is_terminal, plain_text, width_of
from ecf_sandbox.suggest import did_you_mean

if TYPE_CHECKING:
    from ecf_sandbox.scenario import Scenario
    from ecf_sandbox.state.properties import Invariant
    from ecf_sandbox.tools.exercise.beginning import Settings
    from ecf_sandbox.tools.exercise.failure import Failure
    from ecf_sandbox.tools.exercise.history import History
    from ecf_sandbox.tools.exercise.workers import Workers

BROKEN, CANNOT_RUN, TOO_FEW, INTERRUPTED = 1, 3, 4, 130
FOLDER = Path(".ecf-sandbox") / "histories"
_BAR = 24
_TRY = "ecf-sandbox: trying the command once, where nothing happens"


@click.command(
    context_settings={"allow_interspersed_args": False, "max_content_width": 100, "show_default": True},
)
@click.argument("command", metavar="-- COMMAND [ARGUMENT]...", nargs=-1, type=click.UNPROCESSED)
@click.option("--histories", type=click.IntRange(1), default=200, help="How many histories to play.")
@click.option("--seed", default="0", help="What the histories follow from: equal seeds give equal histories.")
@click.option(
    "--invariant", "only", metavar="NAME", multiple=True, help="Hold only this against the client. Can be repeated."
)
@click.option("--without", metavar="NAME", multiple=True, help="Don't hold this against the client. Can be repeated.")
@click.option(
    "--task",
    "tasks",
    metavar="NAME",
    multiple=True,
    help="What the client can be told to do in a task file, such as declare. Can be repeated.  [default: nothing]",
)
@click.option("--faults/--no-faults", default=True, help="Whether the network fails now and then.")
@click.option(
    "--time-limit",
    type=click.FloatRange(0, min_open=True),
    metavar="SECONDS",
    help="Begin no history after so many seconds. Making one that failed shorter takes at most half as long again.",
)
@click.option(
    "--min-histories", type=click.IntRange(0), help="Exit with 4 if fewer were played because the time was up."
)
@click.option(
    "--run-limit",
    type=click.FloatRange(0, min_open=True),
    metavar="SECONDS",
    default=60,
    help="How long the command may take each time.",
)
@click.option("--jobs", type=click.IntRange(1, 64), default=1, help="How many histories to play side by side.")
@click.option(
    "--env",
    "variables",
    metavar="NAME=VALUE",
    multiple=True,
    help="A variable for the command, in whose value {url}, {token}, {world}, {now}, {state} and {knows} are filled in."
    " Can be repeated.",
)
@click.option(
    "--scenario", default="default", help="What histories begin with: one that comes with the sandbox, or a YAML file."
)
@click.option("--edition", help="The edition: guidance or live.  [default: the scenario's, or guidance]")
@click.option("--provider", metavar="NAME", help="Whose client it is.  [default: the first of the scenario]")
@click.option(
    "--now",
    metavar="MOMENT",
    callback=moment_named,
    help="When histories begin, such as 2026-10-12T09:00:00Z.  [default: the scenario's moment]",
)
@click.option(
    "--replay",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Play the history in this file only, as one was found.",
)
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    metavar="DIR",
    default=FOLDER,
    help="Where histories are kept that the client does not come through. Those that are there are tried first.",
)
@click.option("--list", "listed", is_flag=True, help="Print the invariants and the tasks, and exit.")
@click.option("--schema", is_flag=True, help="Print the JSON Schema of what the command writes, and exit.")
@click.option("--quiet", is_flag=True, help="Don't show progress on standard error.")
@service_of_scenario_option
def exercise(
    command: tuple[str, ...],
    histories: int,
    seed: str,
    only: tuple[str, ...],
    without: tuple[str, ...],
    tasks: tuple[str, ...],
    faults: bool,
    time_limit: float | None,
    min_histories: int | None,
    run_limit: float,
    jobs: int,
    variables: tuple[str, ...],
    scenario: str,
    edition: str | None,
    provider: str | None,
    now: datetime | None,
    replay: Path | None,
    out: Path,
    listed: bool,
    schema: bool,
    quiet: bool,
    service: str | None,
) -> None:
    """Play histories against a client in any language, and tell the shortest one that it does not come through.

    Each history is a world of its own in which schools, the DfE, other providers and the network do something. In
    between COMMAND runs as your client would: it brings itself up to date, and writes what it knows as one object of
    JSON to standard output, or to the file that ECF_SANDBOX_KNOWS names. Where the service is, the environment says:
    ECF_SANDBOX_URL, ECF_SANDBOX_TOKEN, ECF_SANDBOX_NOW, ECF_SANDBOX_STATE and more (docs/properties.md).

    Needs hypothesis, which comes with the extra 'properties'.

    Exit status: 0; 1 if an invariant is broken; 2 for a wrong command; 3 if COMMAND cannot be run or does not write
    what it knows; 4 if fewer histories were played than --min-histories; 130 after Ctrl-C.
    """
    if importlib.util.find_spec("hypothesis") is None:
        _end("hypothesis, which draws histories, is not installed: pip install hypothesis, or the extra 'properties'")
    if schema:
        from ecf_sandbox.tools.exercise.knows import as_schema

        click.echo(as_schema(_service(service)), nl=False)
        return
    history = _history_in(replay)
    if history is not None:
        service = history.service
    story = scenario_named(scenario, service=service)
    invariants = _invariants(story)
    known_tasks: dict[str, str] = story.service.part_or("client_tasks", {})
    if listed:
        _print_list(invariants, known_tasks)
        return
    if not command and history is not None:
        command = history.command
    if not command:
        raise click.UsageError("give the command that runs your client, after --")
    from ecf_sandbox.dates.wire import instant
    from ecf_sandbox.tools.exercise.beginning import Settings

    settings = Settings(
        command=command,
        scenario=scenario,
        service=story.service.name,
        edition=None if edition is None else edition_named(edition, story.service).name,
        provider=provider,
        now=None if now is None else instant(now),
        seed=seed,
        invariants=_chosen(invariants, only, without),
        tasks=_tasks(tasks, known_tasks),
        faults=faults,
        more=_variables(variables),
        run_limit=run_limit,
        shrinking=60.0 if time_limit is None else time_limit / 2,
    )
    _check_beginning(settings)
    run = _Exercise(settings, invariants, out, quiet=quiet)
    try:
        if history is not None and replay is not None:
            run.replay(history, replay)
        else:
            run.explore(histories, jobs, time_limit, min_histories)
    except KeyboardInterrupt:
        run.clear()
        raise SystemExit(INTERRUPTED) from None


def register(group: click.Group) -> None:
    """Add the command to a group."""
    group.add_command(exercise)


class _Exercise:
    """One run of the command, from the first try to the end."""

    def __init__(self, settings: Settings, invariants: dict[str, Invariant], folder: Path, *, quiet: bool) -> None:
        from ecf_sandbox.tools.exercise.workers import Tally

        self.settings = settings
        self.invariants = invariants
        self.folder = folder
        self.tally = Tally()
        self.began = monotonic()
        self._shows = not quiet and is_terminal(sys.stderr)
        self._of = 0

    def replay(self, history: History, file: Path) -> None:
        """Play one history; ends with 1 if the client does not come through it."""
        with self._workers(1) as workers:
            failure = self._replayed(workers, history)
        if failure is None:
            click.echo(f"{file}: the client comes through it.")
            return
        self._tell(failure, [f"{file}: the client does not come through it."])
        raise SystemExit(BROKEN)

    def explore(self, histories: int, jobs: int, limit: float | None, least: int | None) -> None:
        """Play what was found earlier, then so many histories; ends with 1 if the client does not come through one."""
        from ecf_sandbox.tools.exercise.workers import WorkerFailed, blocks_of

        earlier = self._earlier()
        self._of = histories + len(earlier)
        blocks = blocks_of(histories)
        with self._workers(min(jobs, len(blocks))) as workers:
            try:
                self._show(_TRY)
                workers.one({"try": True})
                self.began = monotonic()
                for file, history in earlier:
                    failure = self._replayed(workers, history)
                    if failure is not None:
                        self._tell(failure, [f"{file}, which was found earlier: the client does not come through it."])
                        raise SystemExit(BROKEN)
                found = workers.explore(blocks, self._heard, seconds=limit)
            except WorkerFailed as wrong:
                self.clear()
                _end(str(wrong))
        self.clear()
        if found is not None:
            self._found(found)
        click.echo(f"{self._counted()}: no invariant was broken.")
        if limit is not None and self.tally.histories < self._of:
            click.echo(f"The time was up before {self._of} histories had been played.")
        if least is not None and self.tally.histories < least:
            click.echo(f"ecf-sandbox: {self.tally.histories} histories played, at least {least} required", err=True)
            raise SystemExit(TOO_FEW)

    def clear(self) -> None:
        """Take the progress bar away."""
        if self._shows:
            click.echo("\r\x1b[K", nl=False, err=True)

    def _workers(self, jobs: int) -> Workers:
        import msgspec

        from ecf_sandbox.tools.exercise.workers import Workers

        return Workers(msgspec.to_builtins(self.settings), jobs)

    def _replayed(self, workers: Workers, history: History) -> Failure | None:
        from ecf_sandbox.tools.exercise.failure import failure_of
        from ecf_sandbox.tools.exercise.history import as_data
        from ecf_sandbox.tools.exercise.workers import WorkerFailed

        try:
            told = workers.one({"replay": as_data(history)}, self._heard)["failure"]
        except WorkerFailed as wrong:
            self.clear()
            _end(str(wrong))
        return None if told is None else failure_of(told)

    def _earlier(self) -> list[tuple[Path, History]]:
        from ecf_sandbox.tools.exercise.bundle import found_earlier
        from ecf_sandbox.tools.exercise.history import BadHistory

        try:
            found = found_earlier(self.folder)
        except BadHistory as wrong:
            _end(f"{wrong}\nremove it, or choose another folder with --out")
        except OSError as error:
            _end(f"cannot read {error.filename}: {error.strerror}")
        ours = self.settings
        return [
            (file, it)
            for file, it in found
            if (it.service, it.scenario, it.edition, it.provider)
            == (ours.service, ours.scenario, ours.edition, ours.provider)
            and (not ours.invariants or set(it.broken) & set(ours.invariants))
        ]

    def _found(self, told: Any) -> NoReturn:
        """Tell and keep a history that was found; ends with 1."""
        from ecf_sandbox.state.record import replace
        from ecf_sandbox.tools.exercise.beginning import beginning_of
        from ecf_sandbox.tools.exercise.failure import failure_of, keep

        failure = failure_of(told)
        broken = tuple(dict.fromkeys(it.invariant for it in failure.complaints))
        history = replace(failure.history, broken=broken, command=tuple(self.settings.command))
        failure = replace(failure, history=history)
        self._tell(failure, [f"{self._counted()}: the client does not come through this one."])
        try:
            files = keep(failure, beginning_of(history), self.settings.more, self.folder)
        except OSError as error:
            _end(f"cannot write {error.filename}: {error.strerror}")
        click.echo(f"""
Kept in {self.folder}, and tried first the next time:
  ecf-sandbox exercise --replay {files["history"]}
  ecf-sandbox scenarios play {files["scenario"]}
  python -m pytest {files["pytest"]}
  sh {files["curl"]}""")
        raise SystemExit(BROKEN)

    def _tell(self, failure: Failure, head: Sequence[str]) -> None:
        from ecf_sandbox.tools.exercise.failure import judgement, sentences

        self.clear()
        lines = [*head, "", *sentences(failure), "", *judgement(failure, self.invariants)]
        if not failure.again:
            lines += ["", "Played once more it came through: the client does not do the same each time."]
        click.echo(plain_text("\n".join(lines)))

    def _counted(self) -> str:
        it = self.tally
        took = monotonic() - self.began
        shorter = f", {it.shrinking} to make one shorter" if it.shrinking else ""
        return (
            f"{it.histories} histories{shorter} (seed {self.settings.seed}) in {took:.1f} s,"
            f" of which the client took {it.client_seconds:.1f} s in {it.runs} runs"
        )

    def _heard(self, told: Any) -> None:
        self.tally.add(told)
        done = min(self.tally.histories / self._of, 1.0) if self._of else 1.0
        bar = "#" * round(done * _BAR)
        what = f", making one shorter ({self.tally.shrinking})" if self.tally.shrinking else ""
        line = (
            f"[{bar:.<{_BAR}}] {self.tally.histories} of {self._of} histories, {monotonic() - self.began:.0f} s{what}"
        )
        self._show(line)

    def _show(self, line: str) -> None:
        if self._shows:
            width = width_of(sys.stderr) or len(line) + 1
            click.echo(f"\r\x1b[K{line[: width - 1]}", nl=False, err=True)


def _invariants(story: Scenario) -> dict[str, Invariant]:
    from ecf_sandbox.tools.exercise.beginning import ENDS_WELL

    known = story.service.client_invariants
    if not known:
        raise click.UsageError(f"the service {story.service.name} says nothing of what must hold of its clients")
    return {it.id: it for it in (*known, ENDS_WELL)}


def _chosen(known: dict[str, Invariant], only: Sequence[str], without: Sequence[str]) -> tuple[str, ...]:
    for option, names in (("--invariant", only), ("--without", without)):
        for it in names:
            if it not in known:
                raise click.BadParameter(f"there is no invariant {did_you_mean(it, known)}", param_hint=option)
    chosen = tuple(it for it in known if (not only or it in only) and it not in without)
    if not chosen:
        raise click.UsageError("no invariant is left")
    return chosen


def _tasks(names: Sequence[str], known: dict[str, str]) -> tuple[str, ...]:
    for it in names:
        if it not in known:
            raise click.BadParameter(f"there is no task {did_you_mean(it, known)}", param_hint="--task")
    return tuple(dict.fromkeys(names))


def _variables(given: Sequence[str]) -> dict[str, str]:
    from ecf_sandbox.tools.exercise.client import GIVEN

    found = {}
    for it in given:
        name, sign, value = it.partition("=")
        if not sign or not name:
            raise click.BadParameter(f"{it!r} is not NAME=VALUE", param_hint="--env")
        if name in GIVEN:
            raise click.BadParameter(f"{name} is set by the sandbox", param_hint="--env")
        found[name] = value
    return found


def _history_in(file: Path | None) -> History | None:
    from ecf_sandbox.tools.exercise.bundle import history_in
    from ecf_sandbox.tools.exercise.history import BadHistory

    if file is None:
        return None
    try:
        return history_in(file)
    except BadHistory as wrong:
        _end(str(wrong))
    except OSError as error:
        _end(f"cannot read {file}: {error.strerror}")


def _check_beginning(settings: Settings) -> None:
    """Refuse what no history can begin as, before a process is started for it."""
    from ecf_sandbox.tools.exercise.beginning import BadBeginning, beginning_of
    from ecf_sandbox.tools.exercise.history import History

    begins = History(
        scenario=settings.scenario,
        service=settings.service,
        edition=settings.edition,
        provider=settings.provider,
        now=settings.now,
    )
    try:
        beginning_of(begins)
    except BadBeginning as wrong:
        raise click.UsageError(str(wrong)) from None


def _print_list(invariants: dict[str, Invariant], tasks: dict[str, str]) -> None:
    width = max(map(len, (*invariants, *tasks))) + 2
    click.echo("Invariants:")
    for it in invariants.values():
        click.echo(f"  {it.id:<{width}}{it.sentence}")
    click.echo("\nTasks:")
    for name, operation in tasks.items():
        click.echo(f"  {name:<{width}}{operation}")


def _service(name: str | None) -> Any:
    from ecf_sandbox.services import DEFAULT, service_named

    return service_named(name or DEFAULT)


def _end(why: str) -> NoReturn:
    click.echo(f"ecf-sandbox: {plain_text(why)}", err=True)
    raise SystemExit(CANNOT_RUN)
