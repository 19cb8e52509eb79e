#!/usr/bin/env bash
# The long crash proof: all scenarios killed by strace at every sync, then kills at random moments. Every session is continued to its end and checked.
#   eng/crash-proof.sh                      10,000 random kills
#   eng/crash-proof.sh KILLS [SECONDS] [SEED]
# The random part stops after SECONDS when they are given; 0 kills leaves it out. Needs strace.
# What is killed at random is a native build of the same sources where one can be made: it starts in a tenth of the time. BRIDLE_CRASH_PROGRAM= keeps the managed one.
# Most of the time is spent in syncs: with TMPDIR on a tmpfs, ten thousand kills take some 40 minutes of one processor.
set -u
cd "$(dirname "$0")/.." || exit 1
command -v strace >/dev/null || { echo "strace is missing; ./test installs it"; exit 1; }
dotnet build tests/Bridle.Tests --nologo -v q -clp:NoSummary || exit 1
if [ -z "${BRIDLE_CRASH_PROGRAM+set}" ] && [ "${1:-}" != 0 ]; then
    out="$PWD/artifacts/native"
    if dotnet publish tests/Bridle.CrashTarget -c Release -r linux-x64 -p:Tfm=net9.0 -p:Native=true -p:ArtifactsPath="$out" -o "$out/crash" --nologo -v q; then
        export BRIDLE_CRASH_PROGRAM="$out/crash/Bridle.CrashTarget"
    else
        echo "no native program could be built; the managed one is killed, which takes longer"
    fi
fi
export BRIDLE_CRASH_KILLS="${1:-10000}" BRIDLE_CRASH_SECONDS="${2:-}" BRIDLE_CRASH_SEED="${3:-$RANDOM}"
program=artifacts/bin/Bridle.Tests/debug/Bridle.Tests
status=0
for proof in Every_scenario_killed_by_strace_at_every_sync Kills_at_random_moments; do
    [ "$proof" = Kills_at_random_moments ] && [ "$BRIDLE_CRASH_KILLS" = 0 ] && continue
    "$program" -noLogo -noColor -explicit only -showLiveOutput -method "Bridle.Tests.Journal.SessionKillProof.$proof" || status=1
done
exit $status
