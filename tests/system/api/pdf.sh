#!/usr/bin/env bash
# A bill on paper is the bill: every amount equal to the JSON's to the cent, in both languages, for issued bills of the server and for bills of many shapes
# that `qw rate` works out. The same bill is the same bytes, whoever may see it; for others it does not exist. It has a title, a language and a structure.
. "$(dirname "$0")/api_lib.sh"
HERE=$(dirname "$0")
PRINT=${QW_PRINT_BILL_BIN:-$(find "$ROOT/build/release" -name print_bill -type f -print -quit 2>/dev/null || true)}
command -v pdftotext >/dev/null || skip "pdftotext is not there (poppler-utils)"
api_start
[ -x "$PRINT" ] || skip "print_bill is not built"
"$QW" setting set utility_name "Energia do Vale" >/dev/null
"$QW" setting set bill_grace_days 0 >/dev/null
seed history casa-42 40
seed drafts casa-43 3
op() { curl -sS -m 30 -H "Authorization: Bearer $TOKEN" "$@"; }
printed() { python3 "$HERE/printed.py" "$@" || fail "the paper is not the bill"; }

# ---- bills of the server
run=$(op -X POST "$URL/api/v1/bill-runs" | jq -r .run_id)
op -X POST "$URL/api/v1/bill-runs/$run/issue" | jq -e '.state == "issued" and .counts.issued >= 3' >/dev/null || fail "nothing was issued"
bill=$(op "$URL/api/v1/bills?meter_id=casa-42&state=issued" | jq -r '.items[0].bill_id')
op -X PUT -H 'Content-Type: application/json' "$URL/api/v1/bills/$bill/payment" -d '{"pix_code":"00020126580014br.gov.bcb.pix0136123e4567-e12b-12d1-a456-4266554400005204000053039865406238.775802BR6304A1B2","boleto_code":"83660000002-3 38770403202-6","reference":"conta-1"}' >/dev/null
open=$(op "$URL/api/v1/meters/casa-42/bill" | jq -r .bill_id)
for id in "$bill" "$open"; do
    op "$URL/api/v1/bills/$id" >"$WORK/bill.json"
    for language in pt-BR en; do
        op "$URL/api/v1/bills/$id.pdf?lang=$language" -o "$WORK/bill.pdf"
        printed "$language" "$WORK/bill.json" "$WORK/bill.pdf"
    done
done
op "$URL/api/v1/bills/$bill.pdf?lang=pt-BR" -D "$WORK/head" -o "$WORK/bill.pdf"
grep -qi '^content-type: application/pdf' "$WORK/head" || fail "no PDF: $(cat "$WORK/head")"
grep -qi '^content-disposition: inline; filename="conta-casa-42-20..-..-..\.pdf"' "$WORK/head" || fail "no name for the file"
text=$(pdftotext -layout "$WORK/bill.pdf" -)
for words in "Energia do Vale" Maria casa-42-1 "Conta nº" "Próxima leitura" "Como pagar" "Página 1 de 1" "Consumo dos últimos 12 meses"; do
    grep -qF "$words" <<<"$text" || fail "not on the paper: $words"
done
due=$(op "$URL/api/v1/bills/$bill" | jq -r .due_date)
grep -qF "${due:8:2}/${due:5:2}/${due:0:4}" <<<"$text" || fail "the due date $due is not on the paper"
expect 'yes' "$(pdfinfo "$WORK/bill.pdf" | awk '/^Tagged:/ {print $2}')" "a structure for those who have it read aloud"
expect 'A4' "$(pdfinfo "$WORK/bill.pdf" | grep -o 'A4')" "the paper"
pdfinfo "$WORK/bill.pdf" | grep -q '^Title: *Energia do Vale: Conta nº' || fail "no title"
for heading in H1 H2 Table TR TH TD; do pdfinfo -struct "$WORK/bill.pdf" | grep -q "^ *$heading" || fail "no $heading in the structure"; done
grep -aq '/Lang (pt-BR)' "$WORK/bill.pdf" || fail "the language is not said"

# ---- which language
language() { op -o /dev/null -D - "$@" | tr -d '\r' | awk 'tolower($1) == "content-language:" {print $2}'; }
expect en "$(language -H 'Accept-Language: fr, en-GB;q=0.8, pt;q=0.3' "$URL/api/v1/bills/$bill.pdf")" "what the browser likes best"
expect pt-BR "$(language -H 'Accept-Language: en' "$URL/api/v1/bills/$bill.pdf?lang=pt-BR")" "what is asked for comes first"
expect pt-BR "$(language -H 'Accept-Language: fr' "$URL/api/v1/bills/$bill.pdf")" "the utility's"
expect 400 "$(status GET "/api/v1/bills/$bill.pdf?lang=fr" -H "Authorization: Bearer $TOKEN")" "a language that there is not"

