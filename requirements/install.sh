#!/bin/sh
# Makes the environment of the checkout from the locks beside this file. `make setup` calls it, from the checkout:
#     requirements/install.sh run .venv [PYTHON]    the sandbox and what it needs to run
#     requirements/install.sh dev .venv [PYTHON]    and what tests, checks and documents it
#     requirements/install.sh browser .venv [PYTHON]    and what looks at its pages in a browser
# Everything that is said goes to stderr: the output of `make serve` is the server's.
set -eu
exec >&2
trap 'exit 130' INT
trap 'exit 143' TERM HUP

what=$1
venv=$2
asked=${3:-}
python=${asked:-python3}
# There from the first step to the last: where it was left, a set-up was cut off and is begun again from nothing.
unfinished=$venv/.unfinished

fail() {
  printf '%s\n' "$@"
  exit 1
}

version() {
  "$1" -c 'import platform; print(platform.python_version())' 2>/dev/null
}

new_enough() {
  "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null
}

sound() {
  [ ! -e "$unfinished" ] && new_enough "$venv/bin/python" && "$venv/bin/python" -m pip --version >/dev/null 2>&1 &&
    { [ -z "$asked" ] || [ "$(version "$asked")" = "$(version "$venv/bin/python")" ]; }
}

make_environment() {
  command -v "$python" >/dev/null ||
    fail "There is no $python. Run, with the name of a Python 3.11 or newer: make setup PYTHON=python3.12"
  new_enough "$python" ||
    fail "ecf-sandbox needs Python 3.11 or newer, and $python is ${1:-none that runs}." \
      "Run, with the name of a newer one: make setup PYTHON=python3.12"
  "$python" -c 'import ensurepip, venv' 2>/dev/null ||
    fail "$python cannot make an environment: it comes without venv and ensurepip." \
      "Debian and Ubuntu have them in a package of their own: apt install python3-venv"
  echo "Making the environment $venv with Python $1"
  rm -rf "$venv"
  mkdir "$venv"
  touch "$unfinished"
  "$python" -m venv "$venv"
}

pip() {
  "$venv/bin/python" -m pip --quiet --disable-pip-version-check "$@"
}

uv() {
  "$venv/bin/uv" pip "$@" --quiet --python "$venv/bin/python"
}

has_uv() {
  installed=$("$venv/bin/uv" --version 2>/dev/null) || return
  # uv 0.1.2 (platform)
  installed=${installed#uv }
  grep -q "^uv==${installed%% *} " requirements/build.txt
}

# pip has come this far; uv does not read pip's settings (a mirror, a certificate), so where it fails pip has a try.
packages() {
  has_uv || pip install --require-hashes --requirement requirements/build.txt || return
  uv sync --compile-bytecode --require-hashes requirements/build.txt "requirements/$what.txt" && return
  echo "uv could not install them; trying with pip"
  pip install --require-hashes --requirement requirements/build.txt --requirement "requirements/$what.txt"
}

itself() {
  uv install --offline --no-deps --no-build-isolation --reinstall-package ecf-sandbox --editable .
}

# Where Python may write no bytecode, as in many containers, it would compile every module at each start. That it cannot
# be written here either is no fault.
compiled() {
  "$venv/bin/python" -m compileall -q sandbox || true
}

sound || make_environment "$(version "$python" || true)"
# What a part has brought is not taken away by setting up the other.
if [ -e "$venv/.browser" ]; then
  what=browser
elif [ -e "$venv/.dev" ] && [ "$what" = run ]; then
  what=dev
fi
case $what in
  run) echo "Installing what the sandbox needs to run" ;;
  dev) echo "Installing what the sandbox needs to run, and what tests and checks it" ;;
  browser) echo "Installing what the sandbox needs to run, what tests and checks it, and what drives a browser" ;;
esac
touch "$unfinished"
{ packages && itself && compiled; } || {
  code=$?
  # It has said why, and what was there before is still there.
  rm -f "$unfinished"
  exit $code
}
touch "$venv/.run" "$venv/.$what"
[ "$what" != browser ] || touch "$venv/.dev"
rm "$unfinished"
