"""Clients in other languages, exercised from a folder of somebody else's with what was installed."""

from __future__ import annotations

import shutil

from tests.release.failed import holds, run
from tests.release.installation import Installed

# Reads every participant page by page, each time.
NODE = """
const { ECF_SANDBOX_URL: url, ECF_SANDBOX_TOKEN: token } = process.env;
const participants = {};
for (let page = 1; ; page += 1) {
  const query = new URLSearchParams({ "page[page]": page, "page[per_page]": 100 });
  const headers = { Authorization: `Bearer ${token}` };
  const answer = await fetch(`${url}/api/v3/participants/ecf?${query}`, { headers });
  if (!answer.ok) throw new Error(`answered with ${answer.status}`);
  const { data } = await answer.json();
  if (data.length === 0) break;
  for (const { id, attributes } of data) participants[id] = attributes;
}
console.log(JSON.stringify({ participants }));
"""
# Reads the first page of what was declared, and takes it for all.
SHELL = """#!/bin/sh
set -eu
curl --silent --fail --header "Authorization: Bearer $ECF_SANDBOX_TOKEN" \\
    "$ECF_SANDBOX_URL/api/v3/participant-declarations?page%5Bper_page%5D=PER_PAGE" >"$ECF_SANDBOX_STATE/page"
sed -e 's/^{"data":/{"declarations":/' "$ECF_SANDBOX_STATE/page" >"$ECF_SANDBOX_KNOWS"
"""


def exercises_a_node_client(it: Installed) -> None:
    """A client in Node comes through; with an extra of the sandbox, and nothing else installed."""
    if shutil.which("node") is None:
        return
    run([it.bin / "python", "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "hypothesis"], it.folder)
    (it.folder / "client.mjs").write_text(NODE)
    printed = run(it.ecf_sandbox("exercise", "--histories", "5", "--jobs", "2", "--", "node", "client.mjs"), it.folder)
    holds(printed, "5 histories (seed 0) in", "no invariant was broken.")


def exercises_a_shell_client(it: Installed) -> None:
    """A client in shell that takes a page for all is found, and what was found can be played and repeated."""
    run([it.bin / "python", "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "hypothesis"], it.folder)
    script = it.folder / "client.sh"
    for per_page, code in (("3000", 0), ("3", 1)):
        script.write_text(SHELL.replace("PER_PAGE", per_page))
        exercise = ("exercise", "--histories", "5", "--no-faults", "--", "sh", "client.sh")
        printed = run(it.ecf_sandbox(*exercise), it.folder, code=code)
    holds(printed, "knows-what-the-api-shows: ", "is not known", "ecf-sandbox scenarios play .ecf-sandbox/histories/")
    [scenario] = (it.folder / ".ecf-sandbox" / "histories").glob("*.yaml")
    holds(run(it.ecf_sandbox("scenarios", "play", str(scenario)), it.folder), "0 different")
    replay = ("exercise", "--replay", str(scenario.with_suffix(".json")), "--", "sh", "client.sh")
    holds(run(it.ecf_sandbox(*replay), it.folder, code=1), "does not come through it")
