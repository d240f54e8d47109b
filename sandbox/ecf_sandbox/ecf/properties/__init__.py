"""What providers' clients are tried with: what may happen in a world, requests of every kind, and what must hold."""
