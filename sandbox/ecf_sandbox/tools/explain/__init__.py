"""Why a request ended as it did, and what would pass."""
