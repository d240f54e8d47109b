"""The sections of a scenario file, and how schools, people and histories become records."""
