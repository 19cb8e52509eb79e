#!/usr/bin/env bash
# Makes the transcripts in tests/Bridle.Hosting.Tests/Imports/transcripts afresh: installs Codex and opencode by their npm names, lets each do one small task with
# bench/Bridle.MockModel on loopback, and takes what they wrote. Long texts of the programs themselves (their instructions) are cut, and the folder gets another name;
# nothing else is changed. Needs the .NET SDK, Node with npm, and Python. Takes a minute.
set -eu
root=$(cd "$(dirname "$(readlink -f "$0")")/.." && pwd)
target=$root/tests/Bridle.Hosting.Tests/Imports/transcripts
work=$(mktemp -d)
source "$root/bench/mock-model.sh"
start_mock "$work"
(cd "$work" && npm init -y >/dev/null && npm install --no-save @openai/codex opencode-ai >/dev/null)
base=$base/transcript/v1

home=$work/home
mkdir -p "$home/.codex" "$home/.config/opencode" "$work/demo" "$target"
printf 'alpha\n' >"$work/demo/a.txt"
cat >"$home/.codex/config.toml" <<TOML
model = "mock"
model_provider = "mock"
check_for_update_on_startup = false
[analytics]
enabled = false
[model_providers.mock]
name = "Mock"
base_url = "$base"
env_key = "MOCK_KEY"
wire_api = "responses"
TOML
cat >"$home/.config/opencode/opencode.json" <<JSON
{"autoupdate":false,"share":"disabled","model":"mock/mock","small_model":"mock/mock","permission":"allow",
 "provider":{"mock":{"npm":"@ai-sdk/openai-compatible","name":"Mock","options":{"baseURL":"$base","apiKey":"x"},"models":{"mock":{"name":"Mock","limit":{"context":200000,"output":8192}}}}}}
JSON
inside() { (cd "$work/demo" && env -i PATH="$PATH" HOME="$home" LANG=C.UTF-8 MOCK_KEY=x OPENCODE_DISABLE_AUTOUPDATE=1 OPENCODE_DISABLE_MODELS_FETCH=1 OPENCODE_DISABLE_LSP_DOWNLOAD=1 "$@" </dev/null); }
bin=$work/node_modules/.bin
inside timeout 120 "$bin/codex" exec --skip-git-repo-check --dangerously-bypass-approvals-and-sandbox "What do a.txt and b.txt say?" >/dev/null 2>&1
inside timeout 120 "$bin/opencode" run "What do a.txt and b.txt say?" >/dev/null 2>&1
session=$(inside "$bin/opencode" session list 2>/dev/null | grep -o 'ses_[A-Za-z0-9]*' | head -n 1)
inside "$bin/opencode" export "$session" >"$work/opencode.json" 2>/dev/null

cut_texts='
import json, sys
def cut(value):
    if isinstance(value, dict): return {key: cut(one) for key, one in value.items()}
    if isinstance(value, list): return [cut(one) for one in value]
    if isinstance(value, str):
        value = value.replace(sys.argv[1], "/home/ann/demo").replace(sys.argv[1][1:], "home/ann/demo").replace(sys.argv[2], "/home/ann")
        return value if len(value) <= 300 else value[:200] + " [cut]"
    return value
text = sys.stdin.read()
if sys.argv[3] == "lines":
    for line in text.splitlines(): print(json.dumps(cut(json.loads(line)), ensure_ascii=False, separators=(",", ":")))
else:
    print(json.dumps(cut(json.loads(text)), ensure_ascii=False, indent=1))
'
python3 -c "$cut_texts" "$work/demo" "$home" lines <"$(find "$home/.codex/sessions" -name '*.jsonl')" >"$target/codex.jsonl"
python3 -c "$cut_texts" "$work/demo" "$home" whole <"$work/opencode.json" >"$target/opencode.json"
printf 'codex %s, opencode %s\n' "$(inside "$bin/codex" --version 2>/dev/null | grep -oE '[0-9.]+')" "$(inside "$bin/opencode" --version 2>/dev/null)" >"$target/versions.txt"
cat "$target/versions.txt"
wc -c "$target"/*
