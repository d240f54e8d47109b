"""A world is a value: its records, its clock, its ids, its journal, its faults."""
