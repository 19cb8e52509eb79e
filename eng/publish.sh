#!/bin/sh
# Publishes the program into the given folder: ready-to-run, trimmed, one file; where that is not possible, a plain build.
# Says what it does while it does it. Two of these at once wait for each other, and the second one takes what the first one made.
#   BRIDLE_PLAIN=1   makes the plain build at once
set -u
root=$(cd "$(dirname "$0")/.." && pwd)
out=${1:-"$root/artifacts/bridle"}
build="$root/artifacts/publish"
lock="$root/artifacts/publish.lock"
mkdir -p "$root/artifacts"

if ! command -v dotnet >/dev/null 2>&1; then
    echo "bridle: the .NET 10 SDK is needed to build Bridle, and 'dotnet' is not on the PATH. Install it, then run this again."
    exit 1
fi

tries=0
until mkdir "$lock" 2>/dev/null; do
    owner=$(cat "$lock/pid" 2>/dev/null)
    if [ -n "$owner" ] && ! kill -0 "$owner" 2>/dev/null; then rm -rf "$lock"; continue; fi
    [ $tries -eq 0 ] && echo "bridle: another build is running; waiting for it"
    tries=$((tries + 1))
    if [ $tries -gt 900 ]; then echo "bridle: gave up waiting for the other build; remove $lock if there is none"; exit 1; fi
    sleep 1
done
echo $$ >"$lock/pid"
next="$out.next.$$"
trap 'rm -rf "$lock" "$next"' EXIT
trap 'exit 130' INT TERM
if [ $tries -gt 0 ] && [ -f "$out/ready" ] && ! [ "$root/.git/logs/HEAD" -nt "$out/ready" ]; then exit 0; fi

case "$(uname -s)-$(uname -m)" in
    Linux-x86_64) rid=linux-x64 ;;
    Linux-aarch64) rid=linux-arm64 ;;
    Darwin-arm64) rid=osx-arm64 ;;
    Darwin-x86_64) rid=osx-x64 ;;
    *) rid= ;;
esac
if [ "$rid" = linux-x64 ] && ls /lib/ld-musl-* >/dev/null 2>&1; then rid=linux-musl-x64; fi
[ -n "${BRIDLE_PLAIN:-}" ] && rid=

# The program counts as old when the checkout moves after this moment, also while it is being built.
began=$(date +%s)
touch "$lock/began"
# An own folder for what the compiler leaves behind, so that this and a running ./test do not disturb each other.
publish() { dotnet publish "$root/src/Bridle.Cli" -c Release -p:ArtifactsPath="$build" -o "$next" --nologo -v q "$@"; }

ready=
if [ -n "$rid" ]; then
    echo "bridle: building (first use, or the checkout changed); this takes a minute or two ..."
    if publish -r "$rid" -p:Shipped=true >"$root/artifacts/publish.log" 2>&1; then
        ready=yes
    else
        echo "bridle: a trimmed single file cannot be made here (why: $root/artifacts/publish.log); making a plain build instead, which starts more slowly ..."
    fi
else
    echo "bridle: making a plain build (first use, or the checkout changed) ..."
fi
if [ -z "$ready" ]; then
    rm -rf "$next"
    if ! publish >"$root/artifacts/publish-plain.log" 2>&1; then
        echo "bridle: the build failed:"
        tail -n 20 "$root/artifacts/publish-plain.log"
        echo "bridle: the whole output is in $root/artifacts/publish-plain.log; correct the cause and run this again."
        exit 1
    fi
fi

touch -r "$lock/began" "$next/ready"
rm -rf "$out.old"
[ -e "$out" ] && mv "$out" "$out.old"
mv "$next" "$out"
rm -rf "$out.old"
echo "bridle: built in $(($(date +%s) - began)) s"
