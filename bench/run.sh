#!/usr/bin/env bash
# Measures the figures and writes the table of bench/RESULTS.md anew. Run it on a quiet machine.
set -euo pipefail
cd "$(dirname "$0")/.."
bin=build/release/bin
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
# For the weight of a client: SQLite in one file, which this package brings. Nothing of the package is run.
( cd "$folder"
  npm pack --silent better-sqlite3@12.11.1 >/dev/null
  echo 'ebf0ed75a7a59dbcb3b24bbd014ef49d9f15bc328e4adcbf516f2a8fadfa2835  better-sqlite3-12.11.1.tgz' | sha256sum --check --quiet
  tar -xzf better-sqlite3-12.11.1.tgz package/deps/sqlite3 )
{
  cat <<'HEAD'
# Figures

Each figure beside its limit: the same work by hand, in turns, in the same run; medians of the turns. The method and the
machine's own limits are in the comments of `bench/*.cc`. Repeat with `make bench` on a quiet machine.

| question | ours | limit | its rate | ratio |
|---|---|---|---|---|
HEAD
  "$bin/device_bench" "$folder"
  "$bin/sync_bench" "$folder"
  "$bin/backend_bench" "$folder"
  "$bin/backend_store_bench" "$folder"
  python3 bench/peers.py "$bin/peers_bench" "$folder"
  "$bin/realtime_bench" "$folder"
  python3 bench/sockets_bench.py "$bin/holdfast"
  python3 bench/codegen_bench.py "$bin/holdfast" "$folder"
  python3 bench/size.py "$bin/holdfast" "$folder/size" "$folder/package/deps/sqlite3"
  printf '\nMeasured %s, commit %s, %s, %s cores, %s.\n' "$(date -u +%F)" "$(git rev-parse --short HEAD)" \
    "$(sed -n 's/^model name\s*: //p' /proc/cpuinfo | head -n 1)" "$(nproc)" "$(g++ --version | head -n 1)"
} | tee bench/RESULTS.new
mv bench/RESULTS.new bench/RESULTS.md
