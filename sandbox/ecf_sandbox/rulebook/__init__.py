"""What it is to refuse, whatever the rule."""
