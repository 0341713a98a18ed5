#!/usr/bin/env python3
"""Is a printed bill its JSON, to the cent, in both directions?

    printed.py pt-BR|en BILL.json BILL.pdf

Each line of the bill stands on the paper with its quantity, unit price and amount, in order; so do the taxes inside it, the sums, the total, the energy.
And no figure with decimals stands on the paper that is not one of the JSON's. Formats are made here anew, not by the program's own code.
"""
import json
import re
import subprocess
import sys
from decimal import Decimal

SIGNS = {"BRL": ("R$", "R$"), "USD": ("US$", "$"), "EUR": ("€", "€"), "GBP": ("£", "£"), "AUD": ("AU$", "A$")}
language, json_file, pdf_file = sys.argv[1:]
english = language == "en"
bill = json.load(open(json_file, encoding="utf-8"))
mistakes = []


def text_of(*options):
    out = subprocess.run(["pdftotext", *options, pdf_file, "-"], capture_output=True, check=True).stdout.decode("utf-8")
    return out.replace("\u00a0", " ")


def written(number, least=0, most=None):
    """A Decimal with the language's marks; zeros at the end go, down to `least` digits."""
    plain = f"{number:.{most}f}" if most is not None else f"{number:f}"
    whole, _, rest = plain.partition(".")
    rest = rest.rstrip("0").ljust(least, "0") if most is None else rest
    whole = f"{int(whole):,}" if not whole.startswith("-") else "-" + f"{int(whole[1:]):,}"
    if not english:
        whole = whole.replace(",", ".")
    return whole + (("." if english else ",") + rest if rest else "")


def amount(minor):
    return written(Decimal(minor).scaleb(-bill["minor"]), most=bill["minor"])


def money(minor):
    sign = SIGNS.get(bill["currency"], (bill["currency"],) * 2)[english]
    gap = "" if english and bill["currency"] in SIGNS else " "
    text = amount(abs(minor))
    return ("-" if minor < 0 else "") + sign + gap + text


def decimal(text, least=0):
    return written(Decimal(text), least=least)


def energy(wh):
    return decimal(str(Decimal(wh).scaleb(-3))) + " kWh"


layout = text_of("-layout")
rows = [re.sub(r"\s+", " ", row).strip() for row in layout.split("\n")]
flat = re.sub(r"\s+", " ", text_of())
place = 0


def row_after(what, fits):
    """The next row that fits, from where the last one was."""
    global place
    for at in range(place, len(rows)):
        if fits(rows[at]):
            place = at + 1
            return
    mistakes.append(f"not printed: {what}")


def said(what, text):
    if text not in flat:
        mistakes.append(f"not printed: {what}: {text}")


for line in bill["lines"]:
    price = decimal(line.get("unit_price_gross") or line["unit_price"], bill["minor"])
    wanted = (decimal(line["quantity"]), price, amount(line["amount_minor"]))
    row_after(f"line {line['id']} {wanted}", lambda row, w=wanted: f" {w[0]} " in f" {row} " and row.endswith(f" {w[1]} {w[2]}"))
    for tax, minor in line["tax_included"].items():
        said(f"{tax} inside {line['id']}", money(minor))
if bill["tariff"]["id"]:
    sums = [bill["subtotal_minor"], *(tax["amount_minor"] for tax in bill["taxes"] if not tax["included"])]
    sums += [one["amount_minor"] for one in bill.get("adjustments", [])] + ([bill["rounding_minor"]] if bill.get("rounding_minor") else [])
    for minor in sums:
        row_after(f"sum {minor}", lambda row, m=minor: row.endswith(" " + amount(m)))
    row_after(f"total {bill['total_minor']}", lambda row: row == "Total " + money(bill["total_minor"]))
    for tax in bill["taxes"]:
        said(f"tax {tax['id']}", money(tax["amount_minor"]))
    if len(re.findall(re.escape(money(bill["total_minor"])), flat)) < 2:
        mistakes.append("the total does not stand at the top, too")
said("import", energy(bill["import_wh"]))
for name in ("estimated_wh", "export_wh"):
    if bill.get(name):
        said(name, energy(bill[name]))
if bill.get("forecast"):
    for name in ("total_minor", "low_minor", "high_minor"):
        said(f"forecast {name}", money(bill["forecast"][name]))
if bill.get("adjustment"):
    said("difference", money(bill["adjustment"]["difference_minor"]))
    said("the bill before", money(-bill["adjustment"]["negated"]["total_minor"]))
for name in ("pix_code", "boleto_code", "reference"):
    code = (bill.get("payment") or {}).get(name)
    if code and bill["payment"]["state"] == "open" and code.replace(" ", "") not in re.sub(r"\s", "", flat):
        mistakes.append(f"not printed: {name}")
if "number" in bill:
    said("number", str(bill["number"]))
    said("hash", bill["hash"])

# ---- and the other way round
known = set()
least = bill["minor"]


def gather(value, key=""):
    if isinstance(value, dict):
        for name, item in value.items():
            gather(item, name if key != "tax_included" else name + "_minor")
    elif isinstance(value, list):
        for item in value:
            gather(item, key)
    elif key.endswith("_minor") and isinstance(value, int):
        known.update((amount(value), amount(-value)))
    elif key.endswith("_wh") and isinstance(value, int):
        known.add(energy(value)[:-4])
    elif key in ("quantity", "unit_price", "unit_price_gross"):
        known.update((decimal(value), decimal(value, least)))


gather(bill)
if bill.get("estimated_wh"):
    known.add(written(Decimal((bill["estimated_wh"] * 1000 + bill["import_wh"] // 2) // max(1, bill["import_wh"])).scaleb(-1), most=1))
rest = flat
own = {line.get("act", "") for line in bill["lines"]} | {bill["bill_id"], bill["tariff"]["id"], bill.get("hash", "")}
own |= {str(code) for code in (bill.get("payment") or {}).values()}
for text in sorted(own, key=len, reverse=True):
    if text:
        rest = re.sub(r"\s*".join(map(re.escape, text.replace(" ", ""))), " ", rest)  # long codes are broken into lines
for text in re.findall(r"-?\d[\d.,]*\.\d+" if english else r"-?\d[\d.,]*,\d+", rest):
    if text not in known and text.lstrip("-") not in known:
        mistakes.append(f"on the paper and not in the bill: {text}")
for mistake in mistakes:
    print(f"{json_file} ({language}): {mistake}")
sys.exit(1 if mistakes else 0)
