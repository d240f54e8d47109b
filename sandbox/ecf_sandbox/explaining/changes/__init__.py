"""Small changes to a request that may make it pass, one module for each family of actions."""
