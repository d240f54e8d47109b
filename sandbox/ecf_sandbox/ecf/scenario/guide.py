"""What the page of the scenario file says of this service beside its sections, and the example at its end."""

from __future__ import annotations

from pathlib import Path

from ecf_sandbox.scenario.file_reference import Guide

EXAMPLE = Path(__file__).with_name("example.yaml")
GUIDE = Guide(
    conventions="""\
- A *cohort* is its year.
- Providers, delivery partners and schools have a key of your own (`oakfield`), by which the file names them. People are
  named by their full name. In a story, the clients are the lead providers, by their keys.
- Whoever is not said to be anything else is eligible, active, and on the standard schedule that begins in September.
- Statements are where they are at `as_of`.
""",
    names="""\
- `${people.Jane Smith}`: the participant id. `${people.Jane Smith.ect}` and `.mentor` are ids of training records. Whom
  an event registers can be named in the steps after it.
- `${schools.Oakfield Academy}`, `${providers.Ambition Institute}`, `${delivery_partners.Kestrel Teaching School Hub}`:
  by their names, not by the keys of the file.
- `${partnerships.Oakfield Academy.2025.Ambition Institute}`: by school, cohort and provider.
- `${statements.Ambition Institute.2025.January 2026}`: by provider, cohort and month.
- `${declarations.Jane Smith.started}`: by person and type; the newest, if there are several.
""",
    example=EXAMPLE,
)
