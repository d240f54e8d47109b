"""What each endpoint does: one module for a family of paths."""
