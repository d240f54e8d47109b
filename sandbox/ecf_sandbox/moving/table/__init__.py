"""What differs between the API of the guide and Register early career teachers: one table, by subject."""
