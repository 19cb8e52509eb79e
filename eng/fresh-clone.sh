#!/usr/bin/env bash
# Proves that the README's first command works from an empty clone and a new home: builds, answers, exits 0, leaves a session file. Prints how long it took.
set -u
root=$(cd "$(dirname "$0")/.." && pwd)
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
git clone -q "$root" "$place/bridle" || { echo "the clone failed"; exit 1; }
mkdir "$place/home" && cd "$place/bridle" || exit 1

# A new person's environment: no settings, no keys, nothing built. Packages that this machine has fetched already may be used again.
packages=${NUGET_PACKAGES:-$HOME/.nuget/packages}
run() {
    env -i PATH="$PATH" HOME="$place/home" LANG=C.UTF-8 NUGET_PACKAGES="$packages" ${DOTNET_ROOT:+DOTNET_ROOT="$DOTNET_ROOT"} ${http_proxy:+http_proxy="$http_proxy"} \
        ${https_proxy:+https_proxy="$https_proxy"} ${SSL_CERT_FILE:+SSL_CERT_FILE="$SSL_CERT_FILE"} "$@"
}
fail() {
    echo "fresh-clone: $1"
    echo "--- answer"; cat "$place/out"
    echo "--- beside it"; cat "$place/err"
    exit 1
}

started=$SECONDS
run ./bridle run "Which files mention TODO, and what does each want?" >"$place/out" 2>"$place/err"
code=$?
first=$((SECONDS - started))
[ $code -eq 0 ] || fail "the first command ended with $code"
[ -s "$place/out" ] || fail "the first command gave no answer"
grep -q "rehearsal" "$place/err" || fail "nothing says that the rehearsal answered"
[ "$(find "$place/home/.local/share/bridle/sessions" -name 'session_*.jsonl' | wc -l)" -eq 1 ] || fail "there is not one session file"
[ -z "$(git status --porcelain)" ] || fail "the clone is not clean any more: $(git status --porcelain | head -3)"

started=$SECONDS
run ./bridle --version >"$place/out" 2>"$place/err" || fail "the second start failed"
[ -s "$place/err" ] && fail "the second start was not silent"
echo "fresh-clone: the first command took $first s with the build, the next start $((SECONDS - started)) s; $(cat "$place/out")"
