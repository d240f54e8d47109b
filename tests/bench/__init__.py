"""How fast the sandbox is, as ratios against a bare Flask application on the same server in the same run."""
