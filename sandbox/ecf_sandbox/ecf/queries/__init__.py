"""What a provider may see: filtered, ordered, never changed."""
