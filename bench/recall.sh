#!/usr/bin/env bash
# Measures the search over past sessions: how fast an index is made of many messages beside the sqlite3 program that takes in the very same rows with the same tables, tokenizers and
# settings, in turns; how much memory that takes; and how long queries take. Needs the .NET SDK, GNU time and the sqlite3 program. The index reads and checks the sessions' files and masks
# secrets; sqlite3 gets rows that are ready.
#   bench/recall.sh                      1,000,000 messages, 3 rounds, 300 queries of each kind
#   bench/recall.sh MESSAGES ROUNDS QUERIES
# Absolute times hold for one machine in one hour; the ratio is what carries over.
set -u
root=$(cd "$(dirname "$(readlink -f "$0")")/.." && pwd)
messages=${1:-1000000} rounds=${2:-3} queries=${3:-300}
for need in /usr/bin/time sqlite3; do command -v $need >/dev/null || { echo "$need is needed: install the package '$(basename $need)'."; exit 1; }; done
[ -n "${BRIDLE_BUILT:-}" ] || dotnet build "$root/bench/Bridle.Benchmarks" -c Release -v q --nologo -clp:NoSummary || exit 1
made=$root/artifacts/bin/Bridle.Benchmarks/release/Bridle.Benchmarks

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
data=$work/data state=$work/state
"$made" recall-make "$data" "$state" "$messages" || exit 1
printf '%s messages in %s sessions, %s MB of logs\n' "$messages" "$(ls "$data/sessions" | wc -l)" "$(($(du -sm "$data/sessions" | cut -f1)))"

"$made" recall-build "$data" "$state" >"$work/first" || exit 1
"$made" recall-dump "$data" "$state" "$work/rows.tsv" || exit 1
cat >"$work/tables.sql" <<'SQL'
PRAGMA page_size = 16384; PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA locking_mode = EXCLUSIVE; PRAGMA cache_size = -65536;
CREATE TABLE message (id INTEGER PRIMARY KEY, at INTEGER NOT NULL, kind INTEGER NOT NULL, text TEXT NOT NULL);
CREATE VIRTUAL TABLE words USING fts5(text, content='', columnsize=0, tokenize='unicode61 remove_diacritics 2');
CREATE VIRTUAL TABLE grams USING fts5(text, content='', detail=none, columnsize=0, tokenize='trigram');
INSERT INTO words(words, rank) VALUES ('hashsize', 16777216);
INSERT INTO grams(grams, rank) VALUES ('hashsize', 16777216);
BEGIN;
.mode tabs
.import rows.tsv message
INSERT INTO words(rowid, text) SELECT (id << 7) | ((kind - 1) << 5) | 10, text FROM message;
INSERT INTO grams(rowid, text) SELECT id, text FROM message;
COMMIT;
SQL

# timed NAME COMMAND...: a line of wall ms, CPU ms and peak MB.
timed() {
    local what=$1 began=$EPOCHREALTIME ended user system memory; shift
    /usr/bin/time -o "$work/time" -f '%U %S %M' "$@" >"$work/out" 2>"$work/err" || { echo "$what failed:"; cat "$work/out" "$work/err"; exit 1; }
    ended=$EPOCHREALTIME
    read -r user system memory <"$work/time"
    echo "$what $(((${ended/./} - ${began/./}) / 1000)) $(awk "BEGIN { print int(($user + $system) * 1000) }") $((memory / 1024))" >>"$work/figures"
}
cd "$work" || exit 1
for _ in $(seq "$rounds"); do
    rm -f raw.db
    timed sqlite3 sqlite3 raw.db ".read tables.sql"
    # With the settings of the runtime that the program is built with.
    timed bridle env DOTNET_gcConcurrent=0 DOTNET_TieredPGO=0 "$made" recall-build "$data" "$state"
done

median() { sort -n | awk '{ v[NR] = $1 } END { print (NR % 2) ? v[(NR + 1) / 2] : (v[NR / 2] + v[NR / 2 + 1]) / 2 }'; }
of() { awk -v s="$1" -v c="$2" '$1 == s { print $c }' figures | median; }
printf '%-10s %10s %10s %10s %14s\n' 'index' 'wall ms' 'CPU ms' 'peak MB' 'messages/s'
for what in sqlite3 bridle; do
    printf '%-10s %10s %10s %10s %14s\n' $what "$(of $what 2)" "$(of $what 3)" "$(of $what 4)" "$(awk "BEGIN { print int($messages * 1000 / $(of $what 2)) }")"
done
echo "the same for each second of processor time, all threads: $(awk "BEGIN { printf \"%.0f %%\", 100 * $(of sqlite3 3) / $(of bridle 3) }")"
echo "rate of bridle against sqlite3, medians: $(awk "BEGIN { printf \"%.0f %%\", 100 * $(of sqlite3 2) / $(of bridle 2) }"); by turns: $(awk '$1 == "sqlite3" { raw = $2 } $1 == "bridle" { printf "%.0f %% ", 100 * raw / $2 }' figures)"
printf 'files: sqlite3 %s MB, bridle %s MB\n' "$(($(stat -c %s raw.db) / 1048576))" "$(($(stat -c %s "$data"/recall/index-*.db) / 1048576))"
"$made" recall-query "$data" "$state" "$queries"
