"""The pages below `/ui/`."""
