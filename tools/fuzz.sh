#!/usr/bin/env bash
# Fuzzes every target of fuzz/ for SECONDS each (default 60) and prints a summary. What breaks a target is kept in
# build/fuzz/found/ and makes the script fail. New inputs go to build/fuzz/corpus/, not into the sources.
set -euo pipefail
cd "$(dirname "$0")/.."
seconds="${1:-60}"
jobs="${JOBS:-$(nproc)}"
[[ "$seconds" =~ ^[1-9][0-9]*$ ]] || { echo "usage: tools/fuzz.sh [SECONDS]" >&2; exit 2; }

missing=()
for package in clang libclang-rt-14-dev; do
  dpkg-query -W -f='${db:Status-Status}' "$package" 2>/dev/null | grep -qx installed || missing+=("$package")
done
if [ "${#missing[@]}" -gt 0 ]; then
  echo "Installing Debian packages: ${missing[*]}"
  as_root=()
  if [ "$(id -u)" -ne 0 ]; then
    command -v sudo >/dev/null || { echo "fuzz: not root and no sudo; install by hand: ${missing[*]}" >&2; exit 1; }
    as_root=(sudo)
  fi
  "${as_root[@]}" apt-get update -qq
  DEBIAN_FRONTEND=noninteractive "${as_root[@]}" apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
fi

targets=()
for source in fuzz/*_fuzz.cc; do
  targets+=("$(basename "$source" .cc)")
done
cmake --preset fuzz --log-level=WARNING >/dev/null
cmake --build --preset fuzz -j"$jobs" --target "${targets[@]}"

mkdir -p build/fuzz/found
summary=()
failed=0
for target in "${targets[@]}"; do
  name="${target%_fuzz}"
  max_len=4096
  [ "$name" = predicate ] && max_len=512
  mkdir -p "build/fuzz/corpus/$name"
  echo "== $target, $seconds s"
  log="build/fuzz/$target.log"
  if "build/fuzz/bin/$target" -max_total_time="$seconds" -max_len="$max_len" -timeout=60 -rss_limit_mb=2048 \
      -print_final_stats=1 -artifact_prefix="build/fuzz/found/$name-" "build/fuzz/corpus/$name" "fuzz/corpus/$name" \
      >"$log" 2>&1; then
    runs="$(sed -n 's/^stat::number_of_executed_units: *//p' "$log")"
    summary+=("$(printf '%-24s ok      %s runs' "$target" "$runs")")
  else
    failed=1
    tail -40 "$log"
    summary+=("$(printf '%-24s FAILED  see %s' "$target" "$log")")
  fi
done
printf '%s\n' "" "${summary[@]}"
exit "$failed"
