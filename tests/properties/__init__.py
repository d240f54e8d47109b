"""Clients with a fault each, and one without: what the machine of `ecf_sandbox.testing` makes of them."""
