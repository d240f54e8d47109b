"""Explanations as a developer reads them; the files in `golden/stories` are the default scenario's."""

from __future__ import annotations

import json
import shlex
import shutil
import subprocess
from collections.abc import Callable

import pytest

from ecf_sandbox.tools.explain.explanation import Explanation, Request
from ecf_sandbox.tools.explain.text import as_text, curl
from tests.served import served
from tests.tools.explain.asking import PARTICIPANTS, Explained
from tests.tools.explain.golden_files import check, without_the_list

Ask = Callable[[Explained], Explanation]
STORIES: dict[str, Ask] = {
    "a-declaration-too-early": lambda it: it.declaring("Jane Smith", "started", "2025-05-31T23:59:59Z"),
    "a-declaration-made-already": lambda it: it.declaring("Amara Okafor", "retained-2", "2026-05-12T00:00:00Z"),
    "a-declaration-accepted": lambda it: it.declaring("Jane Smith", "started", "2025-10-13T00:00:00Z"),
    "a-withdrawal-before-the-start": lambda it: it.acting("Jane Smith", "withdraw", reason="moved-school"),
    "a-schedule-that-does-not-fit": lambda it: it.acting(
        "Chloe Dunn", "change-schedule", schedule_identifier="ecf-standard-january"
    ),
    "a-participant-of-somebody-else": lambda it: it.reading(f"{PARTICIPANTS}/{it.id('people.Hugo Brandt')}"),
}
# The one story on file that lists every rule that was asked.
LISTED = "a-declaration-too-early"


@pytest.mark.parametrize("name", STORIES)
def test_a_story_reads_as_on_file(name, client: Explained):
    text = as_text if name == LISTED else without_the_list

    check(f"stories/{name}", text(STORIES[name](client), "http://127.0.0.1:8000"))


class TestCurl:
    def test_quotes_what_a_shell_would_take_for_something_else(self):
        request = Request(method="POST", path="/x?a=1&b=2", headers={"X": "it's"}, body={"a": "é"})

        assert curl(request, "http://h") == """curl -X POST -H 'X: it'"'"'s' -d '{"a": "é"}' 'http://h/x?a=1&b=2'"""

    @pytest.mark.parametrize("query", ["page[page]=2", "filter[cohort]=2024,2025", "x={id}"])
    def test_does_not_take_brackets_for_several_addresses(self, query):
        assert curl(Request(method="GET", path=f"/x?{query}"), "http://h") == f"curl -g 'http://h/x?{query}'"

    @pytest.mark.slow
    @pytest.mark.skipif(shutil.which("curl") is None, reason="no curl here")
    def test_sends_brackets_as_they_stand(self):
        with served() as it:
            request = Request(
                method="GET",
                path="/api/v3/statements?page[per_page]=1",
                headers={"Authorization": f"Bearer {it.token}"},
            )
            sent = subprocess.run(shlex.split(curl(request, it.url)), capture_output=True, text=True, check=True)

        assert len(json.loads(sent.stdout)["data"]) == 1

    def test_needs_no_method_to_read(self):
        assert curl(Request(method="GET", path="/x"), "http://h") == "curl http://h/x"
