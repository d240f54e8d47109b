#!/bin/sh
# Starts a sandbox, runs a client's tests against it, and ends as they end:
#
#     sh plain.sh COMMAND [ARGUMENT]...
#
# The command finds LEAD_PROVIDER_API_URL and LEAD_PROVIDER_API_TOKEN in its environment. What may be set:
#
#     JOURNAL           where to write what was asked and answered, without tokens; journal.jsonl if not set
#     REPORT            a folder for the report: report.html, report.xml (JUnit), report.md, report.sarif, report.json; none if not set
#     MIN_RULES         end with 4 unless so many of the business rules were judged; no minimum if not set
#     REQUIRE_COMPLETE  if set, end with 4 where the journal lacks something that was asked
#     SERVE_OPTIONS     more options for `ecf-sandbox serve`, such as `--edition live`
#
# A job that is cancelled (SIGTERM, SIGHUP, Ctrl-C) ends within two seconds, with journal and report.
set -eu

if [ $# -eq 0 ]; then
  echo "usage: plain.sh COMMAND [ARGUMENT]..." >&2
  exit 2
fi
journal=${JOURNAL:-journal.jsonl}
work=$(mktemp -d)
server=
tests=
exec 3<&0

# Runs a command in a session of its own, so that all its processes can be ended together and Ctrl-C is left to this script.
apart='
import os, signal, sys
os.setsid()
for it in (signal.SIGINT, signal.SIGQUIT):
    signal.signal(it, signal.SIG_DFL)
try:
    os.execvp(sys.argv[1], sys.argv[1:])
except OSError as error:
    print(f"plain.sh: {sys.argv[1]}: {error.strerror}", file=sys.stderr)
    sys.exit(127 if isinstance(error, FileNotFoundError) else 126)
'

# The server writes journal and report as it ends.
stop_server() {
  [ -n "$server" ] || return 0
  kill "$server" 2>/dev/null || true
  ended=0
  wait "$server" || ended=$?
  server=
  return "$ended"
}
cancel() { # SIGNAL CODE
  trap '' HUP INT TERM
  if [ -n "$tests" ]; then
    kill -s "$1" -- "-$tests" 2>/dev/null || kill -s "$1" "$tests" 2>/dev/null || true
    sleep 0.3
    kill -s KILL -- "-$tests" 2>/dev/null || true
  fi
  exit "$2"
}
trap 'stop_server || true; rm -rf "$work"' EXIT
trap 'cancel HUP 129' HUP
trap 'cancel INT 130' INT
trap 'cancel TERM 143' TERM

# Port 0 takes any free one; the first line of output then says, as JSON, where that is.
: >"$work/line"
# shellcheck disable=SC2086 # the options are several words
python3 -c "$apart" ecf-sandbox serve ${SERVE_OPTIONS:-} --port 0 --journal "$journal" ${REPORT:+--report "$REPORT"} >"$work/line" &
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

# In the background, since a shell hears a signal only once what runs in the foreground has ended.
python3 -c "$apart" "$@" <&3 &
tests=$!
code=0
wait "$tests" || code=$?
tests=

# The journals of all worlds, of which there may be one for each test.
after=0
stop_server || after=3
if [ "$after" -eq 0 ] && [ -n "${MIN_RULES:-}${REQUIRE_COMPLETE:-}" ]; then
  ecf-sandbox report ${MIN_RULES:+--min-rules "$MIN_RULES"} ${REQUIRE_COMPLETE:+--require-complete} "$journal" || after=$?
fi

# What the tests say comes first.
[ "$code" -ne 0 ] || code=$after
exit "$code"
