"""`ecf-sandbox findings`: what the observer looks for in requests."""

from __future__ import annotations

import click


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
        from ecf_sandbox.scenario.problems import unlike

        raise click.UsageError(f"there is no finding {unlike(code, (it.code for it in entries))}")
    if as_json:
        click.echo(msgspec.json.format(msgspec.json.encode(chosen)).decode())
    elif markdown:
        click.echo(as_markdown(chosen), nl=False)
    else:
        click.echo("\n\n".join(as_text(it) for it in chosen))


def register(group: click.Group) -> None:
    """Add the command to a group."""
    group.add_command(findings)
