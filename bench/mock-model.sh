# Starts bench/Bridle.MockModel on loopback for a script. To be read with `source`, not run:
#   start_mock FOLDER [CONFIGURATION]   builds it (unless CAPTURES_BUILT is set), starts it and waits for its address. Sets mock, its process, and base, its address.
# Ends it, and removes the folder, when the script ends; a script that has more to clear away sets its own trap afterwards and calls leave_mock in it.
mock='' mock_folder=''

leave_mock() {
    [ -z "$mock" ] || kill "$mock" 2>/dev/null || true
    [ -z "$mock_folder" ] || rm -rf "$mock_folder"
}

start_mock() {
    local root configuration=${2:-Release}
    root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
    mock_folder=$1
    trap leave_mock EXIT
    [ -n "${CAPTURES_BUILT:-}" ] || dotnet build "$root/bench/Bridle.MockModel" -c "$configuration" -v q --nologo -clp:NoSummary || return 1
    dotnet "$root/artifacts/bin/Bridle.MockModel/${configuration,,}/Bridle.MockModel.dll" >"$mock_folder/mock" &
    mock=$!
    until grep -qs '^http' "$mock_folder/mock"; do
        kill -0 "$mock" 2>/dev/null || { echo "the mock model did not start" >&2; return 1; }
        sleep 0.1
    done
    base=$(grep -m1 '^http' "$mock_folder/mock")
}
