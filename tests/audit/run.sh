#!/usr/bin/env bash
# Builds several sets of stores and has every judge look at them: `tests/audit/run.sh MOGNAD WORK`, where MOGNAD is the program
# and WORK a folder of its own. PYTHON names the interpreter that has what requirements.txt lists, RAGE the program of that name,
# and WITNESSES says how many are replayed; `proven.py --store large` makes a store for more of them.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$here/../.." && pwd)
if [[ $# -ne 2 ]]; then
    echo "usage: tests/audit/run.sh MOGNAD WORK" >&2
    exit 2
fi
mognad=$(realpath "$1")
mkdir -p "$2"
work=$(realpath "$2")
python=${PYTHON:-$root/tests/.venv/bin/python}
rage=${RAGE:-$root/tests/.tools/bin/rage}
log=$work/audit.log
: >"$log"

quietly() {
    if ! "$@" >>"$log" 2>&1; then
        echo "audit: FAILED, \`${*##*/}\` did; the end of $log:" >&2
        tail -20 "$log" >&2
        exit 1
    fi
}

judge() {
    local name=$1 stores=$2 schemas=$3
    "$python" "$here/$name.py" --private "$stores/private" --public "$stores/public" \
        --schemas "$schemas" --register "$root/data-samples/register"
}

echo "the demo's release"
quietly "$mognad" demo --no-serve --to "$work" --respondents 12
for name in opened means answers anonymity tampered utility; do
    judge "$name" "$work" "$root/schemas"
done

echo "from published files and answers alone, and the same answers from a witness"
"$python" "$here/published.py" --public "$work/public" --mognad "$mognad" --private "$work/private" \
    --schemas "$root/schemas" --register "$root/data-samples/register"
"$python" "$here/swapped.py" --demo "$work" --register "$root/data-samples/register" --to "$work/witness"
quietly "$mognad" demo --no-serve --to "$work/witness" --respondents 12
"$python" "$here/replay.py" --mognad "$mognad" --public "$work/public" "$work/witness/public"
"$python" "$here/formatted.py" --mognad "$mognad" --public "$work/public"
proven=$work/proven
"$python" "$here/proven.py" --mognad "$mognad" --store small --to "$proven"
"$python" "$here/witnessed.py" --mognad "$mognad" --private "$proven/private" --public "$proven/public" --definitions "$proven/definitions" \
    --number "${WITNESSES:-10}"
rm -rf "$proven"
rm -f "$work/key.txt"
quietly "$mognad" key issue municipality-1881 --private "$work/private" --to "$work/key.txt"
quietly "$mognad" publish --without-witnesses --private "$work/private" --public "$work/public"
"$python" "$here/sealed.py" --public "$work/public" --key "$work/key.txt" --organisation municipality-1881 --rage "$rage"

echo "the publisher's own table, with roles such that cells must not be shown"
crossed=$work/crossed
rm -rf "$crossed"
mkdir -p "$crossed/sample"
cp "$work/pseudonym-key" "$crossed"
for source in "$work"/sample/*.csv; do
    target=$crossed/sample/${source##*/}
    year=$(sed -E 's/.*-([0-9]{4})\..*/\1/' <<<"$source")
    if [[ $source == */digital-maturity-* && $year -ge 2018 ]]; then
        quietly "$python" "$here/crossing.py" "$source" "$target" --public "$work/public" --register "$root/data-samples/register" --year "$year"
    else
        cp "$source" "$target"
    fi
done
quietly "$mognad" demo --no-serve --to "$crossed" --respondents 12
judge crossed "$crossed" "$root/schemas"

echo "two editions with coded ends, roles, uneven weights, a break of series, reported scores and a second round"
harder=$work/harder
rm -rf "$harder"
mkdir -p "$harder/definitions"
"$python" "$here/harder.py" definitions "$root/schemas" "$harder/definitions/schemas"
export MOGNAD_PRIVATE=$harder/private MOGNAD_PUBLIC=$harder/public
# any key will do for answers that are made up
MOGNAD_PSEUDONYM_KEY=$(printf 'ab%.0s' {1..32})
export MOGNAD_PSEUDONYM_KEY
own=(--definitions "$harder/definitions")
ingest() {
    local instrument=$1 year=$2 file=$3
    quietly "$mognad" ingest "${own[@]}" --strict --instrument "$instrument" --year "$year" "${@:4}" "$file"
}
quietly "$mognad" sample "${own[@]}" --years 2014-2017 --respondents 12 --to "$harder/sample"
quietly "$mognad" sample "${own[@]}" --years 2014-2014 --respondents 12 --form organisation-scores --to "$harder/scores"
quietly "$mognad" sample "${own[@]}" --years 2017-2017 --respondents 12 --seed 2 --to "$harder/again"
quietly "$mognad" sample "${own[@]}" --instrument learning-interest --years 2021-2022 --respondents 12 --to "$harder/sample"
quietly "$python" "$here/harder.py" round "$harder"/again/digital-maturity-2017.*csv "$harder/round-2.csv"
ingest digital-maturity 2014 "$harder"/scores/digital-maturity-2014.*csv --mapping organisation-scores
for year in 2015 2016; do
    ingest digital-maturity "$year" "$harder"/sample/digital-maturity-"$year".*csv
done
quietly "$mognad" publish --without-witnesses "${own[@]}"
ingest digital-maturity 2017 "$harder"/sample/digital-maturity-2017.*csv
ingest digital-maturity 2017 "$harder/round-2.csv" --round 2
for year in 2021 2022; do
    ingest learning-interest "$year" "$harder"/sample/learning-interest-"$year".*csv
done
quietly "$mognad" publish --without-witnesses "${own[@]}"
for name in opened means answers anonymity; do
    judge "$name" "$harder" "$harder/definitions/schemas"
done

echo "the cases: many, few, and registers that set a trap"
rm -rf "$work/cases"
"$python" "$here/cases.py" --mognad "$mognad" --schemas "$root/schemas" --register "$root/data-samples/register" --work "$work/cases"
