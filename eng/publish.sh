#!/bin/sh
# Publishes the program into the given folder: ready-to-run, trimmed, one file; where that is not possible, a plain build.
# Says what it does while it does it. Two of these at once wait for each other.
set -u
root=$(cd "$(dirname "$0")/.." && pwd)
out=${1:-"$root/artifacts/bridle"}
log="$root/artifacts/publish.log"
mkdir -p "$root/artifacts"

if ! command -v dotnet >/dev/null 2>&1; then
    echo "bridle: the .NET 10 SDK is needed to build Bridle, and 'dotnet' is not on the PATH. Install it, then run this again."
    exit 1
fi

lock="$root/artifacts/publish.lock"
tries=0
until mkdir "$lock" 2>/dev/null; do
    if [ -f "$lock/pid" ] && ! kill -0 "$(cat "$lock/pid")" 2>/dev/null; then rm -rf "$lock"; continue; fi
    [ $tries -eq 0 ] && echo "bridle: another build is running; waiting for it"
    tries=$((tries + 1))
    [ $tries -gt 600 ] && { echo "bridle: gave up waiting; remove $lock if no build runs"; exit 1; }
    sleep 1
done
echo $$ >"$lock/pid"
next="$out.next.$$"
trap 'rm -rf "$lock" "$next"' EXIT INT TERM

case "$(uname -s)-$(uname -m)" in
    Linux-x86_64) rid=linux-x64 ;;
    Linux-aarch64) rid=linux-arm64 ;;
    Darwin-arm64) rid=osx-arm64 ;;
    Darwin-x86_64) rid=osx-x64 ;;
    *) rid= ;;
esac
if [ "$rid" = linux-x64 ] && ls /lib/ld-musl-* >/dev/null 2>&1; then rid=linux-musl-x64; fi

started=$(date +%s)
ready=
if [ -n "$rid" ]; then
    echo "bridle: building (first use, or the checkout changed); this takes about a minute ..."
    if dotnet publish "$root/src/Bridle.Cli" -c Release -r "$rid" --self-contained true -p:PublishReadyToRun=true \
        -p:PublishTrimmed=true -p:PublishSingleFile=true -o "$next" --nologo -v q >"$log" 2>&1; then
        ready=yes
    else
        echo "bridle: a trimmed single file cannot be made here (see $log); making a plain build instead ..."
    fi
fi
if [ -z "$ready" ]; then
    rm -rf "$next"
    if ! dotnet publish "$root/src/Bridle.Cli" -c Release -o "$next" --nologo -v q >"$log" 2>&1; then
        echo "bridle: the build failed:"
        tail -n 20 "$log"
        exit 1
    fi
fi

touch "$next/ready"
rm -rf "$out"
mv "$next" "$out"
echo "bridle: built in $(($(date +%s) - started)) s"
