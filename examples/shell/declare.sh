#!/usr/bin/env bash
# Submit declarations: each FILE has the attributes of one as an object of JSON.
set -euo pipefail
# shellcheck source=lead-provider-api.sh
source "$(dirname "$0")/lead-provider-api.sh"

refused=0
for file in "${@:?the files with a declaration each}"; do
    outcome=0
    # What was accepted before is not sent again: its answer may have been lost on the way.
    said=$(before "$(cat "$file")") || exit
    [ -n "$said" ] ||
        said=$(submit /participant-declarations participant-declaration "$(cat "$file")" 2>&1) || outcome=$?
    case $outcome in
        0) echo "accepted $file: ${said%%$'\t'*}" ;; # the id
        "$REFUSED") # a person has to look at it: the next one may be sound all the same
            echo "refused $file: $said"
            refused=1
            ;;
        *)
            echo "$file: $said" >&2
            exit "$outcome"
            ;;
    esac
done
exit "$refused"
