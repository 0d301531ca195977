#!/usr/bin/env bash
# Compiles the services of this example, each on its own, into build/examples/greeting, and puts world.toml beside them:
#
#   examples/greeting/build.sh                          hello and greet in Go, count in C
#   examples/greeting/build.sh --c                      all in C, into build/examples/greeting-c
#   build/bin/parigot-opt build build/examples/greeting/world.toml -o one.wasm
#
# Where no Go 1.25 can be had, the C services take the place of the Go ones in build/examples/greeting too. Prints the folder.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$here/../..
out=$root/build/examples/greeting
language=go
case ${1:-} in
  --c) language=c out=$out-c ;;
  '') ;;
  *) echo "build.sh: unknown option $1" >&2; exit 2 ;;
esac

eval "$("$root/scripts/engines.sh" --demo --env)"
[ -n "$PARIGOT_CLANG" ] || { echo "build.sh: $PARIGOT_CLANG_MISSING" >&2; exit 1; }
if [ "$language" = go ] && [ -z "$PARIGOT_GO" ]; then
  echo "build.sh: C services take Go's place: $PARIGOT_GO_MISSING" >&2
  language=c
fi

# The stamp says what the services were made of; nothing is compiled while that is the same.
mkdir -p "$out"
out=$(cd "$out" && pwd)
compilers="$language $PARIGOT_CLANG ${PARIGOT_GO:+$("$PARIGOT_GO" env GOVERSION)}"
stamp=$(cd "$here" && { echo "$compilers"; find . -type f | LC_ALL=C sort | xargs sha256sum; } | sha256sum)
if [ "$(cat "$out/stamp" 2>/dev/null)" = "$stamp" ]; then
  echo "$out"
  exit
fi

c_service() {
  "$PARIGOT_CLANG" --target=wasm32-wasi --sysroot=/usr -O2 -Wall -Wl,--strip-debug "$@"
}
reactor=(-mexec-model=reactor '-Wl,--export=malloc' '-Wl,--export=free')

go_service() {
  (cd "$here" && GOOS=wasip1 GOARCH=wasm GOWORK=off GOFLAGS=-mod=readonly "$PARIGOT_GO" build -trimpath -buildvcs=false "$@")
}

c_service "${reactor[@]}" -o "$out/count.wasm" "$here/count/count.c"
if [ "$language" = go ]; then
  go_service -buildmode=c-shared -o "$out/greet.wasm" ./greet
  go_service -o "$out/hello.wasm" ./hello
else
  c_service "${reactor[@]}" -o "$out/greet.wasm" "$here/c/greet.c"
  c_service -o "$out/hello.wasm" "$here/c/hello.c"
fi
cp "$here/world.toml" "$out/world.toml"
echo "$stamp" >"$out/stamp"
echo "$out"
