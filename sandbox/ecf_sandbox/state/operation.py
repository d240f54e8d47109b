"""Which operation of the API a request means, spelt as the OpenAPI documents spell it."""

from __future__ import annotations

from ecf_sandbox.state.record import Record


class OperationInfo(Record, frozen=True, kw_only=True):
    """A method and path of the API, or none of them (`version` 0); `operation` is its stable name in the journal."""

    version: int = 0
    method: str = ""
    path: str = ""
    operation: str = "no route"
    csv: bool = False
    is_list: bool = False
    is_show: bool = False
    is_write: bool = False


NO_OPERATION = OperationInfo()


def operation_info(version: int, method: str, path: str, operation: str, *, csv: bool = False) -> OperationInfo:
    """What is known of an operation; `csv` says that it also answers CSV."""
    reads, one = method == "GET", "{id}" in path
    return OperationInfo(
        version=version,
        method=method,
        path=path,
        operation=operation,
        csv=csv,
        is_list=reads and not one,
        is_show=reads and one,
        is_write=not reads,
    )
