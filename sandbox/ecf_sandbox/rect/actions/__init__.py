"""Verbs: what lead providers write, and what follows of it."""
