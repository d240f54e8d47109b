"""What services share that say what is drawn for tests of a client: how it is drawn, judged and told."""
