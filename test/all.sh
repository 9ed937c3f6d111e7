#!/bin/bash
# Everything that must hold, in order; the last line counts the tests. Run as root on a Debian machine.
#
#   test/all.sh [unit|house|netns|package|lab ...]     only these groups of tests; all without arguments
set -u
cd "$(dirname "$(readlink -f "$0")")/.."
groups=("$@")
[ $# -gt 0 ] || groups=(unit house netns package lab)
# What setup.sh installs must be there: a test that lacks it fails here, and is not skipped.
export CI=${CI:-true}
report=$(mktemp -d)
trap 'rm -rf "$report"' EXIT
passed=0 failed=0 skipped=0
broken=()

step() {
  local name=$1 began=$SECONDS
  shift
  echo
  echo "== $name"
  if "$@"; then echo "== $name: ok, $((SECONDS - began)) s"; else
    echo "== $name: FAILED, $((SECONDS - began)) s"
    broken+=("$name")
    failed=$((failed + 1))
    return 1
  fi
}

# tests GROUP: real daemons two files at a time, kernels one; each may lose to a busy machine once.
tests() {
  local at_once=2 retries=0
  case $1 in netns) retries=1 ;; lab) at_once=1 retries=1 ;; esac
  node test/run-group.mjs "$1" $at_once $retries "$report/$1"
}
count() {
  local pass=0 fail=0 skip=0
  [ ! -s "$report/$1" ] || read -r pass fail skip <"$report/$1"
  passed=$((passed + pass)) failed=$((failed + fail)) skipped=$((skipped + skip))
}

step 'set-up' bash test/setup.sh || exit 1
step 'format' npm run --silent format:check
step 'lint' npm run --silent lint
step 'types' npm run --silent check
step 'build' npm run --silent build
for group in "${groups[@]}"; do
  step "$group tests" tests "$group" || failed=$((failed - 1))
  count "$group"
done

echo
[ ${#broken[@]} = 0 ] || printf 'failed: %s\n' "${broken[@]}"
# A group that ended without counting its failures is one.
[ ${#broken[@]} -le "$failed" ] || failed=${#broken[@]}
echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" = 0 ]
