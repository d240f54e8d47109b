"""A server: its socket, its connections, and how it ends."""
