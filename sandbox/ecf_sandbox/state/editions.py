"""Whose behaviour of a service a world shows: an edition, a name with switches that can each be set alone."""

from __future__ import annotations

from collections.abc import Mapping

from ecf_sandbox.state.record import Record, replace


class Edition(Record, frozen=True, kw_only=True):
    """A name and its switches. Each switch can also be set alone; nothing asks for the name."""

    name: str
    switches: Mapping[str, bool] = {}

    def on(self, switch: str) -> bool:
        """Whether a switch is on; raises KeyError for one that the service has not got."""
        return self.switches[switch]


def with_switches(edition: Edition, switches: Mapping[str, bool]) -> Edition:
    """The edition with some switches set alone; its name then lists them. Raises KeyError for an unknown switch."""
    unknown = switches.keys() - edition.switches.keys()
    if unknown:
        raise KeyError(sorted(unknown)[0])
    changed = {name: on for name, on in switches.items() if edition.on(name) != on}
    if not changed:
        return edition
    spelt = ",".join(f"{name}={'on' if on else 'off'}" for name, on in sorted(changed.items()))
    return replace(edition, name=f"{edition.name}+{spelt}", switches={**edition.switches, **changed})
