#!/usr/bin/env bash
# Bring a folder up to date with the service: FOLDER/ID.json has the attributes of a participant as last seen, and
# FOLDER/ID.missing, where there is one, the moment since which the service no longer lists them.
set -euo pipefail
# shellcheck source=lead-provider-api.sh
source "$(dirname "$0")/lead-provider-api.sh"

# Seconds: how often this is run. It asks from one interval before its last run on, as the guidance advises ("poll 2
# windows back"), so that nothing is missed that was being written, or moved from page to page, during the last run.
INTERVAL=3600

folder=${1:?the folder to keep the participants in}
mkdir -p "$folder"
began=$(date +%s)

moment() { # SECONDS since 1970, as the service reads it
    python3 -c 'import sys, time; print(time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(int(sys.argv[1]))))' "$1"
}

retired() { # the ids that the attributes of a participant had before
    grep -o '"from_participant_id": "[^"]*"' | cut -d '"' -f 4 || true
}

take() {
    local id attributes gone
    while IFS=$'\t' read -r id attributes; do
        [ -n "$id" ] || continue
        printf '%s\n' "$attributes" >"$folder/$id.json"
        rm -f "$folder/$id.missing"
        # Two records of one person became one. A list of changes shows who stays, and nothing of who has gone.
        for gone in $(retired <<<"$attributes"); do
            rm -f "$folder/$gone.json" "$folder/$gone.missing"
        done
    done
}

# Everybody. Who is on no page is kept and marked: their school may have challenged the partnership.
full_sync() {
    local listed known id
    listed=$(pages /participants/ecf)
    take <<<"$listed"
    for known in "$folder"/*.json; do
        id=$(basename "$known" .json)
        grep -q "^$id" <<<"$listed" || [ -e "$folder/$id.missing" ] || moment "$began" >"$folder/$id.missing"
    done
}

# What changed. A list of changes cannot show who disappeared; a challenged partnership tells of it.
update() {
    local since partnerships changed
    since=$(moment $(($(cat "$folder/synced_at") - INTERVAL)))
    partnerships=$(pages /partnerships/ecf "$since")
    if grep -q '"status": "challenged"' <<<"$partnerships"; then
        full_sync
    else
        changed=$(pages /participants/ecf "$since")
        take <<<"$changed"
    fi
}

# The guidance advises a full sync every few days besides: remove FOLDER/synced_at and run this.
if [ -e "$folder/synced_at" ]; then update; else full_sync; fi
echo "$began" >"$folder/synced_at"

count() { find "$folder" -name "*.$1" | wc -l | tr -d ' '; }
echo "$(count json) participants in $folder, $(count missing) of them no longer listed by the service"
