"""What is known of refusals and of changes beyond rules, in words, and what might pass."""
