"""What is wrong with an installation, and how to mend it. It has to work where the sandbox itself does not."""
