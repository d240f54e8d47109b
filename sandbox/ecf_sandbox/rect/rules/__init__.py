"""Reasons to refuse a request, one module for each family of actions."""
