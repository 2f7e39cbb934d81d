#!/usr/bin/env bash
# Every test that fits CI, in three builds:
#   dev      unit, contract, spec and simulation tests under AddressSanitizer and UBSan
#   tsan     the tests with threads under ThreadSanitizer
#   release  the programs as users run them: SIGKILL, bad input, the published Amplify clients and generators, the demo
# Ends with one line per test runner; fails when any of them failed.
set -euo pipefail
cd "$(dirname "$0")/.."
jobs=${1:--j2}
results=()
failed=0
settings=()

say() { printf '\n\033[1m== %s (%s s)\033[0m\n' "$1" "$SECONDS"; }

build() {  # preset targets…
  local preset=$1; shift
  say "Building: $preset"
  cmake --preset "$preset" --log-level=WARNING "${settings[@]}" >/dev/null
  cmake --build --preset "$preset" "$jobs" "$@" | grep -vE '^\[[0-9]+/[0-9]+\] (Building|Linking|Generating)' || [ "${PIPESTATUS[0]}" -eq 0 ]
}

run() {  # title command…
  local title=$1; shift
  say "Testing: $title"
  local log; log=$(mktemp)
  "$@" 2>&1 | tee "$log" || failed=1
  results+=("$title: $(grep -E 'tests passed|^[0-9]+ passed' "$log" | tail -n 1)")
  rm -f "$log"
}

# Beside the first build: the registry is what this waits for.
packages_log=$(mktemp)
for folder in tests/interop/v4 tests/interop/v5 tests/interop/v6 tests/graphql tools/node; do
  npm ci --prefix "$folder" --no-audit --no-fund --loglevel=error || exit 1
done >"$packages_log" 2>&1 &
packages=$!

build dev
run "unit, contract, spec, simulation (ASan+UBSan)" ctest --preset dev "$jobs" -L 'quick|house|threaded'
# Models are the same whoever makes them: the generator needs not be built a second time.
settings=(-DHOLDFAST_PROGRAM="$PWD/build/dev/bin/holdfast")
build tsan --target threaded_tests
settings=()
run "threads (TSan)" ctest --preset tsan "$jobs" -L threaded
build release --target programs simulation server_store_crash_test
say "Waiting for the published Amplify clients, generators and graphql-js"
wait "$packages" || { cat "$packages_log"; exit 1; }
run "2,000 simulated worlds, programs, parity, demo (release)" \
  ctest --preset release "$jobs" -L 'simulation|program|package|parity|demo'
run "the published Amplify clients (release)" ctest --preset release "$jobs" -L interop

say "Results"
printf '%s\n' "${results[@]}"
[ "$failed" -eq 0 ] && echo "all test runners passed in $SECONDS s" || { echo "a test runner failed"; exit 1; }
