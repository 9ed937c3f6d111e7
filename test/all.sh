#!/bin/bash
# Everything that must hold, in order; the last line counts the tests. Run as root on a Debian machine.
#
#   test/all.sh [unit|house|netns|lab ...]     only these groups of tests; all without arguments
set -u
cd "$(dirname "$(readlink -f "$0")")/.."
groups=("$@")
[ $# -gt 0 ] || groups=(unit house netns lab)
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

# tests GROUP: the files of dist/test/GROUP whose sources exist; the lab one file after the other.
tests() {
  local files=() source limit=()
  while read -r source; do files+=("dist/${source%.ts}.js"); done < <(find "test/$1" -name '*.test.ts' | sort)
  case $1 in netns) limit=(--test-concurrency=2) ;; lab) limit=(--test-concurrency=1) ;; esac
  node --test "${limit[@]}" --test-reporter=spec --test-reporter-destination=stdout \
    --test-reporter=tap --test-reporter-destination="$report/$1" "${files[@]}"
}
count() {
  passed=$((passed + $(total "$1" pass)))
  failed=$((failed + $(total "$1" fail)))
  skipped=$((skipped + $(total "$1" skipped)))
}
total() { sed -n "s/^# $2 \([0-9]*\)$/\1/p" "$report/$1" | tail -1 | grep . || echo 0; }

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
