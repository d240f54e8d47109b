"""Bring the file named on the command line up to date with the service."""

from __future__ import annotations

import sys
from pathlib import Path

from lead_provider_api import LeadProviderApi
from register import Register

if __name__ == "__main__":
    path = Path(sys.argv[1])
    register = Register.load(path)
    register.update(LeadProviderApi.from_environment())
    register.save(path)
    missing = sum(1 for it in register.participants.values() if it.missing_since)
    print(f"{len(register.participants)} participants in {path}, {missing} of them no longer listed by the service")
