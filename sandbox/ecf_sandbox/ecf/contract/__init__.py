"""How servers of this API are fuzzed."""
