"""The command `ecf-sandbox`: a module for each group of commands."""
