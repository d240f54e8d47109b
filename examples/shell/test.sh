#!/usr/bin/env bash
# What the scripts do when all is well, and when it is not. Every test has a world of the sandbox, whose clock stands
# still: `date` tells its time and `sleep` lets it pass.
# shellcheck disable=SC2016 # ${people.Jane Smith} is for the sandbox to read
set -euo pipefail
cd "$(dirname "$0")"

export SANDBOX=${LEAD_PROVIDER_API_URL:-http://127.0.0.1:8000}
export LEAD_PROVIDER_API_URL=$SANDBOX
TOKEN=${LEAD_PROVIDER_API_TOKEN:-ambition-token}

control() { # METHOD PATH [JSON]
    curl --silent --show-error --fail-with-body --request "$1" --header "Content-Type: application/json" \
        ${3:+--data "$3"} "$SANDBOX/_sandbox/worlds$2"
}
export -f control

value() { # KEY: the value of a member of the object on standard input
    python3 -c 'import json, sys; print(json.load(sys.stdin)[sys.argv[1]])' "$1"
}
export -f value

begin() { # NAME OF TEST
    export WORLD=${1:0:64}
    export LEAD_PROVIDER_API_TOKEN=$TOKEN~$WORLD
    control DELETE "/$WORLD" >/dev/null 2>&1 || true # of an earlier run
    control POST "" "{\"name\": \"$WORLD\", \"now\": \"2026-10-12T09:00:00Z\"}" >/dev/null
    folder=$(mktemp -d)
    mkdir "$folder/bin"
    cat >"$folder/bin/sleep" <<'SLEEP'
#!/usr/bin/env bash
control POST "/$WORLD/clock/advance" "{\"seconds\": $1}" >/dev/null
SLEEP
    cat >"$folder/bin/date" <<'DATE'
#!/usr/bin/env bash
now=$(control GET "/$WORLD/clock" | value now)
python3 -c 'import sys; from datetime import datetime; print(int(datetime.fromisoformat(sys.argv[1][:-1] + "+00:00").timestamp()))' "$now"
DATE
    chmod +x "$folder/bin/sleep" "$folder/bin/date"
}

# shellcheck disable=SC2317 # called by name
end() {
    rm -rf "$folder"
}

run() { PATH="$folder/bin:$PATH" "$@"; }
sync() { run ./sync.sh "$folder/people"; }
an_hour_passes() { run sleep 3600; }
id_of() { control GET "/$WORLD/names" | python3 -c 'import json, sys; print(json.load(sys.stdin)["names"][sys.argv[1]])' "$1"; }
jane() { id_of "people.Jane Smith"; }
challenge() {
    control POST "/$WORLD/events" '{"event": "challenge_partnership", "with": {
        "partnership_id": "${partnerships.Oakfield Academy.2025.Ambition Institute}", "reason": "mistake"}}' >/dev/null
}
asked() { # [QUERY]: how many requests of the client are in the journal
    control GET "/$WORLD/journal/count?${1:-path=/api/*}" | value count
}
started() { # CHANGES: a started declaration that is sound for Jane Smith, with changes
    cat <<JSON
{"participant_id": "$(jane)", "declaration_type": "started", "declaration_date": "2025-10-06T09:00:00Z",
 "course_identifier": "ecf-induction", "evidence_held": "other"${1:+, $1}}
JSON
}

test_goes_on_until_a_page_is_empty() {
    PER_PAGE=10 sync

    [ "$(asked)" = 6 ]
    [ "$(find "$folder/people" -name '*.json' | wc -l)" = 46 ]
}

test_asks_for_changes_from_an_hour_before_the_last_time_on() {
    sync
    an_hour_passes
    sync

    control GET "/$WORLD/journal" >"$folder/journal"
    grep -qi 'participants/ecf?[^"]*filter%5Bupdated_since%5D=2026-10-12T08%3A00%3A00Z' "$folder/journal"
}

test_takes_over_what_changed() {
    local jane
    jane=$(jane)
    sync
    an_hour_passes
    control POST "/$WORLD/events" '{"event": "change_name",
        "with": {"participant_id": "${people.Jane Smith}", "full_name": "Jane Jones"}}' >/dev/null

    sync

    [ "$(value full_name <"$folder/people/$jane.json")" = "Jane Jones" ]
}

test_says_so_when_the_token_is_wrong() {
    local said
    export LEAD_PROVIDER_API_TOKEN=mistaken~$WORLD

    if said=$(sync 2>&1); then return 1; fi
    grep -q "answered with 401" <<<"$said"
    [ ! -e "$folder/people/synced_at" ]
}

test_declares() {
    started >"$folder/started.json"

    [[ $(run ./declare.sh "$folder/started.json") == accepted* ]]
}

test_says_why_a_declaration_was_refused_and_does_not_try_again() {
    local said
    started '"declaration_date": "2024-01-01T09:00:00Z"' >"$folder/early.json"

    if said=$(run ./declare.sh "$folder/early.json"); then return 1; fi
    grep -q "^refused .*declaration_date: .*on or after the milestone start" <<<"$said"
    [ "$(asked method=POST)" = 1 ]
}

test_goes_on_after_a_declaration_that_was_refused() {
    local said
    started '"course_identifier": "ecf-mentor"' >"$folder/wrong.json"
    started >"$folder/right.json"

    if said=$(run ./declare.sh "$folder/wrong.json" "$folder/right.json"); then return 1; fi
    grep -q "^refused .*wrong.json" <<<"$said"
    grep -q "^accepted .*right.json" <<<"$said"
}

test_waits_and_asks_again_when_it_asked_too_often() {
    control PUT "/$WORLD/rate-limit" '{"requests": 3, "window": 10}' >/dev/null

    PER_PAGE=10 sync

    [ "$(find "$folder/people" -name '*.json' | wc -l)" = 46 ]
    [ "$(asked status=429)" -gt 0 ]
}

test_keeps_and_marks_the_participants_of_a_challenged_partnership() {
    sync
    an_hour_passes
    challenge

    sync

    [ "$(value full_name <"$folder/people/$(jane).json")" = "Jane Smith" ]
    [ "$(cat "$folder/people/$(jane).missing")" = "2026-10-12T10:00:00Z" ]
}

test_takes_the_mark_away_when_they_are_back() {
    sync
    an_hour_passes
    challenge
    sync
    an_hour_passes

    run bash -c 'source ./lead-provider-api.sh; submit /partnerships/ecf ecf-partnership "$1"' - "{\"cohort\": \"2025\",
        \"school_id\": \"$(id_of "schools.Oakfield Academy")\",
        \"delivery_partner_id\": \"$(id_of "delivery_partners.Kestrel Teaching School Hub")\"}"
    sync

    [ ! -e "$folder/people/$(jane).missing" ]
}

passed=0
failed=0
for test in $(compgen -A function test_); do
    begin "$test"
    # A shell of its own, so that a failing line ends the test: within an `if`, or left of `||`, it would not.
    set +e
    (set -e; "$test") >"$folder/said" 2>&1
    outcome=$?
    set -e
    if [ "$outcome" = 0 ]; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        echo "failed: ${test//_/ }"
        cat "$folder/said"
    fi
    end
done
echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
