"""`ecf-sandbox rules`, `editions`, `findings`: what can be refused, whose behaviour is shown, what is observed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol, TypeVar

import click

from ecf_sandbox.suggest import did_you_mean

C = TypeVar("C")


class Catalogue(Protocol):
    """A module that lists what there is, and knows how to print it."""

    def catalogue(self) -> Sequence[Any]: ...

    def as_text(self, entry: Any, /) -> str: ...

    def as_markdown(self, entries: list[Any], /) -> str: ...


def _forms(command: C) -> C:
    """Add `--markdown` and `--json`, which say how a catalogue is printed."""
    click.option("--json", "as_json", is_flag=True, help="Print JSON.")(command)  # type: ignore[type-var]
    click.option("--markdown", is_flag=True, help="Print all of them as Markdown.")(command)  # type: ignore[type-var]
    return command


@click.command()
@click.argument("id", required=False)
@_forms
def rules(id: str | None, markdown: bool, as_json: bool) -> None:
    """Print the rules by which requests are refused: all of them, or the one with that ID.

    A rule has a policy, the field and the message of its refusal, the editions that have it, the smallest change to a
    sound request that breaks it, and its source.
    """
    from ecf_sandbox.services import service_named

    catalogue: Catalogue = service_named().part("rule_catalogue")
    _print(catalogue, "rule", "id", id, markdown, as_json)


@click.command()
def editions() -> None:
    """Print how the editions differ: each switch, the editions in which it is on, and the rules that depend on it."""
    from ecf_sandbox.services import service_named

    click.echo("Set a single switch with: ecf-sandbox serve --set SWITCH=on|off\n")
    for name, meaning, on, hanging in service_named().edition_differences():
        click.echo(f"{name}\n  {meaning}\n  on in: {on}" + (f"\n  rules: {', '.join(hanging)}" if hanging else ""))


@click.command()
@click.argument("code", required=False)
@_forms
def findings(code: str | None, markdown: bool, as_json: bool) -> None:
    """Print the observer's findings, mistakes that the service lets pass: all of them, or the one with that CODE.

    A finding has a policy, a severity, a message and a fix. Braces are placeholders, filled in from the request.
    """
    from ecf_sandbox.tools.observer import catalogue

    _print(catalogue, "finding", "code", code, markdown, as_json)


def register(group: click.Group) -> None:
    """Add the commands to a group."""
    for it in (rules, editions, findings):
        group.add_command(it)


def _print(module: Catalogue, what: str, key: str, wanted: str | None, markdown: bool, as_json: bool) -> None:
    """Print the catalogue that a module has, or the one entry whose `key` is wanted."""
    import msgspec

    entries = module.catalogue()
    chosen = [it for it in entries if wanted in (None, getattr(it, key))]
    if not chosen:
        raise click.UsageError(f"there is no {what} {did_you_mean(wanted, (getattr(it, key) for it in entries))}")
    if as_json:
        click.echo(msgspec.json.format(msgspec.json.encode(chosen)).decode())
    elif markdown:
        click.echo(module.as_markdown(chosen), nl=False)
    else:
        click.echo("\n\n".join(map(module.as_text, chosen)))
