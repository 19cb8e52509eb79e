#!/usr/bin/env bash
# Proves that what the CLI loads compiles ahead of time and runs: a native build for net9.0, whose compiler package is complete everywhere.
# Fails for any warning of the trimmer or the native compiler but the one that is known.
set -u
cd "$(dirname "$0")/.." || exit 1
out="$PWD/artifacts/native"
most=50000000
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

dotnet publish src/Bridle.Cli -c Release -r linux-x64 -p:Tfm=net9.0 -p:Native=true -p:ArtifactsPath="$out" -o "$out/bridle" --nologo -v q >"$work/log" 2>&1
code=$?
known='System\.CommandLine/Binding/ArgumentConverter\.DefaultValues\.cs.*IL2070'
if [ $code -ne 0 ] || [ ! -x "$out/bridle/Bridle.Cli" ]; then
    tail -n 30 "$work/log"
    echo "native: the build failed"
    exit 1
fi
if grep -E '(warning|error) IL[0-9]+' "$work/log" | grep -vE "$known"; then
    echo "native: the warnings above are not the known one; what they name may break when it runs natively"
    exit 1
fi
echo "native: $(grep -cE "$known" "$work/log") known warning (System.CommandLine's build for net9.0, IL2070), no other"

version=$("$out/bridle/Bridle.Cli" --version) || { echo "native: the program does not start"; exit 1; }
size=$(stat -c %s "$out/bridle/Bridle.Cli")
echo "native: bridle $version, $size bytes"
if [ "$size" -gt "$most" ]; then
    echo "native: that is more than $most bytes. It had 43 million when the bound was set."
    echo "native: what makes it grow by megabytes at once is a generic method over many value types; docs/performance.md, 'The native program', says how to find which."
    echo "native: when it grew because there is more to it, raise 'most' in eng/native-proof.sh and say in the commit what came."
    exit 1
fi
mkdir "$work/files"
printf 'TODO: water the plants\n' >"$work/files/notes.txt"
answer=$(cd "$work/files" && env -i PATH="$PATH" HOME="$work/home" "$out/bridle/Bridle.Cli" run --model rehearsal/rehearsal "Which files mention TODO, and what does each want?" 2>"$work/err") ||
    { cat "$work/err"; echo "native: a rehearsal did not finish"; exit 1; }
case "$answer" in
    *notes.txt*) echo "native: a rehearsal with real tools answered" ;;
    *) echo "native: the answer does not name the file: $answer"; exit 1 ;;
esac
found=$(cd "$work/files" && env -i PATH="$PATH" HOME="$work/home" "$out/bridle/Bridle.Cli" recall '"water the plants"' 2>"$work/err")
case "$found" in
    *"«water the plants»"*) echo "native: what was said is found again, by the system's SQLite" ;;
    *) cat "$work/err"; echo "native: the search over past sessions does not find it: $found"; exit 1 ;;
esac
env -i PATH="$PATH" HOME="$work/home" BRIDLE_ENABLE_TELEMETRY=1 OTEL_EXPORTER_OTLP_ENDPOINT=http://127.0.0.1:9 "$out/bridle/Bridle.Cli" run --model rehearsal/rehearsal "Say hello." >"$work/answer" 2>"$work/err"
if grep -q 'Telemetry could not be sent to http://127.0.0.1:9/v1/.*refused' "$work/err"; then
    echo "native: telemetry is made and sent; nobody takes it here, which is said"
else
    cat "$work/err"; echo "native: telemetry does not come as far as the collector"; exit 1
fi
