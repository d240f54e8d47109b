"""What the sandbox can do beside the answer, shown for each service by the same list."""
