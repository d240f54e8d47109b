"""All that the pages need of this service, under the names that they look for (`web/ui/model.py`)."""

from __future__ import annotations

from ecf_sandbox.ecf.pages.actors import actor_of
from ecf_sandbox.ecf.pages.changes import changes
from ecf_sandbox.ecf.pages.deeds import deed
from ecf_sandbox.ecf.pages.groups import GROUPS as groups
from ecf_sandbox.ecf.pages.lanes import lanes
from ecf_sandbox.ecf.pages.variation import request_fields, with_fields

__all__ = ("actor_of", "changes", "deed", "groups", "lanes", "request_fields", "with_fields")
