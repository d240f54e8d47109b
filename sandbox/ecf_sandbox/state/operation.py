"""Which operation of the API a request means, spelt as the OpenAPI documents spell it."""

from __future__ import annotations

from ecf_sandbox.state.record import Record


class OperationInfo(Record, frozen=True, kw_only=True):
    """A method and path of the API, or none of them (`version` 0); `operation` is its stable name in the journal.

    `newer` is the same operation in the newest version, None in that itself and where it has not got it. With
    `strict_filters` the service looks at no filter but one that is text.
    """

    version: int = 0
    method: str = ""
    path: str = ""
    operation: str = "no route"
    csv: bool = False
    newer: OperationInfo | None = None
    strict_filters: bool = True
    is_list: bool = False
    is_show: bool = False
    is_write: bool = False


NO_OPERATION = OperationInfo()


def operation_info(
    version: int, method: str, path: str, operation: str, *, csv: bool = False, strict_filters: bool = True
) -> OperationInfo:
    """What is known of an operation; `csv` says that it also answers CSV."""
    reads, one = method == "GET", "{id}" in path
    return OperationInfo(
        version=version,
        method=method,
        path=path,
        operation=operation,
        csv=csv,
        strict_filters=strict_filters,
        is_list=reads and not one,
        is_show=reads and one,
        is_write=not reads,
    )


def subject_of(operation: str) -> str:
    """An operation without its version and its form: `listParticipants` also for the old path and for CSV."""
    return operation.partition(" ")[2].removesuffix("Csv").removesuffix("Legacy")
