# shellcheck shell=bash
# The Lead Provider API, version 3, for scripts in bash: source this file. Needs curl, and python3 to read JSON.

: "${LEAD_PROVIDER_API_URL:?where the service is, such as http://127.0.0.1:8000}"
: "${LEAD_PROVIDER_API_TOKEN:?the token of the provider}"

PER_PAGE=${PER_PAGE:-100}
# A token may send 1,000 requests in five minutes. A 429 does not say when to come back; together these seconds are longer.
WAITS=(5 10 20 40 80 160)
REFUSED=22 # what `ask` returns for a 422; for any other answer that is no success it returns 1

# ask METHOD PATH [OPTIONS OF CURL]: prints the body of the answer, or says on standard error why there is none.
ask() {
    local method=$1 path=$2 answer status wait outcome=0
    shift 2
    answer=$(mktemp)
    # What was answered with 429 has not been done, so that a POST can be sent again as well.
    for wait in "${WAITS[@]}" ""; do
        # The token comes from a file descriptor: what is written on a command line, everybody on the machine can read.
        status=$(curl --silent --show-error --max-time 30 --request "$method" "$@" --output "$answer" \
            --header @<(printf 'Authorization: Bearer %s\n' "$LEAD_PROVIDER_API_TOKEN") \
            --write-out '%{http_code}' "$LEAD_PROVIDER_API_URL/api/v3$path") || break
        if [ "$status" != 429 ] || [ -z "$wait" ]; then break; fi
        sleep "$wait"
    done
    case $status in
        2??) cat "$answer" ;;
        422)
            reasons <"$answer" >&2
            outcome=$REFUSED
            ;;
        *)
            echo "$method $path was answered with $status" >&2
            outcome=1
            ;;
    esac
    rm -f "$answer"
    return "$outcome"
}

# pages PATH [SINCE [PARTICIPANT]]: prints the id and the attributes of everything in a list, a line each with a tab
# between them; with SINCE only what changed since then, with PARTICIPANT only what is about them.
pages() {
    local path=$1 since=${2:-} participant=${3:-} page=1 answer found query
    # curl encodes what stands behind the =, and leaves the name as it is: the brackets are written as %5B and %5D.
    query=(--get --data-urlencode "page%5Bper_page%5D=$PER_PAGE")
    [ -z "$since" ] || query+=(--data-urlencode "filter%5Bupdated_since%5D=$since")
    [ -z "$participant" ] || query+=(--data-urlencode "filter%5Bparticipant_id%5D=$participant")
    # Nothing in an answer tells how many pages there are: the end is the first page with nothing on it.
    while true; do
        answer=$(ask GET "$path" "${query[@]}" --data-urlencode "page%5Bpage%5D=$page") || return
        found=$(each <<<"$answer") || return
        [ -n "$found" ] || return 0
        printf '%s\n' "$found"
        page=$((page + 1))
    done
}

# submit PATH TYPE ATTRIBUTES: sends attributes (an object of JSON) and prints what the service keeps, as `pages` does.
submit() {
    local answer
    answer=$(ask POST "$1" --header "Content-Type: application/json" \
        --data "{\"data\": {\"type\": \"$2\", \"attributes\": $3}}") || return
    each <<<"$answer"
}

# before ATTRIBUTES: prints the same declaration (of the same day, too) as the service keeps it, if it does and it stands.
before() {
    local participant made
    participant=$(python3 -c 'import json, sys; print(json.load(sys.stdin).get("participant_id", ""))' <<<"$1")
    made=$(pages /participant-declarations "" "$participant") || return
    python3 -c '
import json, sys
told = json.loads(sys.argv[1])
for line in filter(None, sys.stdin.read().split("\n")):
    id, _, text = line.partition("\t")
    made = json.loads(text)
    same = ("participant_id", "declaration_type", "course_identifier")
    if (
        all(made[it] == told.get(it) for it in same)
        and made["declaration_date"][:10] == str(told.get("declaration_date"))[:10]
        and not made["state"].startswith(("voided", "ineligible", "awaiting", "clawed"))
    ):
        print(line)
        break' "$1" <<<"$made"
}

each() {
    python3 -c '
import json, sys
found = json.load(sys.stdin)["data"]
for it in found if isinstance(found, list) else [found]:
    print(it["id"], json.dumps(it["attributes"]), sep="\t")'
}

reasons() {
    python3 -c '
import json, sys
for it in json.load(sys.stdin)["errors"]:
    print(it["title"], it["detail"], sep=": ")'
}
