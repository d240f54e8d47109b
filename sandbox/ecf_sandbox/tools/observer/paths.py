"""Checks on the path: places that do not exist, odd spellings, older versions."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ecf_sandbox.api.router import router_of
from ecf_sandbox.state.findings import Severity
from ecf_sandbox.suggest import did_you_mean
from ecf_sandbox.tools.observer.check import Location, check
from ecf_sandbox.tools.observer.expected import has_csv
from ecf_sandbox.tools.observer.request import ObservedRequest

WHERE = "path"
_ID = re.compile(r"(?<=/)[^/]*[0-9][^/]{6,}(?=/|$)")


@check(
    "path.unknown",
    Severity.ERROR,
    message="The path doesn't exist. The service may answer with an HTML page: {near}",
    fix="Correct the path; those of each version are in its OpenAPI document.",
)
def unknown_path(sent: ObservedRequest) -> Iterator[Location]:
    """A path is one of the API's, in lower case, under a version that has it."""
    path, router = sent.environ["PATH_INFO"], router_of(sent.service)
    if not sent.info.version and path.lower().startswith("/api") and not router.matches(path):
        yield Location(WHERE, path, near=did_you_mean(_ID.sub("{id}", path), router.paths))


@check(
    "path.wrong-method",
    Severity.ERROR,
    message="The path exists, but not for {received}; the service answers 404, as if the path didn't exist.",
    fix="Use {expected}.",
)
def wrong_method(sent: ObservedRequest) -> Iterator[Location]:
    """Each path is used with a method that it has."""
    if not sent.info.version and (known := router_of(sent.service).matches(sent.environ["PATH_INFO"])):
        yield Location(WHERE, sent.method, " or ".join(it.info.method for it in known))


@check(
    "path.id-not-uuid",
    Severity.ERROR,
    message="{received!r} can't be an id: the service answers as for an unknown one.",
    fix="Put {expected} in the path, as in the answer that had it.",
)
def id_not_uuid(sent: ObservedRequest) -> Iterator[Location]:
    """The id in a path is a UUID."""
    if sent.id is not None and sent.uuid is None:
        yield Location(WHERE, sent.id, "a UUID")


@check(
    "path.id-odd-spelling",
    Severity.WARNING,
    message="The service happens to accept this spelling of an id, but its own answers spell it differently.",
    fix="Write the id as the service does: {expected}.",
)
def id_odd_spelling(sent: ObservedRequest) -> Iterator[Location]:
    """Ids are sent as the service writes them: lower case, four dashes, no braces."""
    if sent.uuid is not None and sent.id != sent.uuid:
        yield Location(WHERE, sent.id or "", sent.uuid)


@check(
    "path.suffix-ignored",
    Severity.WARNING,
    message="The suffix .{received} changes nothing here: the answer is JSON.",
    fix="Leave the suffix out{near}.",
)
def suffix_ignored(sent: ObservedRequest) -> Iterator[Location]:
    """A format suffix is used only where there is a choice of formats."""
    if sent.info.version and sent.suffix not in (None, "json") and not sent.info.csv:
        version = sent.info.version
        listed = sent.suffix == "csv" and sent.info.is_list
        near = f"; v{version} has no CSV" if listed and not has_csv(sent.service, version) else ""
        yield Location(WHERE, str(sent.suffix), "no suffix", near)


@check(
    "version.older",
    Severity.ADVICE,
    message=(
        "This request used {received}. {near} has the operation too, with fuller answers, and gets the new features."
    ),
    fix="Use {expected}.",
)
def older_version(sent: ObservedRequest) -> Iterator[Location]:
    """Clients use the newest version where it has the operation."""
    newer = sent.info.newer
    if newer is not None and sent.suffix != "csv":
        yield Location(WHERE, f"v{sent.info.version}", f"{newer.method} {newer.path}", f"v{newer.version}")


CHECKS = (unknown_path, wrong_method, id_not_uuid, id_odd_spelling, suffix_ignored, older_version)
