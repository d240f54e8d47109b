"""What each operation does, between the request context and queries and actions."""
