"""The OpenAPI documents held against what the sandbox answers."""
