#!/bin/sh
# Runs tests that use the pytest plugin, which starts what it needs itself, and ends as they end:
#
#     sh pytest.sh [OPTION OF PYTEST]...
#
# Run it where pytest has its root, best that of the repository. It leaves in the folder of REPORT, `report` if not set:
#
#     tests.xml      your tests, as JUnit
#     report.xml     what the observer found in their requests, as JUnit
#     report.sarif   the same for a code host, at the file and line of each test
#     report.html, report.md, journal.jsonl
set -u

report=${REPORT:-report}
code=0
python3 -m pytest --junitxml="$report/tests.xml" --ecf-report="$report" "$@" || code=$?

# It ends with 1 for errors that the observer found. Those have failed their tests, or are expected by them.
after=0
ecf-sandbox report "$report/journal.jsonl" --junit "$report/report.xml" --sarif "$report/report.sarif" \
  --html "$report/report.html" --markdown "$report/report.md" || after=$?
[ "$code" -ne 0 ] || [ "$after" -le 1 ] || code=$after
exit "$code"