# ---- the same bytes, after a restart too; and for whom
sum() { curl -sS "$@" | sha256sum; }
first=$(sum -H "Authorization: Bearer $TOKEN" "$URL/api/v1/bills/$bill.pdf?lang=en")
login maria && login joao
expect "$first" "$(sum -b "$WORK/maria.jar" "$URL/api/v1/bills/$bill.pdf?lang=en")" "her own bill"
expect 404 "$(status GET "/api/v1/bills/$bill.pdf" -b "$WORK/joao.jar")" "another's bill"
expect 404 "$(status GET "/api/v1/bills/$bill.pdf?edition=2" -b "$WORK/maria.jar")" "an edition that there is not"
expect 405 "$(status DELETE "/api/v1/bills/$bill.pdf" -H "Authorization: Bearer $TOKEN")" "another method"
api_stop
api_start
expect "$first" "$(sum -H "Authorization: Bearer $TOKEN" "$URL/api/v1/bills/$bill.pdf?lang=en")" "the same bill after a restart"

# ---- bills of many shapes: each case of the tariff table that states its quantities, and the example of docs/tariffs.md with all its taxes
paper() { # NAME DOCUMENT LANGUAGE…
    local language
    for language in "${@:3}"; do
        "$PRINT" "$language" <"$2" >"$WORK/paper.pdf" || fail "$1 cannot be printed"
        printed "$language" "$2" "$WORK/paper.pdf"
    done
}
worked_out() { # TARIFF QUANTITIES
    echo "$2" >"$WORK/quantities.json"
    "$QW" rate --tariff "$ROOT/tests/tables/tariffs/$1" --quantities "$WORK/quantities.json" 2>"$WORK/rate.err" || fail "$1: $(cat "$WORK/rate.err")"
}
cases=0
while IFS=$'\t' read -r name tariff quantities; do
    worked_out "$tariff" "$quantities" >"$WORK/shape.json"
    if [ $((cases++ % 2)) = 0 ]; then paper "$name" "$WORK/shape.json" pt-BR; else paper "$name" "$WORK/shape.json" en; fi
done < <(
    jq -r 'select(.patch == null) | . as $case | .runs | to_entries[] | select(.value | has("quantities") and (has("refused") | not) and (tostring | contains("$") | not))
        | [input_filename, .value.tariff // $case.tariff, (.value.quantities | tojson)] | join("\t")' "$ROOT"/tests/tables/tariffs/*.case.json
)
[ "$cases" -ge 10 ] || fail "only $cases cases were printed"

# ---- a correction with credits and estimates, over several pages; and what is no bill
worked_out cpfl-branca.json '{"from":"2026-04-10","to":"2026-05-11","phases":1,"kwh":{"off":190,"mid":20,"peak":30}}' >"$WORK/branca.json"
paper branca "$WORK/branca.json" pt-BR en
jq '. + {state: "adjusted", number: 128, edition: 2, issued_at: "2026-05-14T12:00:00Z", due_date: "2026-05-24", hash: ("5" * 64), estimated_wh: 31500, estimated_cycles: 2,
    payment: {state: "open", pix_code: "0002x", boleto_code: null, reference: null, updated: null}, lines: [range(9) as $i | .lines[]],
    adjustment: {negates: 117, difference_minor: -312, negated: {lines: [], taxes: [], subtotal_minor: -1, total_minor: -24189}, caused_by: [{kind: "reading"}, {kind: "estimate"}]},
    credits: [{id: "solar", opening_wh: 120000, earned_wh: 30500, received_wh: 0, used_wh: 10000, expired_wh: 5, settled_wh: 0, closing_wh: 140500}]}' \
    "$WORK/branca.json" >"$WORK/long.json"
paper "a long correction" "$WORK/long.json" pt-BR en
[ "$(pdfinfo "$WORK/paper.pdf" | awk '/^Pages:/ {print $2}')" -ge 2 ] || fail "thirty-six lines on one page"
for page in 1 2; do pdftotext -f $page -l $page "$WORK/paper.pdf" - | grep -q "Bill no. 128" || fail "page $page does not say whose it is"; done
echo '{"bill_id":"x"}' | "$PRINT" en >/dev/null 2>&1 && fail "what is no bill was printed"
# and the comparison itself notices a cent, a line too few, a figure too many
noticed() { # WORDS JQ-CHANGE
    jq "$2" "$WORK/long.json" >"$WORK/other.json"
    said=$(python3 "$HERE/printed.py" en "$WORK/other.json" "$WORK/paper.pdf") && fail "not noticed: $2"
    grep -q "$1" <<<"$said" || fail "$2 is told as: $said"
}
noticed 'not printed: line flag' '.lines[3].amount_minor += 1'
noticed 'not printed: total' '.total_minor += 1'
noticed 'not printed: icms inside' '.lines[0].tax_included.icms += 1'
noticed 'not in the bill: 12.50' '.taxes |= map(select(.id != "cosip"))'
exit 0
