"""`ecf-sandbox rules`, `editions`, `findings`: what can be refused, whose behaviour is shown, what is observed."""

from __future__ import annotations

import click

from ecf_sandbox.suggest import did_you_mean


@click.command()
@click.argument("id", required=False)
@click.option("--markdown", is_flag=True, help="Print the whole catalogue as Markdown.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def rules(id: str | None, markdown: bool, as_json: bool) -> None:
    """Print the rules by which requests are refused: all of them, or the one with that ID.

    A rule has a policy, the field and the message of its refusal, the editions that have it, the smallest change to a
    sound request that breaks it, and its source.
    """
    import msgspec

    from ecf_sandbox.services import service_named

    service = service_named()
    as_markdown, as_text = service.part("rules_as_markdown"), service.part("rules_as_text")
    entries = service.part("rules")()
    chosen = [it for it in entries if id in (None, it.id)]
    if not chosen:
        raise click.UsageError(f"there is no rule {did_you_mean(id, (it.id for it in entries))}")
    if as_json:
        click.echo(msgspec.json.format(msgspec.json.encode(chosen)).decode())
    elif markdown:
        click.echo(as_markdown(chosen), nl=False)
    else:
        click.echo("\n\n".join(as_text(it) for it in chosen))


@click.command()
def editions() -> None:
    """Print how the editions differ: each switch, where it is on, and the rules that hang on it."""
    from ecf_sandbox.services import service_named

    click.echo("Set one switch alone with: ecf-sandbox serve --set SWITCH=on|off\n")
    for name, meaning, on, hanging in service_named().part("edition_differences")():
        click.echo(f"{name}\n  {meaning}\n  on in: {on}" + (f"\n  rules: {', '.join(hanging)}" if hanging else ""))


def register(group: click.Group) -> None:
    """Add both commands to a group."""
    group.add_command(rules)
    group.add_command(editions)


@click.command()
@click.argument("code", required=False)
@click.option("--markdown", is_flag=True, help="Print the whole catalogue as Markdown.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def findings(code: str | None, markdown: bool, as_json: bool) -> None:
    """Print the mistakes that the service lets pass and the observer finds: all of them, or the one with that CODE.

    A finding has a policy, a severity, a message and a fix. What stands in braces is filled in from the request.
    """
    import msgspec

    from ecf_sandbox.tools.observer.catalogue import as_markdown, as_text, catalogue

    entries = catalogue()
    chosen = [it for it in entries if code in (None, it.code)]
    if not chosen:
        raise click.UsageError(f"there is no finding {did_you_mean(code, (it.code for it in entries))}")
    if as_json:
        click.echo(msgspec.json.format(msgspec.json.encode(chosen)).decode())
    elif markdown:
        click.echo(as_markdown(chosen), nl=False)
    else:
        click.echo("\n\n".join(as_text(it) for it in chosen))


def register_findings(group: click.Group) -> None:
    """Add the command to a group."""
    group.add_command(findings)
