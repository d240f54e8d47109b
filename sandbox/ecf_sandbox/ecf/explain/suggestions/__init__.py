"""What could make a refused request pass, a module for each family of requests."""
