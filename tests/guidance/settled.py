"""Where the how-to guide contradicts itself or the service, what the sandbox answers instead, and why.

`docs/faithful.md` has the table; `python -m tests.guidance.settled` prints it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from ecf_sandbox.printing import table
from tests.guidance.printed import JANE, NO_UUID, PARTNERSHIP

# An answer that is another one each time.
NEW = object()
EVERYWHERE = "all"
_DECLARED = ("started", "retained", "completed")
_SHOWN = ("all declarations", "one declaration", "void")
_PARTNERED = ("confirm a partnership", "all partnerships", "one partnership")
_NOTED, _ROBIN = "99ca2223-8c1f-4ac8-985d-a0672e97694e", "08d78829-f864-417f-8a30-cb7655714e28"
_SETTLED = "the service's own form, which the guide's samples do not follow"


class Settled(NamedTuple):
    """A member of the answers of some examples: what the guide prints, what is answered, and why."""

    examples: tuple[str, ...]
    member: str
    printed: Any
    answered: Any
    why: str


SETTLED: tuple[Settled, ...] = (
    Settled((EVERYWHERE,), "updated_at", "2021-05-31T02:22:32.000Z", "2021-05-31T02:22:32Z", _SETTLED),
    Settled((EVERYWHERE,), "created_at", "2021-05-31T02:22:32.000Z", "2021-05-31T02:22:32Z", _SETTLED),
    Settled(
        ("retained", "completed"), "declaration_date", "2021-05-31T02:21:32.000Z", "2021-05-31T02:21:32Z", _SETTLED
    ),
    Settled((EVERYWHERE,), "id", NO_UUID, PARTNERSHIP, "a digit too many for a UUID"),
    Settled((EVERYWHERE,), "delivery_partner_id", NO_UUID, PARTNERSHIP, "a digit too many for a UUID"),
    Settled(_DECLARED, "id", JANE, NEW, "the id of another declaration, and of the participant"),
    Settled(_DECLARED, "participant_id", _ROBIN, JANE, "the participant of the request"),
    Settled(
        ("started",), "declaration_date", "2020-11-13T11:21:55Z", "2021-05-31T02:21:32Z", "the date of the request"
    ),
    Settled(_DECLARED, "created_at", "2020-11-13T11:21:55Z", "2021-05-31T02:22:32Z", "it was declared before its date"),
    Settled(_DECLARED, "updated_at", "2020-11-13T11:21:55Z", "2021-05-31T02:22:32Z", "it was declared before its date"),
    Settled(_DECLARED, "delivery_partner_id", _NOTED, PARTNERSHIP, "the delivery partner of that participant"),
    Settled(
        _DECLARED,
        "mentor_id",
        "907f61ed-5770-4d38-b22c-1a4265939378",
        "bb36d74a-68a7-47b6-86b6-1fd0d141c590",
        "the mentor of that participant",
    ),
    Settled(("started",), "evidence_held", "other", None, "the request holds no evidence"),
    Settled((*_DECLARED, *_SHOWN), "uplift_paid", True, False, "true only from `paid` on"),
    Settled(("all declarations",), "id", JANE, NEW, "two declarations with one id: the second has another"),
    Settled(("void",), "updated_at", "2020-11-13T11:21:55Z", "2021-05-31T02:22:32Z", "it has just been voided"),
    Settled(("void",), "statement_id", _NOTED, None, "null once an unpaid declaration is voided"),
    Settled(_PARTNERED, "cohort", 2021, "2021", _SETTLED),
    Settled(
        _PARTNERED,
        "school_id",
        "dd4a11347-7308-4879-942a-c4a70ced400v",
        "24b61d1c-ad95-4000-aee0-afbdd542294a",
        "no UUID; the school of the request to confirm",
    ),
    Settled(
        ("confirm a partnership",),
        "delivery_partner_id",
        NO_UUID,
        "db2fbf67-b7b7-454f-a1b7-0020411e2314",
        "the delivery partner of the request",
    ),
    Settled(("confirm a partnership",), "challenged_reason", "null", None, _SETTLED),
    Settled(("confirm a partnership",), "challenged_at", "null", None, _SETTLED),
    Settled(
        ("all partnerships", "one partnership"),
        "delivery_partner_name",
        "Delivery Partner Example",
        "Awesome Delivery Partner Ltd",
        "two names for one delivery partner",
    ),
    Settled(("one partnership", "one delivery partner"), "data", "a list of one", "an object", _SETTLED),
)
# What a request needs that cannot be sent as it stands, or stand alone.
REQUESTS: Mapping[str, str] = {
    "Quotation marks that are curly": "have to be straight: with curly ones the body is no JSON (400)",
    "The bodies of the retained and the completed declaration": (
        "lack a comma after `course_identifier` (400); with it they succeed"
    ),
    "`/api/v{n}/participants/ecf/{id}/resume` without a method": "is a `PUT`",
    "`GET //api/v3/delivery-partners/{id}`": "succeeds as it stands: doubled slashes are one",
    "Resuming": (
        "needs somebody who is deferred, while the guide shows Jane Smith as active: send the example that defers"
        " first, or name Casey Dunmore (`907f61ed-5770-4d38-b22c-1a4265939378`), who is deferred"
    ),
    "Updating a partnership": (
        "needs one that is active, while the guide shows it challenged: send the example that confirms it first, which"
        " brings it back under its id"
    ),
    "Withdrawing, and then changing the schedule": (
        "is refused, though the guide has them in this order: reset the world in between, or send each to its own"
    ),
    "`ecf-mentor` in the examples that act on a participant": (
        "Jane Smith is shown as an ECT only; in the scenario she is a mentor as well, in a second enrolment"
    ),
    "A start, a retention and a completion on one day in May 2021": (
        "lie before every published milestone of that cohort; in the scenario its milestones open in November 2020"
    ),
    "Lists of one": "have the others of the scenario, too",
}


def as_markdown() -> str:
    """Both tables."""
    rows = (
        (", ".join(it.examples), f"`{it.member}`", _value(it.printed), _value(it.answered), it.why) for it in SETTLED
    )
    answers = table(("example", "member", "the guide prints", "the sandbox answers", "why"), rows)
    requests = table(("the guide", "what of it"), REQUESTS.items())
    return f"{requests}\n\n{answers}"


def _value(it: Any) -> str:
    if it is NEW:
        return "a new id"
    words = {None: "null", True: "true", False: "false"}
    if isinstance(it, int) and not isinstance(it, bool):
        return f"`{it}`, a number"
    return f"`{words.get(it, it)}`"


if __name__ == "__main__":
    print(as_markdown())
