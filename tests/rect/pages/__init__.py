"""The pages of Register early career teachers, read without a browser."""
