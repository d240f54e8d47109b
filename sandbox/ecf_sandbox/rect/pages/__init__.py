"""What the pages in a browser need to know of this service: who acts, what was done, what changed, in words."""
