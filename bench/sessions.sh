#!/usr/bin/env bash
# Measures whole runs of the program on many sessions and on long ones: listing 10,000 with and without the cache, going on with one of 100,000 records (with a summary
# after each thousand, as a session of that length has, and with none at all), and the memory that takes. The model is bench/Bridle.MockModel on loopback. Needs the .NET SDK and GNU time.
#   bench/sessions.sh                  the program that ./bridle built, 7 rounds
#   bench/sessions.sh ROUNDS PROGRAM   another one
# Prints medians of wall ms, CPU ms and peak MB. Absolute times hold for one machine in one hour.
set -u
root=$(cd "$(dirname "$(readlink -f "$0")")/.." && pwd)
rounds=${1:-7}
program=${2:-}
if [ -z "$program" ]; then
    "$root/bridle" --version >/dev/null || exit 1
    program=$root/artifacts/bridle/Bridle.Cli
fi
[ -x /usr/bin/time ] || { echo "GNU time is needed: install the package 'time'."; exit 1; }
dotnet build "$root/bench/Bridle.Benchmarks" -c Release -v q --nologo -clp:NoSummary || exit 1
made=$root/artifacts/bin/Bridle.Benchmarks/release/Bridle.Benchmarks

work=$(mktemp -d)
source "$root/bench/mock-model.sh"
start_mock "$work" || exit 1

home() { mkdir -p "$work/$1/home/.local/share" "$work/$1/home/.local/state" "$work/$1/files"; }
home many; home long; home raw
"$made" many "$work/many/home/.local/share/bridle" "$work/many/home/.local/state/bridle" 10000 || exit 1
"$made" one "$work/long/home/.local/share/bridle" "$work/long/home/.local/state/bridle" base 100000 1000 || exit 1
"$made" one "$work/raw/home/.local/share/bridle" "$work/raw/home/.local/state/bridle" base 100000 0 || exit 1
sessions() { echo "$work/$1/home/.local/share/bridle/sessions"; }
seals() { echo "$work/$1/home/.local/state/bridle/seals"; }
of() { echo "$(wc -l <"$(sessions "$1")/session_base.jsonl") records, $(($(stat -c %s "$(sessions "$1")/session_base.jsonl") / 1048576)) MB"; }
printf '%d sessions of %d KB; one with summaries of %s; one without of %s\n' 10000 \
    "$(($(stat -c %s "$(sessions many)/session_1.jsonl") / 1024))" "$(of long)" "$(of raw)"

# once NAME PLACE ARGUMENTS...: one run; a line of figures.
once() {
    local what=$1 place=$work/$2; shift 2
    cd "$place/files" || exit 1
    local began=$EPOCHREALTIME
    env -i PATH="$PATH" HOME="$place/home" LANG=C.UTF-8 OPENAI_API_KEY=x OPENAI_BASE_URL="$base/text/v1" \
        /usr/bin/time -o "$work/time" -f '%U %S %M' "$program" "$@" >/dev/null 2>"$work/err" </dev/null || { echo "$what failed:"; cat "$work/err"; exit 1; }
    local ended=$EPOCHREALTIME user system memory
    read -r user system memory <"$work/time"
    echo "$what $((${ended/./} - ${began/./})) $user $system $memory" >>"$work/figures"
    cd "$work" || exit 1
}

for _ in $(seq "$rounds"); do
    rm -f "$work/many/home/.local/share/bridle/session-list.cache"
    once list-cold many sessions list
    once list-warm many sessions list
    once version many --version
    once short long run --session "s$RANDOM$RANDOM" --model openai/mock "Say it."
    for which in long raw; do
        # With its seal, as a session has that was closed, and left there by the program itself: a copy is looked at as a whole once.
        cp "$(sessions $which)/session_base.jsonl" "$(sessions $which)/session_copy.jsonl"
        cp "$(seals $which)/base.seal" "$(seals $which)/copy.seal"
        (cd "$work/$which/files" && env -i PATH="$PATH" HOME="$work/$which/home" LANG=C.UTF-8 "$program" sessions rename copy long >/dev/null) || exit 1
        once "resume-$which" $which run --resume long --model openai/mock --cwd "$work/$which/files" "Say it."
        rm -f "$(sessions $which)"/session_long.jsonl* "$(seals $which)/long.seal"
    done
done

median() { sort -n | awk '{ v[NR] = $1 } END { print (NR % 2) ? v[(NR + 1) / 2] : (v[NR / 2] + v[NR / 2 + 1]) / 2 }'; }
printf '%-14s %8s %8s %8s\n' what 'wall ms' 'CPU ms' 'peak MB'
for what in version list-cold list-warm short resume-long resume-raw; do
    lines=$(awk -v s="$what" '$1 == s' "$work/figures")
    printf '%-14s %8.1f %8.0f %8.1f\n' "$what" "$(awk '{ print $2 / 1000 }' <<<"$lines" | median)" \
        "$(awk '{ print ($3 + $4) * 1000 }' <<<"$lines" | median)" "$(awk '{ print $5 / 1024 }' <<<"$lines" | median)"
done
