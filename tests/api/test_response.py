"""The line of status that an answer begins with."""

from __future__ import annotations

from http import HTTPStatus

import pytest
from werkzeug.http import HTTP_STATUS_CODES

from ecf_sandbox.api.response import Response


def line_of(status: int) -> str:
    told = []
    Response(b"", status, [])({"REQUEST_METHOD": "GET"}, lambda line, _headers: told.append(line))
    return told[0]


@pytest.mark.parametrize("status", sorted({*HTTP_STATUS_CODES, *HTTPStatus}))
def test_the_line_of_status_is_that_of_werkzeug(status):
    assert line_of(status) == f"{int(status)} {HTTP_STATUS_CODES.get(status, 'unknown').upper()}"


def test_a_status_that_nobody_knows_is_called_unknown():
    assert line_of(599) == "599 UNKNOWN"
