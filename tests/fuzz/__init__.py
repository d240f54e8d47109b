"""Whatever is asked, by whomever: no mistake of ours, and whatever was asked can be read afterwards.

Requests are drawn from a corpus (`corpus.py`), changed (`mutation.py`) and sent straight into the application, in
rounds of some hundred (`campaign.py`). A round begins with a fresh application and ends with reading all that is kept:
journals, exports, explanations, reports. What fails is reported with the fewest requests that make it fail
(`minimal.py`). How much is drawn is counted in requests, never in time, and a seed repeats it.
"""
