#!/usr/bin/env bash
# The client as `ecf-sandbox exercise` runs it: it does what it is told, or brings its folder up to date and prints it.
set -euo pipefail
cd "$(dirname "$0")"

export LEAD_PROVIDER_API_URL=$ECF_SANDBOX_URL LEAD_PROVIDER_API_TOKEN=$ECF_SANDBOX_TOKEN PER_PAGE=20
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# `date` tells the moment of the world, and `sleep` lets time pass there.
mkdir "$work/bin"
cat >"$work/bin/date" <<'DATE'
#!/usr/bin/env bash
python3 -c 'import os; from datetime import datetime
print(int(datetime.fromisoformat(os.environ["ECF_SANDBOX_NOW"].replace("Z", "+00:00")).timestamp()))'
DATE
cat >"$work/bin/sleep" <<'SLEEP'
#!/usr/bin/env bash
curl --silent --fail --header "Content-Type: application/json" --data "{\"seconds\": $1}" \
    "$ECF_SANDBOX_URL/_sandbox/worlds/$ECF_SANDBOX_WORLD/clock/advance" >/dev/null
SLEEP
chmod +x "$work/bin/date" "$work/bin/sleep"
export PATH="$work/bin:$PATH"

if [ -n "${ECF_SANDBOX_TASK:-}" ]; then
    python3 -c 'import json, sys
task = json.load(sys.stdin)
assert task.pop("do") == "declare"
print(json.dumps(task))' <"$ECF_SANDBOX_TASK" >"$work/declaration.json"
    outcome=0
    ./declare.sh "$work/declaration.json" || outcome=$?
    [ "$outcome" -le 1 ]
else
    ./sync.sh "$ECF_SANDBOX_STATE" >&2
    python3 -c 'import json, pathlib, sys
folder = pathlib.Path(sys.argv[1])
listed = [it for it in folder.glob("*.json") if not it.with_suffix(".missing").exists()]
print(json.dumps({"participants": {it.stem: json.loads(it.read_text()) for it in listed}}))' "$ECF_SANDBOX_STATE"
fi
