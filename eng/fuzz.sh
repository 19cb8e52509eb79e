#!/usr/bin/env bash
# The long fuzzing: everything that reads bytes which others wrote, for an hour each, one after the other.
#   eng/fuzz.sh                        all of them, 3,600 s each
#   eng/fuzz.sh SECONDS [NAME ...]     so long, and only these: shell arguments journal sse settings; and oracle, which asks bash itself
# A failure prints its seed; BRIDLE_SEED=N runs it again.
set -u
cd "$(dirname "$0")/.." || exit 1
export UseSharedCompilation=true BRIDLE_FUZZ_SECONDS="${1:-3600}"
[ $# -gt 0 ] && shift
declare -A classes=([shell]=Bridle.Tests.Permissions.Shell.ShellFuzzTests [arguments]=Bridle.Tests.Tools.ArgumentFuzzTests [journal]=Bridle.Tests.Journal.FuzzTests
    [sse]=Bridle.Models.Tests.Http.SseFuzzTests [settings]=Bridle.Hosting.Tests.Settings.SettingsFuzzTests [oracle]=Bridle.Tests.Permissions.Shell.ShellOracleTests)
[ $# -gt 0 ] || set -- shell arguments journal sse settings oracle
status=0
for name in "$@"; do
    class=${classes[$name]:-}
    [ -n "$class" ] || { echo "there is no fuzzer '$name'"; exit 1; }
    project=$(grep -oE '^Bridle\.([A-Z][a-z]+\.)?Tests' <<<"$class")
    dotnet build "tests/$project" --nologo -v q -clp:NoSummary || exit 1
    printf '\n== %s (%s s)\n' "$name" "$BRIDLE_FUZZ_SECONDS"
    "artifacts/bin/$project/debug/$project" -noLogo -noColor -showLiveOutput -class "$class" | grep -vE '^\s*(Discovering|Discovered|Starting|Finished):'
    [ "${PIPESTATUS[0]}" -eq 0 ] || status=1
done
exit $status
