"""The whole table, by id, and what of the specification's differences no client can be found to do."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from ecf_sandbox.moving.difference import Difference
from ecf_sandbox.moving.table import declarations, participants, partnerships, transport

SUBJECTS: Final[Mapping[str, tuple[Difference, ...]]] = {
    "Paths, headers and errors": transport.DIFFERENCES,
    "Participants": participants.DIFFERENCES,
    "Declarations": declarations.DIFFERENCES,
    "Partnerships, schools, statements and others": partnerships.DIFFERENCES,
}
DIFFERENCES: Final = tuple(it for found in SUBJECTS.values() for it in found)
EVERY_CLIENT: Final = transport.EVERY_CLIENT
