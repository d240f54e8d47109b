"""Holds an answer against the OpenAPI document, and says what is wrong without saying what the answer holds."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

from ecf_sandbox.remote.drift.comparing import Unlike
from ecf_sandbox.tools.contract.answers import Contract
from ecf_sandbox.tools.contract.schemas import CannotJudge, validators
from ecf_sandbox.transport import Reply

_BODY = re.compile(r"body (/\S*): (.*)", re.DOTALL)
_INDEX = re.compile(r"/[0-9]+(?=/|$)")
_NAMED = re.compile(r"'([^']*)'")
_REQUIRED = re.compile(r'"([^"]*)" is a required property')
# What a value is not, without the value.
_CLAIM = re.compile(
    r"(?:is (?:not |shorter|longer|less|greater)|does not match|has (?:more|less|non-unique)).*", re.DOTALL
)


def can_judge() -> bool:
    """Whether the package is installed that judges."""
    try:
        validators()
    except CannotJudge:
        return False
    return True


class Promised:
    """The documents of the API."""

    def __init__(self) -> None:
        self._contract = Contract()

    def unlike(self, target: str, reply: Reply, told: Collection[str]) -> Iterator[Unlike]:
        """What is wrong with an answer, once for all items of a list; raises CannotJudge.

        What lies at a pointer that is `told` already, or leads to one, is not said again.
        """
        seen: set[tuple[str, str]] = set()
        for fault in self._contract.faults("GET", target, reply):
            body = _BODY.fullmatch(fault)
            pointer = _INDEX.sub("/*", body[1]).rstrip("/") if body else ""
            claim = _claim(body[2]) if body else fault
            if (pointer, claim) in seen or (body and _is_told(pointer, body[2], told)):
                continue
            seen.add((pointer, claim))
            yield Unlike("document", pointer, claim, "as promised")


def _claim(message: str) -> str:
    if _REQUIRED.fullmatch(message) or message.startswith("Additional properties"):
        return message
    found = _CLAIM.search(message)
    return found[0] if found else "is not as promised"


def _is_told(pointer: str, message: str, told: Collection[str]) -> bool:
    required = _REQUIRED.fullmatch(message)
    names = [required[1]] if required else _NAMED.findall(message) if message.startswith("Additional") else []
    if names:
        return all(f"{pointer}/{name}" in told for name in names)
    return any(it == pointer or it.startswith(f"{pointer}/") for it in told)
