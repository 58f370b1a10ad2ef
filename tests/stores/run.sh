#!/usr/bin/env bash
# Has the program work on stores that are no folder, some of which fail, and several of it behind a cache: `tests/stores/run.sh MOGNAD PUBLIC`, where MOGNAD is the program and PUBLIC
# the folder of a public store. PYTHON names an interpreter that has what requirements.txt lists, and MODULES a folder with what package.json lists.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
if [[ $# -ne 2 ]]; then
    echo "usage: tests/stores/run.sh MOGNAD PUBLIC" >&2
    exit 2
fi
export PYTHONDONTWRITEBYTECODE=1
python=${PYTHON:-$here/../.stores/bin/python}
"$python" "$here/judge.py" --mognad "$1" --demo "$2" --modules "${MODULES:-$here/node_modules}"
"$python" "$here/wider.py" --mognad "$1"
