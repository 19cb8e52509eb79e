#!/usr/bin/env bash
# Measures whole runs of the program: start, one short answer, twenty turns of a shell command, twenty turns of a file read, an answer in 2,000 chunks.
# The model is bench/Bridle.MockModel on loopback, so that nothing but the program itself takes time. Needs the .NET SDK and GNU time.
#   bench/whole-process.sh                    the program that ./bridle built, 7 rounds
#   bench/whole-process.sh ROUNDS PROGRAM...  other rounds; several programs, such as two versions, take turns in every round
# Prints medians: wall and CPU in ms, peak memory in MB, bytes of the first request. Quote ratios of one run: absolute times hold for one machine in one hour.
set -u
root=$(cd "$(dirname "$(readlink -f "$0")")/.." && pwd)
rounds=${1:-7}
[ $# -gt 0 ] && shift
if [ $# -eq 0 ]; then
    "$root/bridle" --version >/dev/null || exit 1
    set -- "$root/artifacts/bridle/Bridle.Cli"
fi
[ -x /usr/bin/time ] || { echo "GNU time is needed: install the package 'time'."; exit 1; }

work=$(mktemp -d)
source "$root/bench/mock-model.sh"
start_mock "$work" || exit 1

# once SCENARIO PROGRAM: one run in a fresh home and a fresh folder; a line of figures.
once() {
    local place scenario=$1 program=$2
    place=$(mktemp -d "$work/run.XXXXXX")
    mkdir "$place/home" "$place/files"
    seq 40 >"$place/files/a.txt"
    local arguments=(run --model openai/mock "Do the task.")
    [ "$scenario" = version ] && arguments=(--version)
    cd "$place/files" || exit 1
    local began=$EPOCHREALTIME
    env -i PATH="$PATH" HOME="$place/home" LANG=C.UTF-8 OPENAI_API_KEY=x OPENAI_BASE_URL="$base/$scenario/v1" \
        /usr/bin/time -o "$place/time" -f '%U %S %M' "$program" "${arguments[@]}" >/dev/null 2>"$place/err" </dev/null ||
        { echo "$program failed in $scenario:" >&2; cat "$place/err" >&2; exit 1; }
    local ended=$EPOCHREALTIME
    cd "$work" || exit 1
    local user system memory
    read -r user system memory <"$place/time"
    echo "$scenario $program $((${ended/./} - ${began/./})) $user $system $memory" >>"$work/figures"
    rm -rf "$place"
}

for round in $(seq "$rounds"); do
    for scenario in version text tools20 reads20 bigout; do
        for program in "$@"; do once "$scenario" "$program"; done
    done
done

printf '%-9s %-40s %8s %8s %8s\n' scenario program 'wall ms' 'CPU ms' 'peak MB'
median() { sort -n | awk '{ v[NR] = $1 } END { print (NR % 2) ? v[(NR + 1) / 2] : (v[NR / 2] + v[NR / 2 + 1]) / 2 }'; }
for scenario in version text tools20 reads20 bigout; do
    for program in "$@"; do
        lines=$(awk -v s="$scenario" -v p="$program" '$1 == s && $2 == p' "$work/figures")
        printf '%-9s %-40s %8.1f %8.0f %8.1f\n' "$scenario" "${program#"$root"/}" "$(awk '{ print $3 / 1000 }' <<<"$lines" | median)" \
            "$(awk '{ print ($4 + $5) * 1000 }' <<<"$lines" | median)" "$(awk '{ print $6 / 1024 }' <<<"$lines" | median)"
    done
done
echo "first request: $(grep -m 1 '^first ' "$work/mock" | cut -d' ' -f2-)"
