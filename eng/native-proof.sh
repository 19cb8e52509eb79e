#!/usr/bin/env bash
# Proves that what the CLI loads compiles ahead of time and runs: a native build for net9.0, whose compiler package is complete everywhere.
set -u
cd "$(dirname "$0")/.." || exit 1
out="$PWD/artifacts/native"
dotnet publish src/Bridle.Cli -c Release -r linux-x64 -p:Tfm=net9.0 -p:Native=true -p:ArtifactsPath="$out" -o "$out/bridle" --nologo -v q 2>&1 | tail -n 30
[ -x "$out/bridle/Bridle.Cli" ] || { echo "the native build failed"; exit 1; }
version=$("$out/bridle/Bridle.Cli" --version) || { echo "the native program does not start"; exit 1; }
echo "native: bridle $version, $(stat -c %s "$out/bridle/Bridle.Cli") bytes"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
printf 'TODO: water the plants\n' >"$work/notes.txt"
answer=$(cd "$work" && HOME="$work/home" XDG_DATA_HOME= XDG_STATE_HOME= XDG_CONFIG_HOME= "$out/bridle/Bridle.Cli" run --model rehearsal/rehearsal "Which files mention TODO, and what does each want?" 2>"$work/err") || { cat "$work/err"; echo "the native program did not finish a rehearsal"; exit 1; }
grep -q "notes.txt" <<<"$answer" || { echo "the native program's answer does not name the file: $answer"; exit 1; }
echo "native: a rehearsal with real tools answered"
