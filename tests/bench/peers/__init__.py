"""The sandbox beside other fakes that people know, on one machine in one run, each from an environment of its own.

What is asked is what each does at its best: one thing by its id, a list of a hundred, a new thing, everything reset.
Where a peer answers fixed documents they are the sandbox's own, so that all send about as many bytes.
"""
