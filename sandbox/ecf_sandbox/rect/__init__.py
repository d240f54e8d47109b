"""The API that lead providers call since April 2026: Register early career teachers."""
