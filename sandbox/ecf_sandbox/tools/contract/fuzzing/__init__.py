"""What schemathesis is taught about this API. Needs the extra `schemathesis`; no other part imports it."""
