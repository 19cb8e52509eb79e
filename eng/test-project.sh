#!/usr/bin/env bash
# Runs one test project, prints its section when it has ended, and writes "PASSED FAILED" down for ./test, which starts several of these side by side.
#   eng/test-project.sh RESULTS PROJECT
set -u
cd "$(dirname "$0")/.." || exit 1
results=$1 project=$2 report="$1/$2.report" started=$SECONDS
timeout --kill-after=10 900 "artifacts/bin/$project/debug/$project" -noLogo -noColor -parallel collections -maxThreads 4 >"$report" 2>&1 </dev/null
code=$?
passed=0 failed=0 note=
line=$(grep -aoE 'Total: [0-9]+, Errors: [0-9]+, Failed: [0-9]+, Skipped: [0-9]+' "$report" | tail -n 1)
if [ -z "$line" ]; then
    note="$project did not report (exit $code)" failed=1
else
    read -r total errors bad skipped <<<"$(grep -oE '[0-9]+' <<<"$line" | tr '\n' ' ')"
    passed=$((total - bad - skipped)) failed=$((bad + errors))
    if [ "$total" -eq 0 ]; then note="$project ran no test" failed=$((failed + 1)); fi
    if [ $code -ne 0 ] && [ $failed -eq 0 ]; then note="$project ended with $code" failed=1; fi
fi

# One section at a time, however many end at once.
exec 9>"$results/lock"
flock 9
printf '\n== %s (took %d s)\n' "$project" $((SECONDS - started))
grep -avE '^\s*(Discovering|Discovered|Starting|Finished):' "$report" | tail -n 400
[ -z "$note" ] || echo "$note"
echo "$passed $failed" >"$results/$project.count"
rm -f "$report"
