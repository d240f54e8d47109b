"""How a step's request is sent, and what it may expect of an answer's body."""

from collections.abc import Sequence

from ecf_sandbox.scenario.player import Outcome, play
from ecf_sandbox.scenario.steps import Step
from ecf_sandbox.transport import Headers, Reply


class Answering:
    """A server that always gives the same answer, and keeps what it was sent."""

    def __init__(self, body: bytes = b"", kind: str = "text/html; charset=utf-8") -> None:
        self.reply = Reply(400, {"content-type": kind}, body)
        self.headers: Sequence[tuple[str, str]] = ()

    def __call__(self, method: str, target: str, headers: Headers = (), body: bytes | None = None) -> Reply:
        self.headers = headers
        return self.reply


def outcome(step: Step, server: Answering) -> Outcome:
    return next(iter(play([step], {}, {}, server, None)))


def asking(**expected: object) -> Step:
    return Step(method="PUT", target="/", body={"data": {}}, status=400, **expected)


class TestARequestWithABody:
    def test_is_json_unless_the_step_says_otherwise(self) -> None:
        server = Answering()

        outcome(asking(), server)

        assert ("Content-Type", "application/json") in server.headers

    def test_has_the_one_content_type_that_the_step_names(self) -> None:
        server = Answering()

        outcome(asking(headers={"content-type": "text/plain"}), server)

        assert [value for name, value in server.headers if name.lower() == "content-type"] == ["text/plain"]


class TestAStepThatExpectsNoBody:
    def test_passes_when_there_is_none(self) -> None:
        assert outcome(asking(empty=True), Answering()).passed

    def test_shows_the_body_that_there_is(self) -> None:
        assert outcome(asking(empty=True), Answering(b'{"a": 1}')).differences == (
            'the answer is {"a": 1}, expected nothing',
        )


class TestAStepThatExpectsAContentType:
    def test_does_not_ask_for_the_charset(self) -> None:
        assert outcome(asking(content_type="text/html"), Answering()).passed

    def test_names_the_type_that_came_instead(self) -> None:
        assert outcome(asking(content_type="text/csv"), Answering()).differences == (
            "the answer is of type text/html, expected text/csv",
        )
