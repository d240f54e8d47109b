"""What the observer finds in a request, and what a world does with it."""

from __future__ import annotations

from enum import StrEnum

from ecf_sandbox.state.record import Record


class Observing(StrEnum):
    """What a world does with findings: nothing, note them beside the answer, or refuse a request that has an error."""

    OFF = "off"
    NOTE = "note"
    REFUSE = "refuse"


class Severity(StrEnum):
    """How bad it is.

    An error does something else than was meant, or nothing; a warning works for now, or by chance; advice names a
    better way.
    """

    ERROR = "error"
    WARNING = "warning"
    ADVICE = "advice"


class Finding(Record, frozen=True, kw_only=True):
    """One mistake of a client that the service lets pass.

    `where` is a JSON pointer into the body, or the name of a parameter or a header, or `path`; `received` is what stood
    there and `expected` what a good client sends; `link` leads to the page of findings.
    """

    code: str
    severity: Severity
    where: str
    received: str
    expected: str
    message: str
    fix: str
    link: str
