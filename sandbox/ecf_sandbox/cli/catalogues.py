"""`ecf-sandbox rules`, `editions`, `findings`: what can be refused, whose behaviour is shown, what is observed."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

import click

from ecf_sandbox.cli.options import service_option
from ecf_sandbox.suggest import did_you_mean

if TYPE_CHECKING:
    from ecf_sandbox.state.service import Service

C = TypeVar("C")


class Catalogue(Protocol):
    """A module that lists what there is, and knows how to print it."""

    def catalogue(self, service: Service, /) -> Sequence[Any]: ...

    def as_text(self, entry: Any, /) -> str: ...

    def as_markdown(self, entries: list[Any], service: Service, /) -> str: ...


def _forms(command: C) -> C:
    """Add `--markdown` and `--json`, which say how a catalogue is printed."""
    click.option("--json", "as_json", is_flag=True, help="Print JSON.")(command)  # type: ignore[type-var]
    click.option("--markdown", is_flag=True, help="Print Markdown.")(command)  # type: ignore[type-var]
    return command


@click.command()
@click.argument("id", required=False)
@_forms
@service_option
def rules(id: str | None, markdown: bool, as_json: bool, service: str) -> None:
    """List the rules by which requests are refused, or print all that is known of the one with that ID.

    A rule has a policy, the field and the message of its refusal, the editions that have it, the smallest change to a
    sound request that breaks it, and its source.
    """
    from ecf_sandbox.rulebook import catalogue

    _print(catalogue, service, "rule", ("id", "field", "policy"), id, markdown, as_json)


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@service_option
def editions(as_json: bool, service: str) -> None:
    """Print how the editions differ: each switch, the editions in which it is on, and the rules that depend on it."""
    from ecf_sandbox.rulebook.catalogue import edition_differences
    from ecf_sandbox.services import service_named

    differences = edition_differences(service_named(service))
    if as_json:
        names = ("switch", "meaning", "on_in", "rules")
        told = [dict(zip(names, it, strict=True)) for it in differences]
        click.echo(json.dumps(told, indent=2, ensure_ascii=False))
        return
    click.echo("Set a single switch with: ecf-sandbox serve --set SWITCH=on|off\n")
    for name, meaning, on, hanging in differences:
        click.echo(f"{name}\n  {meaning}\n  on in: {on}" + (f"\n  rules: {', '.join(hanging)}" if hanging else ""))


@click.command()
@click.argument("code", required=False)
@_forms
@service_option
def findings(code: str | None, markdown: bool, as_json: bool, service: str) -> None:
    """List the observer's findings, mistakes that the service lets pass, or print the one with that CODE.

    A finding has a policy, a severity, a message and a fix. Braces are placeholders, filled in from the request.
    """
    from ecf_sandbox.tools.observer import catalogue

    _print(catalogue, service, "finding", ("code", "severity", "policy"), code, markdown, as_json)


def register(group: click.Group) -> None:
    """Add the commands to a group."""
    for it in (rules, editions, findings):
        group.add_command(it)


def _print(
    module: Catalogue,
    service: str,
    what: str,
    columns: tuple[str, str, str],
    wanted: str | None,
    markdown: bool,
    as_json: bool,
) -> None:
    """Print the catalogue that a module makes of a service as a table, or the one entry whose first is wanted."""
    import msgspec

    from ecf_sandbox.cli.tables import Column, Table, print_table
    from ecf_sandbox.services import service_named

    key, of = columns[0], service_named(service)
    entries = module.catalogue(of)
    chosen = [it for it in entries if wanted in (None, getattr(it, key))]
    if not chosen:
        raise click.UsageError(f"there is no {what} {did_you_mean(wanted, (getattr(it, key) for it in entries))}")
    if as_json:
        click.echo(msgspec.json.format(msgspec.json.encode(chosen)).decode())
    elif markdown:
        click.echo(module.as_markdown(chosen, of), nl=False)
    elif wanted is None:
        heads = [Column(columns[0].upper(), least=24), Column(columns[1].upper()), Column(columns[2].upper(), least=20)]
        rows = [[str(getattr(it, name)) for name in columns] for it in chosen]
        note = f"All that is known of one: ecf-sandbox {what}s {key.upper()}"
        print_table(Table(heads, rows, f"No {what}s.", [note]))
    else:
        click.echo(module.as_text(chosen[0]))
