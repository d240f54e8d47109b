"""Every path of the provider API, the versions that have it, and the endpoint that answers."""

from __future__ import annotations

from dataclasses import replace

from ecf_sandbox.api.routes import Kind, Route

ENDPOINTS = "ecf_sandbox.ecf.endpoints"
ALL = (1, 2, 3)
OLD = (1, 2)


# What a path is about. The longer path first: /participants/ecf/transfers is no participant.
RESOURCES: dict[str, str] = {
    "participants/ecf/transfers": "transfers",
    "participants/ecf": "participants",
    "participants": "participants",
    "unfunded-mentors/ecf": "unfunded mentors",
    "participant-declarations": "declarations",
    "partnerships/ecf": "partnerships",
    "schools/ecf": "schools",
    "delivery-partners": "delivery partners",
    "statements": "statements",
}


def _noun(path: str) -> str:
    if path.endswith("/transfers"):
        return "transfers"
    return next(noun for start, noun in RESOURCES.items() if path.startswith(f"/{start}"))


def _read(path: str, operation_id: str, endpoint: str, versions: tuple[int, ...] = (3,), *, csv: bool = False) -> Route:
    return _route("GET", path, operation_id, endpoint, versions, Kind.READ, csv=csv)


def _write(method: str, path: str, operation_id: str, endpoint: str, versions: tuple[int, ...] = (3,)) -> Route:
    return _route(method, path, operation_id, endpoint, versions, Kind.WRITE)


def _route(
    method: str,
    path: str,
    operation_id: str,
    endpoint: str,
    versions: tuple[int, ...],
    kind: Kind,
    *,
    csv: bool = False,
) -> Route:
    # The service keeps the raw body of everything about declarations (behaviour/http-and-partnerships.md#b1-7).
    audited = path.startswith("/participant-declarations")
    return Route(
        method=method,
        path=path,
        operation_id=operation_id,
        endpoint=f"{ENDPOINTS}.{endpoint}",
        versions=versions,
        kind=kind,
        csv=csv,
        audited=audited,
        lax_filters=OLD,  # behaviour/http-and-partnerships.md#b8
        noun=_noun(path),
    )


_ACTIONS = {
    "defer": "deferParticipant",
    "resume": "resumeParticipant",
    "withdraw": "withdrawParticipant",
    "change-schedule": "changeParticipantSchedule",
}


def _actions(path: str, versions: tuple[int, ...], form: str = "") -> tuple[Route, ...]:
    return tuple(
        _write(
            "PUT",
            f"{path}/<segment:id>/{action}",
            operation_id + form,
            f"participants:{action.replace('-', '_')}",
            versions,
        )
        for action, operation_id in _ACTIONS.items()
    )


def _missing(path: str, versions: tuple[int, ...]) -> tuple[Route, ...]:
    return tuple(
        Route(
            method="PUT", path=f"{path}/<segment:id>/{action}", versions=versions, kind=Kind.MISSING, noun=_noun(path)
        )
        for action in _ACTIONS
    )


def _moved(*routes: Route) -> tuple[Route, ...]:
    """Routes below /participants, all of which v3 has below /participants/ecf."""
    return tuple(replace(it, successor=it.path.replace("/participants", "/participants/ecf", 1)) for it in routes)


ROUTES: tuple[Route, ...] = (
    _read("/participants/ecf", "listParticipants", "participants:list_participants", OLD, csv=True),
    _read("/participants/ecf", "listParticipants", "participants:list_participants"),
    _read("/participants/ecf/<segment:id>", "showParticipant", "participants:show_participant", ALL),
    *_actions("/participants/ecf", ALL),
    *_moved(
        _read("/participants", "listParticipantsLegacy", "participants:list_participants", OLD, csv=True),
        *_actions("/participants", (1,), "Legacy"),
        *_missing("/participants", (2,)),
    ),
    _read("/participants/ecf/transfers", "listTransfers", "transfers:list_transfers"),
    _read("/participants/ecf/<segment:id>/transfers", "showTransfers", "transfers:show_transfers"),
    _read("/unfunded-mentors/ecf", "listUnfundedMentors", "transfers:list_unfunded_mentors"),
    _read("/unfunded-mentors/ecf/<segment:id>", "showUnfundedMentor", "transfers:show_unfunded_mentor"),
    _read("/participant-declarations", "listDeclarations", "declarations:list_declarations", OLD, csv=True),
    _read("/participant-declarations", "listDeclarations", "declarations:list_declarations"),
    _read("/participant-declarations/<segment:id>", "showDeclaration", "declarations:show_declaration", ALL),
    _write("POST", "/participant-declarations", "createDeclaration", "declarations:record_declaration", ALL),
    _write(
        "PUT", "/participant-declarations/<segment:id>/void", "voidDeclaration", "declarations:void_declaration", ALL
    ),
    _read("/statements", "listStatements", "schools:list_statements"),
    _read("/statements/<segment:id>", "showStatement", "schools:show_statement"),
    _read("/partnerships/ecf", "listPartnerships", "partnerships:list_partnerships"),
    _read("/partnerships/ecf/<segment:id>", "showPartnership", "partnerships:show_partnership"),
    _write("POST", "/partnerships/ecf", "confirmPartnership", "partnerships:confirm_partnership"),
    _write("PUT", "/partnerships/ecf/<segment:id>", "updatePartnership", "partnerships:update_partnership"),
    _write("PATCH", "/partnerships/ecf/<segment:id>", "patchPartnership", "partnerships:update_partnership"),
    _read("/schools/ecf", "listSchools", "schools:list_schools"),
    _read("/schools/ecf/<segment:id>", "showSchool", "schools:show_school"),
    _read("/delivery-partners", "listDeliveryPartners", "schools:list_delivery_partners"),
    _read("/delivery-partners/<segment:id>", "showDeliveryPartner", "schools:show_delivery_partner"),
    *(
        Route(method=method, path=path, versions=OLD, kind=Kind.PRIVATE)
        for path in ("/users", "/ecf-users")
        for method in ("GET", "POST")
    ),
    Route(method="GET", path="/data-studio/school-rollout", versions=(1,), kind=Kind.PRIVATE),
)
