#!/usr/bin/env bash
# Has the program compute on a cluster of Ballista: `tests/cluster/run.sh MOGNAD STORES`, where MOGNAD is the program, built with the feature `cluster`,
# and STORES a folder with a private and a public store. BALLISTA names the folder of the programs ballista-scheduler and ballista-executor, and
# PYTHON an interpreter that has what tests/stores/requirements.txt lists.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
if [[ $# -ne 2 ]]; then
    echo "usage: tests/cluster/run.sh MOGNAD STORES" >&2
    exit 2
fi
export PYTHONDONTWRITEBYTECODE=1
"${PYTHON:-$here/../.stores/bin/python}" "$here/judge.py" --mognad "$1" --stores "$2" --ballista "${BALLISTA:?}"
