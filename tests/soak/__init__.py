"""Many worlds used for long: what the process holds is resident memory by minute, and it ends flat."""
