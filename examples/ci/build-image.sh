#!/bin/sh
# Builds the image of the Containerfile where there is no container engine, as root on Debian or Ubuntu. The base is made of
# Debian's packages, so nothing comes from a registry of images:
#
#     apt-get install buildah debootstrap
#     pip wheel --wheel-dir wheels ../ecf-sandbox
#     sh build-image.sh wheels [NAME]
#
# NAME is the image's, ecf-sandbox if not given. What may be set:
#
#     SUITE   the release of Debian, whose Python the wheels are for; bookworm if not set, with Python 3.11
#     MIRROR  where debootstrap finds it, if not at Debian
#
# It ends with 2 if something is missing, and with 3 if the base cannot be made.
set -eu

fail() {
  code=$1
  shift
  echo "build-image.sh: $*" >&2
  exit "$code"
}

[ $# -ge 1 ] && [ $# -le 2 ] || fail 2 "usage: build-image.sh WHEELS [NAME]"
wheels=$1
name=${2:-ecf-sandbox}
suite=${SUITE:-bookworm}
base=localhost/ecf-sandbox-base:$suite
here=$(cd "$(dirname "$0")" && pwd)

[ "$(id -u)" -eq 0 ] || fail 2 "only root can make a base with debootstrap"
for tool in buildah debootstrap; do
  command -v "$tool" >/dev/null || fail 2 "there is no $tool: apt-get install buildah debootstrap"
done
ls "$wheels"/ecf_sandbox-*.whl >/dev/null 2>&1 || fail 2 "there is no ecf_sandbox-*.whl in $wheels: pip wheel --wheel-dir $wheels FOLDER"

work=$(mktemp -d)
container=
clean() {
  [ -z "$container" ] || buildah rm "$container" >/dev/null || true
  rm -rf "$work"
}
trap clean EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

# A base that is there is taken again; `buildah rmi` of its name has it made anew.
if ! buildah inspect --type image "$base" >/dev/null 2>&1; then
  container=$(buildah from scratch)
  root=$(buildah mount "$container")
  # shellcheck disable=SC2086 # no mirror is no word
  debootstrap --variant=minbase --include=python3,python3-venv "$suite" "$root" ${MIRROR:-} >"$work/log" 2>&1 || {
    tail -n 5 "$work/log" >&2
    fail 3 "debootstrap could not make a base of $suite"
  }
  rm -rf "$root"/var/cache/apt/archives/*.deb "$root"/var/lib/apt/lists/*
  buildah commit --quiet --rm "$container" "$base" >/dev/null
  container=
fi

mkdir "$work/context"
cp -R "$wheels" "$work/context/wheels"
buildah build --isolation chroot --format docker --pull-never --build-arg "BASE=$base" --tag "$name" \
  --file "$here/Containerfile" "$work/context"
