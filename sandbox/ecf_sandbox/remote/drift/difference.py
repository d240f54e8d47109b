"""One way in which the other server answers differently, and what it may mean."""

from __future__ import annotations

from ecf_sandbox.state.record import Record

MEANINGS = {
    "status": "A client that goes by the status takes another way there.",
    "content-type": "A client that chooses its parser by the content type may choose another.",
    "not-json": "A client cannot read the answer there as JSON.",
    "key-added": "The service has something that the sandbox does not know: it may be new, or of the other edition.",
    "key-missing": "The service may have dropped it, or not have it yet: a client should not count on it.",
    "key-sometimes": "There it is not always present: a client should not count on it.",
    "key-order": "Only who compares texts, or reads CSV made of them, will notice.",
    "type": "A client that is strict about types fails there.",
    "format": "A client that reads the text strictly fails there.",
    "value": "No OpenAPI document of ours knows the value: a client with a closed list of values fails there.",
    "spelling": "The same value is spelt otherwise: the edition there may be the other one.",
    "text": "A client that shows or looks into the text sees another one.",
    "behaviour": "The list is not cut, filtered or ordered as the sandbox does it.",
    "document": "The answer there is not as the sandbox's OpenAPI document promises.",
}


class Difference(Record, frozen=True, kw_only=True):
    """Where it is (`pointer` is empty for the whole answer), what is there and what is here."""

    kind: str
    method: str = "GET"
    path: str
    with_: str = ""
    pointer: str = ""
    there: str
    here: str

    @property
    def meaning(self) -> str:
        """What it may mean to a client."""
        return MEANINGS[self.kind]
