"""Every check by family, in the order of the findings, with all that is known of it."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from ecf_sandbox.printing import bullets, code, entry
from ecf_sandbox.services import SERVICES, service_named
from ecf_sandbox.state.findings import Severity
from ecf_sandbox.state.record import Record
from ecf_sandbox.state.service import Service
from ecf_sandbox.tools.observer import (
    attributes,
    authorization,
    bodies,
    filters,
    headers,
    history,
    paths,
    queries,
    worlds,
)
from ecf_sandbox.tools.observer.check import Check

HEAD = (*authorization.CHECKS, *paths.CHECKS, *headers.CHECKS)
QUERY = (*authorization.QUERY, *queries.CHECKS, *filters.CHECKS)
UNREADABLE = (*queries.UNREADABLE, *bodies.UNREADABLE)
MEDIA_TYPE = bodies.MEDIA_TYPES
BODY = (*bodies.CHECKS, *attributes.CHECKS)
WRITES, LISTS = history.WRITES, history.LISTS
WORLD = worlds.CHECKS


def own_checks(service: Service) -> tuple[Check, ...]:
    """Those that a service has of its own."""
    return service.part_or("checks", ())


def checks_of(service: Service) -> tuple[Check, ...]:
    """All checks of requests for a service, in the order in which their findings are told."""
    return (*HEAD, *QUERY, *UNREADABLE, *MEDIA_TYPE, *BODY, *own_checks(service), *WRITES, *LISTS, *WORLD)


class CheckEntry(Record, frozen=True, kw_only=True):
    """A check as a reader meets it; `message` and `fix` have names in braces where a finding has what it found."""

    code: str
    severity: Severity
    policy: str
    message: str
    fix: str
    link: str


def catalogue(service: Service) -> list[CheckEntry]:
    """All checks, in the order in which their findings are told."""
    return [msgspec.convert(it, CheckEntry, from_attributes=True) for it in checks_of(service)]


def as_text(it: CheckEntry) -> str:
    """One check for a terminal."""
    return entry(it.code, it.policy, {"severity": it.severity, "message": it.message, "fix": it.fix})


def page() -> str:
    """The page of findings, with those that only services other than the first have at its end."""
    first, *others = map(service_named, SERVICES)
    told, parts = catalogue(first), [as_markdown(catalogue(first), first)]
    for it in others:
        known = {each.code for each in told}
        own = [each for each in catalogue(it) if each.code not in known]
        if own:
            parts.append(f"\n## Only of {it.title}\n\n" + "\n".join(map(_section, own)).rstrip() + "\n")
            told += own
    return "".join(parts)


def as_markdown(entries: Sequence[CheckEntry], service: Service) -> str:  # noqa: ARG001 - as of rules
    """Findings by family; `page` is the page of all."""
    families: dict[str, list[CheckEntry]] = {}
    for it in entries:
        families.setdefault(it.code.partition(".")[0], []).append(it)
    parts = [_HEAD]
    for family, those in families.items():
        parts.append(f"## {family.replace('-', ' ').capitalize()}\n")
        parts += [_section(it) for it in those]
    return "\n".join(parts).rstrip() + "\n"


_HEAD = """# Findings

Printed from the code; a test compares. `ecf-sandbox findings --markdown` prints those of one service. The real service
lets many mistakes of a client pass. The sandbox answers as the service does, and its observer reports such mistakes
beside the answer: in the header `X-Sandbox-Findings` (how many; absent if there are none) and in the journal. Braces
are placeholders.

- **error**: the request does something other than intended, or nothing. With `refuse`, it is refused.
- **warning**: it works for now, or by chance.
- **advice**: there is a better way.

`ecf-sandbox serve --observer off|note|refuse` chooses what to do with findings; `note` is the default. A refusal
by the observer has status 400, the type `application/problem+json` and the header `X-Sandbox-Refused: observer`, and
changes nothing.
"""


def _section(it: CheckEntry) -> str:
    facts = {"severity": it.severity, "message": code(it.message), "fix": code(it.fix)}
    return f'<a id="{it.code}"></a>\n\n### {it.code}\n\n{it.policy}\n\n{bullets(facts)}\n'


if __name__ == "__main__":
    print(page(), end="")
