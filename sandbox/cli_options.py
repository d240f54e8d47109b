"""Options that several commands share."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from sandbox.editions import Edition


def edition_named(_context: click.Context, _option: click.Parameter, value: str | None) -> Edition | None:
    """The edition of a name given as an option, if one was; raises BadParameter, which names the nearest."""
    if value is None:
        return None
    from sandbox.editions import EDITIONS

    if value not in EDITIONS:
        from sandbox.scenario.problems import unlike

        raise click.BadParameter(f"there is no edition {unlike(value, EDITIONS)}")
    return EDITIONS[value]
