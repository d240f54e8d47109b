"""For each rule a sound attempt and the smallest change to it that breaks that rule and no other."""
