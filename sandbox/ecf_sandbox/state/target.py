"""Splits the target of a request into its path, its query, and the parameters of that."""

from __future__ import annotations

from urllib.parse import parse_qsl

from ecf_sandbox.state.record import Record


class Target(Record, frozen=True, kw_only=True):
    """What a request line names: `query` is raw, and empty if there is none."""

    path: str
    query: str = ""

    @property
    def parameters(self) -> tuple[tuple[str, str], ...]:
        """The names and values of the query, decoded, in order; a value may be empty."""
        return tuple(parse_qsl(self.query, keep_blank_values=True))


def split_target(target: str) -> Target:
    """A target as a journal has it, taken apart."""
    path, _, query = target.partition("?")
    return Target(path=path, query=query)
