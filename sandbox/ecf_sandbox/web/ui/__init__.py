"""Pages for a trainer, and for a developer who watches: stories step by step, and a world with all that is in it."""
