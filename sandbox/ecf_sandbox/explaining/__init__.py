"""Why a request was answered as it was, and what would pass: computed from the rules and the records, never guessed."""
