"""For each rule the smallest change of a sound attempt that breaks it, and no other."""
