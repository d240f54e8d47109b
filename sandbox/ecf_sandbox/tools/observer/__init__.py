"""The observer: strict where the service is lax, it notes what a client does wrong and no answer tells."""
