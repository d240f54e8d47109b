"""Every OpenAPI document that comes with the sandbox, by the name of its file and of its page."""

from __future__ import annotations

from ecf_sandbox.services import DEFAULT, SERVICES, service_named
from ecf_sandbox.tools.contract.documents import CONTROL, OpenApiDocument, control_document, documents

DOCUMENTS: dict[str, OpenApiDocument] = {
    **{
        version if name == DEFAULT else f"{name}-{version}": document
        for name in SERVICES
        for version, document in documents(service_named(name)).items()
    },
    CONTROL: control_document(),
}


def service_of(document: str) -> str:
    """The service whose document it is; of the control plane's, the default one."""
    return document.partition("-v")[0] if "-v" in document else DEFAULT
