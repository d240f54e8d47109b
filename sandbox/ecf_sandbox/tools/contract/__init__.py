"""What the OpenAPI documents promise, and whether an answer keeps it."""
