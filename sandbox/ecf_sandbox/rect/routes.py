"""Every path of the provider API and the endpoint that answers (behaviour/rect.md#2)."""

from __future__ import annotations

from ecf_sandbox.api.routes import Kind, Route

_ENDPOINTS = "ecf_sandbox.rect.endpoints"
_ID = "<segment:id>"


def _read(path: str, operation_id: str, endpoint: str, noun: str = "") -> Route:
    return _route("GET", path, operation_id, endpoint, Kind.READ, noun)


def _write(method: str, path: str, operation_id: str, endpoint: str, noun: str = "") -> Route:
    return _route(method, path, operation_id, endpoint, Kind.WRITE, noun)


def _route(method: str, path: str, operation_id: str, endpoint: str, kind: Kind, noun: str) -> Route:
    noun = noun or path.strip("/").partition("/")[0].replace("-", " ").removeprefix("participant ")
    return Route(
        method=method,
        path=path,
        operation_id=operation_id,
        endpoint=f"{_ENDPOINTS}.{endpoint}",
        kind=kind,
        noun=noun,
    )


ROUTES: tuple[Route, ...] = (
    _read("/participants", "listParticipants", "participants:list_participants"),
    _read("/participants/transfers", "listTransfers", "participants:list_transfers", "transfers"),
    _read(f"/participants/{_ID}", "showParticipant", "participants:show_participant"),
    _read(f"/participants/{_ID}/transfers", "showTransfers", "participants:show_transfers", "transfers"),
    _write("PUT", f"/participants/{_ID}/defer", "deferParticipant", "writes:defer"),
    _write("PUT", f"/participants/{_ID}/resume", "resumeParticipant", "writes:resume"),
    _write("PUT", f"/participants/{_ID}/withdraw", "withdrawParticipant", "writes:withdraw"),
    _write("PUT", f"/participants/{_ID}/change-schedule", "changeParticipantSchedule", "writes:change_schedule"),
    _read("/participant-declarations", "listDeclarations", "declarations:list_declarations"),
    _read(f"/participant-declarations/{_ID}", "showDeclaration", "declarations:show_declaration"),
    _write("POST", "/participant-declarations", "createDeclaration", "writes:create_declaration"),
    _write("PUT", f"/participant-declarations/{_ID}/void", "voidDeclaration", "writes:void_declaration"),
    _read("/partnerships", "listPartnerships", "partnerships:list_partnerships"),
    _read(f"/partnerships/{_ID}", "showPartnership", "partnerships:show_partnership"),
    _write("POST", "/partnerships", "confirmPartnership", "writes:create_partnership"),
    _write("PUT", f"/partnerships/{_ID}", "updatePartnership", "writes:update_partnership"),
    _write("PATCH", f"/partnerships/{_ID}", "patchPartnership", "writes:update_partnership"),
    _read("/schools", "listSchools", "schools:list_schools"),
    _read(f"/schools/{_ID}", "showSchool", "schools:show_school"),
    _read("/delivery-partners", "listDeliveryPartners", "schools:list_delivery_partners"),
    _read(f"/delivery-partners/{_ID}", "showDeliveryPartner", "schools:show_delivery_partner"),
    _read("/statements", "listStatements", "schools:list_statements"),
    _read(f"/statements/{_ID}", "showStatement", "schools:show_statement"),
    _read("/unfunded-mentors", "listUnfundedMentors", "participants:list_unfunded_mentors"),
    _read(f"/unfunded-mentors/{_ID}", "showUnfundedMentor", "participants:show_unfunded_mentor"),
)
