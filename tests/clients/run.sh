#!/usr/bin/env bash
# Has unchanged clients and outside judges read a public store: `tests/clients/run.sh MOGNAD PUBLIC WORK`, where MOGNAD is the program, PUBLIC the
# store's folder and WORK a folder of its own. PYTHON names an interpreter that has what requirements.txt lists, and MODULES a folder with what
# package.json lists; both are installed into WORK where they are not given. Any judge can be run alone: `PYTHON tests/clients/X.py --address URL`.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
if [[ $# -ne 3 ]]; then
    echo "usage: tests/clients/run.sh MOGNAD PUBLIC WORK" >&2
    exit 2
fi
mognad=$(realpath "$1")
public=$(realpath "$2")
mkdir -p "$3"
work=$(realpath "$3")
log=$work/clients.log
: >"$log"
export PYTHONDONTWRITEBYTECODE=1 TQDM_DISABLE=1 REDOCLY_TELEMETRY=off REDOCLY_SUPPRESS_UPDATE_NOTICE=true

# what a tool prints is worth reading when it finds something
quietly() {
    local what=$1
    shift
    if ! "$@" >"$work/said" 2>&1; then
        cat "$work/said" >>"$log"
        echo "clients: FAILED, $what; the end of $log:" >&2
        tail -60 "$work/said" >&2
        exit 1
    fi
    cat "$work/said" >>"$log"
}

if [[ -z ${PYTHON:-} ]]; then
    PYTHON=$work/venv/bin/python
    [[ -x $PYTHON ]] || quietly "a virtual environment" python3 -m venv "$work/venv"
    quietly "the clients' packages" "$PYTHON" -m pip install --quiet --disable-pip-version-check -r "$here/requirements.txt"
fi
if [[ -z ${MODULES:-} ]]; then
    mkdir -p "$work/npm"
    cp "$here/package.json" "$work/npm"
    quietly "the judges of documents" npm install --prefix "$work/npm" --ignore-scripts --no-audit --no-fund --no-package-lock
    MODULES=$work/npm/node_modules
fi

# all judges are one client, which asks more than one may
unlimited=()
if "$mognad" serve --help | grep -q -- '--rate '; then
    unlimited=(--rate 0)
fi
exec {said}< <(exec "$mognad" serve --public "$public" --listen 127.0.0.1:0 --look-every 3600 --postgres 127.0.0.1:0 "${unlimited[@]}" 2>&1)
server=$!
trap 'kill "$server" 2>>"$log" && wait "$server" 2>>"$log" || true' EXIT
address=
while [[ -z $address ]]; do
    if ! read -r line <&"$said"; then
        echo "clients: FAILED, \`$mognad serve\` over $public ended without saying where it listens; see $log" >&2
        exit 1
    fi
    echo "$line" >>"$log"
    [[ $line =~ http://[0-9.:]+ ]] && address=${BASH_REMATCH[0]}
done
postgres=
while [[ -z $postgres ]]; do
    read -r line <&"$said"
    echo "$line" >>"$log"
    [[ $line =~ PostgreSQL\ protocol\ on\ ([0-9.:]+) ]] && postgres=${BASH_REMATCH[1]}
done
# the server waits for nobody to read what it says
cat <&"$said" >>"$log" &

echo "clients of $address"
for name in columns_read text_read workbook_read jsonstat_read px_read pxstatspy_reads pxwebpy_reads pxweb_files_read koladapy_reads pxweb_documented sql_reads; do
    "$PYTHON" "$here/$name.py" --address "$address"
done

"$PYTHON" "$here/postgres_reads.py" --address "$address" --postgres "$postgres"
"$PYTHON" "$here/sql_hazards.py" --mognad "$mognad" --public "$public"

for root in /v1 /pxweb/api/v2 /kolada/v3; do
    document=$work/$(tr / - <<<"${root#/}").json
    quietly "$root/openapi.json is not served" "$PYTHON" -c 'import sys, urllib.request; sys.stdout.buffer.write(urllib.request.urlopen(sys.argv[1]).read())' "$address$root/openapi.json"
    cp "$work/said" "$document"
    quietly "spectral on $root/openapi.json" "$MODULES/.bin/spectral" lint --fail-severity warn --ruleset "$here/spectral.yaml" "$document"
    quietly "redocly on $root/openapi.json" "$MODULES/.bin/redocly" lint --config "$here/redocly.yaml" "$document"
    PYTHONPATH=$here quietly "schemathesis on $root/openapi.json" "${PYTHON%/*}/schemathesis" --config-file "$here/schemathesis.toml" run "$address$root/openapi.json" \
        --origin "$address" --checks all
    echo "documents: $root/openapi.json is sound by spectral and redocly, and answers are as it says by schemathesis"
done
