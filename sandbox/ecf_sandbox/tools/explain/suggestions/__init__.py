"""What could make a refused request pass: its form and its spelling."""
