"""What the page of the scenario file says of this service beside its sections, and the example at its end."""

from __future__ import annotations

from pathlib import Path

from ecf_sandbox.scenario.file_reference import Guide

EXAMPLE = Path(__file__).with_name("example.yaml")
GUIDE = Guide(
    conventions="""\
- The file says `service: rect`. Those of the other service are written so: [scenario-file.md](scenario-file.md).
- A *cohort* is its year.
- Providers, delivery partners and schools have a key of your own (`oakfield`), by which the file names them. People are
  named by their full name. In a story, the clients are the lead providers, by their keys.
- What the file says of somebody happens in its order of time, by the service's own rules: training whose school has no
  partnership with the provider is an expression of interest, a declaration needs the evidence that is asked for.
- Statements are where they are at `as_of`.
""",
    names="""\
- `${people.Jane Smith}`: the participant id. `${people.Jane Smith.ect}` and `.mentor` are ids of training records. Whom
  an event registers can be named in the steps after it.
- `${schools.Oakfield Academy}`, `${providers.Ambition Institute}`, `${delivery_partners.Kestrel Teaching School Hub}`:
  by their names, not by the keys of the file.
- `${partnerships.Oakfield Academy.2025.Ambition Institute}`: by school, cohort and provider.
- `${statements.Ambition Institute.2025.2026-1}`: by provider, cohort, year and month.
- `${declarations.Jane Smith.started}`: by person and type; the newest, if there are several.
""",
    example=EXAMPLE,
    title="The scenario file of Register early career teachers",
)
