#!/usr/bin/env bash
# Has a browser judge the web pages of a public store: `tests/pages/run.sh MOGNAD PUBLIC WORK`, where MOGNAD is the program, PUBLIC the store's
# folder and WORK a folder of its own. MODULES names a folder node_modules with what package.json lists, which is installed into WORK where it is
# not given, and CHROMIUM the browser. Any judge can be run alone: `NODE_PATH=MODULES node tests/pages/X.mjs --address URL --chromium PATH`.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
if [[ $# -ne 3 ]]; then
    echo "usage: tests/pages/run.sh MOGNAD PUBLIC WORK" >&2
    exit 2
fi
mognad=$(realpath "$1")
public=$(realpath "$2")
mkdir -p "$3"
work=$(realpath "$3")
log=$work/pages.log
: >"$log"

# what a tool prints is worth reading when it finds something
quietly() {
    local what=$1
    shift
    if ! "$@" >"$work/said" 2>&1; then
        cat "$work/said" >>"$log"
        echo "pages: FAILED, $what; the end of $log:" >&2
        tail -60 "$work/said" >&2
        exit 1
    fi
    cat "$work/said" >>"$log"
}

# a tool by its path, or the Debian package that has it
needed() {
    local tool=$1 package=$2
    if ! command -v "$tool"; then
        echo "pages: FAILED, there is no $tool; install it, on Debian with \`apt-get install $package\`" >&2
        exit 1
    fi
}

chromium=$(needed "${CHROMIUM:-chromium}" chromium)
needed java default-jre-headless >>"$log"
needed node nodejs >>"$log"
if [[ -z ${MODULES:-} ]]; then
    needed npm npm >>"$log"
    mkdir -p "$work/npm"
    cp "$here/package.json" "$work/npm"
    quietly "the judges" npm install --prefix "$work/npm" --ignore-scripts --no-audit --no-fund --no-package-lock
    MODULES=$work/npm/node_modules
fi
NODE_PATH=$(realpath "$MODULES")
export NODE_PATH

# all judges are one client, which asks more than one may
exec {said}< <(exec "$mognad" serve --public "$public" --listen 127.0.0.1:0 --look-every 3600 --rate 0 2>&1)
server=$!
trap 'kill "$server" 2>>"$log" && wait "$server" 2>>"$log" || true' EXIT
address=
while [[ -z $address ]]; do
    if ! read -r line <&"$said"; then
        echo "pages: FAILED, \`$mognad serve\` over $public ended without saying where it listens; see $log" >&2
        exit 1
    fi
    echo "$line" >>"$log"
    [[ $line =~ http://[0-9.:]+ ]] && address=${BASH_REMATCH[0]}
done
# the server waits for nobody to read what it says
cat <&"$said" >>"$log" &

echo "pages of $address"
failed=0
node "$here/judge.mjs" --address "$address" --chromium "$chromium" --html "$work/html" || failed=1
node "$here/journeys.mjs" --address "$address" --chromium "$chromium" || failed=1
exit "$failed"
