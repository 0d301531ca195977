#!/usr/bin/env bash
# Makes what demo.sh needs, on a Debian with apt: installs what is missing, configures, builds. The first
# run builds Binaryen, which takes about 12 minutes on two cores; a run with nothing to do takes less than a second.
#
#   scripts/setup.sh             build/, from the release preset: parigot-opt, wasm-opt, and the passes
#   scripts/setup.sh --tests     what tests need as well: the unit tests, and the plugins that they load
#   scripts/setup.sh --tools     only install the tools, those of tests too
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

say() { echo "setup: $*" >&2; }

# What we call, and the package that brings it.
commands=(
  cmake:cmake ninja:ninja-build c++:g++ ccache:ccache python3:python3 node:nodejs npm:npm
  clang-14:clang-14 wasm-ld-14:lld-14
)
# What we compile against, and what has no command in PATH.
packages=(
  wasi-libc libclang-rt-14-dev-wasm32
  libcli11-dev libspdlog-dev catch2 libxxhash-dev libmd-dev libmimalloc-dev libtomlplusplus-dev nlohmann-json3-dev libprotobuf-dev
)
# What tests use besides.
if [ $# -gt 0 ]; then
  commands+=(clang-format-14:clang-format-14 shellcheck:shellcheck clang-19:clang-19) # clang-19: TinyGo calls it
  packages+=(
    llvm-14-tools llvm-14 python3-venv rustc libstd-rust-dev-wasm32 golang-1.19-go
    llvm-19-dev libclang-19-dev lld-19
  )
fi
# Any Go will do: engines.sh has an old one fetch the version that it needs.
[ -x /usr/local/go/bin/go ] || commands+=(go:golang-go)

missing=()
for pair in "${commands[@]}"; do
  command -v "${pair%%:*}" >/dev/null || missing+=("${pair##*:}")
done
if command -v dpkg-query >/dev/null; then
  installed=$(dpkg-query -W -f '${db:Status-Status} ${Package}\n' "${packages[@]}" 2>/dev/null || true)
  for package in "${packages[@]}"; do
    grep -qxF "installed $package" <<<"$installed" || missing+=("$package")
  done
fi

if [ ${#missing[@]} -gt 0 ]; then
  if ! command -v apt-get >/dev/null; then
    say "please install what these Debian packages bring: ${missing[*]}"
    exit 1
  fi
  say "installing ${missing[*]}"
  as_root=()
  [ "$(id -u)" = 0 ] || as_root=(sudo)
  log=$(mktemp)
  if ! { "${as_root[@]}" apt-get update &&
    "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "${missing[@]}"; } >"$log" 2>&1; then
    tail -n 20 "$log" >&2
    say "apt-get failed; the whole log is $log"
    exit 1
  fi
  rm -f "$log"
fi
[ "${1-}" != --tools ] || exit 0

# An earlier configure stays good: the build itself repeats it when a CMake file changed, or Binaryen's pin.
if [ ! -e build/build.ninja ] || [ ! -e "$(cat build/binaryen-prefix 2>/dev/null)/complete" ]; then
  say "configuring"
  mkdir -p build
  cmake --preset release >build/configure.log || { cat build/configure.log >&2; exit 1; }
fi
targets=(--target parigot-opt wasm-opt parigot-passes)
[ "${1-}" != --tests ] || targets=(--target all binaryen-tools)
cmake --build --preset release "${targets[@]}" >build/build.log || { tail -n 60 build/build.log >&2; say "the build failed; build/build.log"; exit 1; }
grep -E 'warning:' build/build.log >&2 || true

# What it finds is for those who ask with --env. An engine that cannot be had is a reason to skip tests, not to stop.
for_whom=(--demo)
[ "${1-}" != --tests ] || for_whom=()
scripts/engines.sh "${for_whom[@]}" >/dev/null || say "scripts/engines.sh failed"
