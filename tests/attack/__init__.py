"""What somebody does to a served sandbox over raw sockets, and what must hold all the same.

Each case is a function in `cases.py` with its claim beside it; a new one needs nothing else. It gets a server of its
own (`target.py`) and fails by an assertion. None asks how long something took: what is counted is answers, their
order, bytes, megabytes and seconds of processor.
"""
