"""Histories for a client: what happens is played and told, and what it knows is held against what it was shown."""
