"""Small changes to a refused request that may help; each is tried."""
