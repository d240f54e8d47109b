"""What each version answers: records as JSON:API documents."""
