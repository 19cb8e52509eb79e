#!/usr/bin/env bash
# Drives the program in a terminal of 80 columns against the model of bench/Bridle.MockModel and writes what stands there into docs/terminal.md. Look at it before you keep it.
set -euo pipefail
cd "$(dirname "$0")/.."
root=$PWD out=${1:-docs/terminal.md} place=$(mktemp -d) socket="captures-$$"
[ -n "${CAPTURES_BUILT:-}" ] || dotnet build src/Bridle.Cli -v q --nologo -clp:NoSummary
mkdir -p "$place/home" "$place/work"
printf 'def greet():\n    print("Hello")\n\n\ngreet()\n' > "$place/work/greet.py"
source bench/mock-model.sh
start_mock "$place" Debug
leave() { tmux -L "$socket" kill-server 2>/dev/null || true; leave_mock; }
trap leave EXIT
url=$base
printf 'set -g status off\nset -s escape-time 0\nset -g default-terminal screen-256color\n' > "$place/tmux.conf"

screen() { tmux -L "$socket" capture-pane -p -S - | sed -e "s#$place/work#/work#g" -e 's/[[:space:]]*$//' -e '/./,$!d'; }
keys() { tmux -L "$socket" send-keys "$@"; }
say() { tmux -L "$socket" send-keys -l -- "$1"; keys Enter; }
# Until a text stands there as often as said.
wait_for() { for _ in $(seq 300); do [ "$(screen | grep -cF -- "$1")" -ge "${2:-1}" ] && return; sleep 0.1; done; echo "'$1' did not appear:" >&2; screen >&2; exit 1; }
# The last lines from the last one that holds a text, with the cursor's line as it is.
show() {
    printf '\n## %s\n\n%s\n\n````text\n' "$1" "$2"
    screen | awk -v from="$3" '{ line[NR] = $0 } index($0, from) { start = NR } END { last = NR; while (last > 0 && line[last] == "") last--; for (i = start; i <= last; i++) print line[i] }'
    printf '````\n'
}

tmux -L "$socket" -f "$place/tmux.conf" new-session -d -x 80 -y 30 -c "$place/work" \
    env -i HOME="$place/home" PATH="$PATH" TERM=screen-256color LANG=C.UTF-8 SHELL=/bin/sh OPENAI_API_KEY=none \
    "$root/artifacts/bin/Bridle.Cli/debug/Bridle.Cli" chat --base-url "$url/tour/v1" --api openai -m mock --session tour --sandbox off
wait_for '/exit leaves.'
{
    printf '# The terminal\n\nWhat [the chat](chat.md) looks like in 80 columns, made by `eng/captures.sh` with the real program in tmux and a model with fixed answers. Colours are not captured: additions are green, removals red, the status dim.\n'
    keys -l '/se'
    wait_for '1 of'
    show 'Choosing a command' 'A slash opens the list; typing narrows it, Tab takes the first.' '❯ /se'
    keys C-u
    say 'Greet by name.'
    wait_for '[y] yes, once'
    show 'A question about a change' 'The change is shown as a diff before anybody is asked. The list of what is to be done stands below it and changes in place; the last line is the status.' '❯ Greet by name.'
    keys y
    wait_for 'steps, '
    show 'The answer' 'Markdown as it comes. The list goes into the scrollback when the turn is over; tokens, money, steps and model follow.' '• Edit'
    say 'Count slowly.'
    wait_for '[y] yes, once' 2
    keys y
    wait_for '| line 3'
    show 'A command runs' 'Its last lines are live, with the time that it takes.' '❯ Count slowly.'
    keys Escape
    wait_for 'Interrupted.'
    show 'Interrupted by Esc' 'What the command said until then is kept, and the model is told at its next turn that it was interrupted.' '❯ Count slowly.'
    say '/rewind'
    wait_for 'Back to before which message?'
    show 'Going back' 'Each message with the files that were changed since.' '❯ /rewind'
    say '2'
    wait_for 'Put '
    show 'Going back with the files' 'Nothing is changed before the answer.' 'Back to before which'
} > "$place/terminal.md"
mv "$place/terminal.md" "$out"
