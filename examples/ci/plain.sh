#!/bin/sh
# Starts a sandbox, runs a client's tests against it, and ends as they end:
#
#     sh plain.sh COMMAND [ARGUMENT]...
#
# The command finds LEAD_PROVIDER_API_URL and LEAD_PROVIDER_API_TOKEN in its environment. What may be set:
#
#     JOURNAL        where to write what was asked and answered, without tokens; journal.jsonl if not set
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

# Each world has a journal, and there may be one for each test.
written() {
  ecf-sandbox world list --url "$LEAD_PROVIDER_API_URL" >"$work/worlds" || return 3
  python3 -c 'import json, sys; print("\n".join(json.load(sys.stdin)["worlds"]))' <"$work/worlds" >"$work/names" || return 3
  : >"$work/journal"
  while read -r world; do
    ecf-sandbox journal export --url "$LEAD_PROVIDER_API_URL" --world "$world" >>"$work/journal" || return 3
  done <"$work/names"
  cp "$work/journal" "$journal" || return 3
}
after=0
written || after=$?
if [ "$after" -eq 0 ] && [ -n "${MIN_RULES:-}" ]; then
  ecf-sandbox report --min-rules "$MIN_RULES" "$journal" || after=$?
fi

# What the tests say comes first.
[ "$code" -ne 0 ] || code=$after
exit "$code"
