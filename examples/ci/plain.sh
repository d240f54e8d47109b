#!/bin/sh
# Starts a sandbox, runs a client's tests against it, and ends as they end:
#
#     sh plain.sh COMMAND [ARGUMENT]...
#
# The command finds LEAD_PROVIDER_API_URL and LEAD_PROVIDER_API_TOKEN in its environment. What may be set:
#
#     JOURNAL        where to write what was asked and answered, without tokens; journal.jsonl if not set
#     REPORT         a folder for the report: report.html, report.xml (JUnit), report.md, report.sarif, report.json; none if not set
#     MIN_RULES      end with 4 unless the tests have met so many of the business rules; no minimum if not set
#     SERVE_OPTIONS  more options for `ecf-sandbox serve`, such as `--edition live`
set -eu

if [ $# -eq 0 ]; then
  echo "usage: plain.sh COMMAND [ARGUMENT]..." >&2
  exit 2
fi
journal=${JOURNAL:-journal.jsonl}
work=$(mktemp -d)
server=
stop() {
  if [ -n "$server" ]; then
    kill "$server" 2>/dev/null || true
    wait "$server" 2>/dev/null || true
  fi
  rm -rf "$work"
}
trap stop EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

# Port 0 takes any free one; the first line of output then says, as JSON, where that is.
: >"$work/line"
# shellcheck disable=SC2086 # the options are several words
ecf-sandbox serve ${SERVE_OPTIONS:-} --port 0 >"$work/line" &
server=$!
tries=0
until read -r line <"$work/line"; do
  tries=$((tries + 1))
  if ! kill -0 "$server" 2>/dev/null || [ "$tries" -gt 300 ]; then
    echo "plain.sh: the sandbox did not start" >&2
    exit 3
  fi
  sleep 0.1
done
told() { printf '%s' "$line" | python3 -c 'import json, sys; print(json.load(sys.stdin)[sys.argv[1]])' "$1"; }
LEAD_PROVIDER_API_URL=$(told url)
LEAD_PROVIDER_API_TOKEN=$(told token)
export LEAD_PROVIDER_API_URL LEAD_PROVIDER_API_TOKEN

code=0
"$@" || code=$?

# The journals of all worlds, of which there may be one for each test.
after=0
ecf-sandbox journal export-all --url "$LEAD_PROVIDER_API_URL" >"$work/journal" && cp "$work/journal" "$journal" || after=3
if [ "$after" -eq 0 ] && [ -n "${REPORT:-}" ]; then
  mkdir -p "$REPORT"
  ecf-sandbox report --html "$REPORT/report.html" --junit "$REPORT/report.xml" --markdown "$REPORT/report.md" \
    --sarif "$REPORT/report.sarif" --json "$REPORT/report.json" "$journal" || after=$?
  # 1 says that something was found; whether that counts is for MIN_RULES to say.
  [ "$after" -ne 1 ] || after=0
fi
if [ "$after" -eq 0 ] && [ -n "${MIN_RULES:-}" ]; then
  ecf-sandbox report --min-rules "$MIN_RULES" "$journal" || after=$?
fi

# What the tests say comes first.
[ "$code" -ne 0 ] || code=$after
exit "$code"
