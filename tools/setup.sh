#!/usr/bin/env bash
# Installs the Debian packages that building and testing need and that are missing. Prints what it installs.
set -euo pipefail

packages=(
  g++ cmake ninja-build ccache mold python3
  libboost1.81-dev libsimdjson-dev libsqlite3-dev libssl-dev libcli11-dev libtomlplusplus-dev libpcre2-dev
  libexpat1-dev
  libgtest-dev libgmock-dev libbenchmark-dev
)
# The published Amplify clients of the interop tests run in Node; any 18 or later will do.
node_major=$(node --version 2>/dev/null | sed -E 's/^v([0-9]+).*/\1/' || true)
if [ "${node_major:-0}" -lt 18 ] || ! command -v npm >/dev/null; then
  packages+=(nodejs npm ca-certificates)
fi

missing=()
for package in "${packages[@]}"; do
  dpkg-query -W -f='${db:Status-Status}' "$package" 2>/dev/null | grep -qx installed || missing+=("$package")
done
# A compiler, cmake or python that came from elsewhere serves as well.
kept=()
for package in "${missing[@]}"; do
  case "$package" in
    g++|cmake|python3|ccache|mold) command -v "$package" >/dev/null && continue ;;
    ninja-build) command -v ninja >/dev/null && continue ;;
  esac
  kept+=("$package")
done
[ "${#kept[@]}" -eq 0 ] && exit 0

echo "Installing Debian packages: ${kept[*]}"
as_root=()
if [ "$(id -u)" -ne 0 ]; then
  command -v sudo >/dev/null || { echo "setup: not root and no sudo; install by hand: ${kept[*]}" >&2; exit 1; }
  as_root=(sudo)
fi
"${as_root[@]}" apt-get update -qq
DEBIAN_FRONTEND=noninteractive "${as_root[@]}" apt-get install -y -qq --no-install-recommends "${kept[@]}" >/dev/null
