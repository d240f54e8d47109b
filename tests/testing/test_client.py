"""The client of a test's world: what it makes of an answer."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ecf_sandbox.testing.client import EcfAnswer
from ecf_sandbox.transport import Reply

JSON = "application/vnd.api+json"
DOCUMENTS = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


def an_answer(body: bytes, content_type: str = JSON) -> EcfAnswer:
    return EcfAnswer(Reply(200, {"content-type": content_type}, body))


@given(DOCUMENTS)
def test_its_document_is_what_pythons_own_reader_makes_of_the_body(document):
    body = json.dumps(document).encode()

    assert an_answer(body).json == json.loads(body)


def test_a_number_beyond_a_float_is_read_too():
    assert an_answer(b'{"data": 1e400}').json == {"data": float("inf")}


def test_half_a_document_is_an_error():
    with pytest.raises(ValueError, match="line 1"):
        an_answer(b'{"data": [').json  # noqa: B018


@pytest.mark.parametrize("answer", [an_answer(b""), an_answer(b"<p>", "text/html")], ids=["no body", "another type"])
def test_what_is_no_document_is_none(answer):
    assert answer.json is None
