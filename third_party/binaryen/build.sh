#!/usr/bin/env bash
# Obtains and builds Binaryen once per user, and prints the folder it is installed in.
#
#   third_party/binaryen/build.sh                   the library, from the pinned source of npm
#   third_party/binaryen/build.sh --tools           upstream's tools and test suite as well: what tests compare against
#   third_party/binaryen/build.sh --source DIR      a checkout of Binaryen instead
#   third_party/binaryen/build.sh --print-prefix    only say where it is (or would be)
#
# The folder is in the user's cache, its name keyed by the version, the compiler and this file, so that every clone of
# parigot-opt shares one build and a change of any of them makes a new one. In it:
#
#   lib/libbinaryen.so   the library that parigot-opt, the plugin and our wasm-opt all share
#   include/             every header of Binaryen (upstream installs only the C API)
#   src/tools/           the sources that our wasm-opt is compiled from
#   complete             is there when all of the above is
#
# and, after --tools:
#
#   bin/                 upstream's own tools (wasm-opt, wasm-merge, wasm-dis, ...)
#   test/, scripts/      upstream's test suite, which our wasm-opt must pass too
#   tools-complete       is there when all of that is
#
# Until then the tree of the first build stays beside it, for the tools to be linked from.
set -euo pipefail

version=132
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
cache=${XDG_CACHE_HOME:-$HOME/.cache}/parigot-opt
options=(
  -DCMAKE_BUILD_TYPE=Release
  -DCMAKE_INSTALL_LIBDIR=lib
  -DBUILD_TESTS=OFF
  -DENABLE_WERROR=OFF
)

source_dir=
print_only=no
with_tools=no
while [ $# -gt 0 ]; do
  case $1 in
    --source) source_dir=$(cd "$2" && pwd); shift ;;
    --print-prefix) print_only=yes ;;
    --tools) with_tools=yes ;;
    *) echo "build.sh: unknown argument '$1'" >&2; exit 2 ;;
  esac
  shift
done

compiler=${CXX:-c++}
key=$( { "$compiler" --version; uname -m; cat "$here/build.sh" "$here/package-lock.json"; echo "$source_dir"
         [ -z "$source_dir" ] || git -C "$source_dir" rev-parse HEAD 2>/dev/null || true; } | sha256sum | cut -c1-12)
prefix=$cache/binaryen-$version-$key
say() { echo "binaryen: $*" >&2; }
is_made() { [ -e "$prefix/complete" ] && { [ "$with_tools" = no ] || [ -e "$prefix/tools-complete" ]; }; }

if [ "$print_only" = yes ] || is_made; then echo "$prefix"; exit 0; fi

work=$cache/work-binaryen-$key
mkdir -p "$work"
exec 9>"$work.lock"
flock 9 # two clones may want it at the same time; the second finds it made
if is_made; then echo "$prefix"; exit 0; fi

# Runs a step of the build. What it prints goes to the log, whose end is shown when it fails.
logged() {
  "$@" >>"$work/log" 2>&1 && return
  tail -n 30 "$work/log" >&2
  echo "build.sh: building Binaryen failed; the whole log is $work/log" >&2
  exit 1
}

if [ -z "$source_dir" ]; then
  source_dir=$work/node_modules/@grain/libbinaryen/binaryen
  if [ ! -e "$work/source-complete" ]; then
    say "getting the source of version $version from npm"
    cp "$here/package.json" "$here/package-lock.json" "$here/.npmrc" "$work/"
    (cd "$work" && npm ci --silent >&2)
    touch "$work/source-complete"
  fi
fi
found=$(sed -nE 's/^project\(binaryen .*VERSION ([0-9]+).*/\1/p' "$source_dir/CMakeLists.txt")
if [ "$found" != "$version" ]; then
  echo "build.sh: $source_dir holds Binaryen '${found:-unknown}', and parigot-opt is written for $version" >&2
  exit 1
fi

launcher=()
if command -v ccache >/dev/null; then
  launcher=(-DCMAKE_C_COMPILER_LAUNCHER=ccache -DCMAKE_CXX_COMPILER_LAUNCHER=ccache)
fi
logged cmake -S "$source_dir" -B "$work/build" -G Ninja "${options[@]}" "${launcher[@]}" -DCMAKE_INSTALL_PREFIX="$prefix"

if [ ! -e "$prefix/complete" ]; then
  say "building the library into $prefix (about 9 minutes on two cores; once)"
  logged cmake --build "$work/build" --target binaryen
  rm -rf "$prefix"
  mkdir -p "$prefix/include" "$prefix/lib" "$prefix/src"
  cp "$work/build/lib/libbinaryen.so" "$prefix/lib/"
  # What upstream does not install: its C++ headers, and the sources of wasm-opt.
  (cd "$source_dir/src" && find . \( -name '*.h' -o -name '*.def' -o -name '*.inc' \) -print0 |
    tar cf - --null -T - | tar xf - -C "$prefix/include")
  cp "$work/build/config.h" "$prefix/include/"
  cp -r "$source_dir/third_party/FP16/include/." "$prefix/include/"
  cp -r "$source_dir/src/tools" "$prefix/src/"
  cp "$source_dir/LICENSE" "$prefix/"
  touch "$prefix/complete"
fi

if [ "$with_tools" = yes ]; then
  say "building upstream's tools into $prefix (about 3 minutes on two cores; once)"
  logged cmake --build "$work/build"
  # The library stays as it is: programs may be running that have it open.
  tools=$work/installed
  rm -rf "$tools"
  logged cmake --install "$work/build" --prefix "$tools"
  cp -r "$tools/bin" "$prefix/"
  cp "$work/build/bin/binaryen-lit" "$prefix/bin/"
  cp -r "$source_dir/test" "$source_dir/scripts" "$prefix/"
  touch "$prefix/tools-complete"
  rm -rf "$work"
fi
echo "$prefix"
