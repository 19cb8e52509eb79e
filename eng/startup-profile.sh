#!/usr/bin/env bash
# Makes src/Bridle.Cli/startup.mibc: the list of methods that ordinary runs had to compile while they ran, which the shipped program then has compiled already.
# Run it before a release and after big changes; eng/publish.sh uses what is there. What the list names and the sources no longer have does no harm.
#   eng/startup-profile.sh
# The program is built without the list, so that the runs show all that is missing. The model is bench/Bridle.MockModel on loopback. Needs Linux and tmux.
set -u
root=$(cd "$(dirname "$(readlink -f "$0")")/.." && pwd)
cd "$root" || exit 1
build=$root/artifacts/startup-profile
rid=linux-$(case "$(uname -m)" in x86_64) echo x64 ;; *) echo arm64 ;; esac)
dotnet publish src/Bridle.Cli -c Release -r "$rid" -p:Shipped=true -p:StartupProfile=none -p:ArtifactsPath="$build" -o "$build/program" --nologo -v q || exit 1
dotnet build bench/Bridle.StartupProfile -c Release -v q --nologo -clp:NoSummary || exit 1

work=$(mktemp -d)
source "$root/bench/mock-model.sh"
start_mock "$work" || exit 1
mkdir -p "$work/home" "$work/files/.bridle/skills/greet" "$work/traces"
git -C "$work/files" init -q
seq 40 >"$work/files/a.txt"
echo "Answer shortly." >"$work/files/AGENTS.md"
printf -- '---\nname: greet\ndescription: Greets people.\n---\nSay hello.\n' >"$work/files/.bridle/skills/greet/SKILL.md"

# traced NAME SCENARIO ARGUMENT...: one run, its standard input as it is.
traced() {
    local name=$1 scenario=$2
    shift 2
    (cd "$work/files" && env -i PATH="$PATH" HOME="$work/home" LANG=C.UTF-8 TERM=xterm-256color OPENAI_API_KEY=x OPENAI_BASE_URL="$base/$scenario/v1" \
        DOTNET_EnableEventPipe=1 DOTNET_EventPipeConfig=Microsoft-Windows-DotNETRuntime:0x1E000080018:5 DOTNET_EventPipeOutputPath="$work/traces/$name.nettrace" \
        timeout 120 "$@" >"$work/$name.out" 2>&1) || { echo "$name failed:"; tail -n 5 "$work/$name.out"; exit 1; }
}
program=$build/program/Bridle.Cli
traced version text "$program" --version </dev/null
traced help text "$program" --help </dev/null
traced trust text "$program" trust </dev/null
traced rehearsal text env -u OPENAI_API_KEY -u OPENAI_BASE_URL "$program" run "Which files mention 7?" </dev/null
traced text text "$program" run --model openai/mock "Do the task." </dev/null
traced work work "$program" run --model openai/mock --mode acceptEdits --session profile "Do the task." </dev/null
traced resume text "$program" run --model openai/mock --resume profile "And again." </dev/null
traced json tools20 "$program" run --model openai/mock -o json "Do the task." </dev/null
traced events reads20 "$program" run --model openai/mock -o events "Do the task." </dev/null
traced pipe bigout "$program" chat --model openai/mock --plain <<<$'Do the task.\n/cost\n/exit'

# The chat on a real terminal.
tmux -L "profile-$$" new-session -d -x 100 -y 30 "cd '$work/files' && env -i PATH='$PATH' HOME='$work/home' LANG=C.UTF-8 TERM=xterm-256color OPENAI_API_KEY=x OPENAI_BASE_URL='$base/work/v1' \
    DOTNET_EnableEventPipe=1 DOTNET_EventPipeConfig=Microsoft-Windows-DotNETRuntime:0x1E000080018:5 DOTNET_EventPipeOutputPath='$work/traces/chat.nettrace' \
    '$program' chat --model openai/mock --mode acceptEdits"
shown() { for _ in $(seq 600); do tmux -L "profile-$$" capture-pane -p | grep -q "$1" && return; sleep 0.1; done; echo "the chat never showed '$1'"; exit 1; }
shown "acceptEdits"
tmux -L "profile-$$" send-keys "Do the task." Enter
shown "task is complete"
tmux -L "profile-$$" send-keys "/exit" Enter
while tmux -L "profile-$$" has-session 2>/dev/null; do sleep 0.1; done
traced list text "$program" sessions list </dev/null
traced context text "$program" context show </dev/null
"$root/artifacts/bin/Bridle.StartupProfile/release/Bridle.StartupProfile" "$build/obj/Bridle.Cli/release_$rid/linked" src/Bridle.Cli/startup.mibc "$work"/traces/*.nettrace
