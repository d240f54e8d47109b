"""The services that a world can be of: the one place that knows each by name."""

from __future__ import annotations

from importlib import import_module

from ecf_sandbox.state.service import Service

# The first is served where nobody chose.
SERVICES = {"ecf": "ecf_sandbox.ecf.service"}


def service_named(name: str = "ecf") -> Service:
    """The service of that name; raises KeyError."""
    service: Service = import_module(SERVICES[name]).SERVICE
    return service
