"""What an explanation says of this service's requests: rules, changes, what was not found, what would pass."""
