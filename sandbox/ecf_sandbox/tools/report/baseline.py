"""Leaves out what an earlier report had found already."""

from __future__ import annotations

import msgspec

from ecf_sandbox.state.record import replace
from ecf_sandbox.tools.report.report import FORMAT, VERSION, Baseline, FindingSeen, Report

Key = tuple[str, str, str]


class BadBaseline(Exception):
    """A file that is no report of this format and version. Says what it is instead."""


class _Told(msgspec.Struct):
    code: str
    operation: str
    where: str


class _Earlier(msgspec.Struct):
    format: str
    version: int
    findings: list[_Told]


def findings_of(written: bytes, file: str) -> frozenset[Key]:
    """What an earlier report had found; raises BadBaseline."""
    try:
        earlier = msgspec.json.decode(written, type=_Earlier)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as wrong:
        raise BadBaseline(f"{file} is no report: {wrong}; write one with: ecf-sandbox report --json FILE") from None
    if earlier.format != FORMAT:
        raise BadBaseline(f"{file} is no report but {earlier.format!r}; write one with: ecf-sandbox report --json FILE")
    if earlier.version != VERSION:
        raise BadBaseline(
            f"{file} is version {earlier.version} of the format, and this ecf-sandbox reads version {VERSION}"
        )
    return frozenset((it.code, it.operation, it.where) for it in earlier.findings)


def new_against(it: Report, known: frozenset[Key], file: str) -> Report:
    """The report with only those findings that are not known: another place of an operation is another finding."""
    new = tuple(found for found in it.findings if key(found) not in known)
    return replace(it, findings=new, baseline=Baseline(file=file, known=len(it.findings) - len(new)))


def key(it: FindingSeen) -> Key:
    """What makes a finding the same in two reports."""
    return it.code, it.operation, it.where
