"""The sections of a scenario that know this service's nouns."""
