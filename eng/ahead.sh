#!/usr/bin/env bash
# Compiles what the tests run ahead of time, in place, with the compiler that makes the shipped program: hundreds of programs are started, and each costs half as much then.
# Where that compiler is not to be had, everything stays as it was built. The next build puts the plain assemblies back, so that nothing here can grow old.
set -u
cd "$(dirname "$0")/.." || exit 1
case "$(uname -s)-$(uname -m)" in
    Linux-x86_64) rid=linux-x64 arch=x64 more=(--instruction-set:x86-64-v3) ;;
    Linux-aarch64) rid=linux-arm64 arch=arm64 more=() ;;
    *) echo "not compiled ahead of time: that is done on Linux"; exit 0 ;;
esac
packages=${NUGET_PACKAGES:-$HOME/.nuget/packages}
find_compiler() { find "$packages/microsoft.netcore.app.crossgen2.$rid" -path '*/tools/crossgen2' -perm -u+x 2>/dev/null | sort -V | tail -n 1; }
compiler=$(find_compiler)
if [ -z "$compiler" ]; then
    timeout 120 dotnet msbuild src/Bridle.Cli -t:Restore -p:Shipped=true -p:RuntimeIdentifier=$rid -p:ArtifactsPath="$PWD/artifacts/publish" -v:q -nologo >/dev/null 2>&1
    compiler=$(find_compiler)
fi
framework=$(dotnet --list-runtimes | sed -nE 's/^Microsoft\.NETCore\.App (10\.[^ ]+) \[(.*)\]$/\2\/\1/p' | sort -V | tail -n 1)
if [ -z "$compiler" ] || [ ! -d "$framework" ]; then
    echo "not compiled ahead of time: the package microsoft.netcore.app.crossgen2.$rid is not to be had; the tests take longer"
    exit 0
fi

kept="$PWD/artifacts/ahead"
mkdir -p "$kept"
export compiler framework kept arch profile="$PWD/src/Bridle.Cli/startup.mibc" more="${more[*]}"
compile() {
    name=$(basename "$1")
    sum=$(cat "$1" "$profile" <(echo "$compiler $framework $more") | sha256sum | cut -c1-16)
    if [ ! -f "$kept/$sum/$name" ]; then
        rm -rf "${kept:?}/"*"/$name"
        mkdir -p "$kept/$sum"
        # What is compiled ahead already, or has nothing to compile, is left as it is.
        # shellcheck disable=SC2086
        "$compiler" "$1" -o "$kept/$sum/$name.new" -r "$framework/*.dll" -r "$(dirname "$1")/*.dll" --targetos linux --targetarch "$arch" -O $more --mibc "$profile" --parallelism 1 >/dev/null 2>&1 || return 0
        mv "$kept/$sum/$name.new" "$kept/$sum/$name"
    fi
    # Everywhere where the same one lies. A compiler beside may be reading it, so it is replaced at once.
    cp "$1" "$kept/$sum/plain"
    for other in artifacts/bin/*/debug/"$name"; do
        if cmp -s "$kept/$sum/plain" "$other"; then cp "$kept/$sum/$name" "$other.new" && mv "$other.new" "$other"; fi
    done
    rm -f "$kept/$sum/plain"
}
export -f compile
for program in "$@"; do
    find "artifacts/bin/$program/debug" -maxdepth 1 -name '*.dll' ! -name 'AngleSharp.dll' -printf '%s %p\n' | sort -rn | cut -d' ' -f2 | xargs -P 2 -I{} bash -c 'compile "$1"' _ {}
done
find "$kept" -type d -empty -delete
