#!/usr/bin/env python3
"""Rates cases that others worked out, with `qw rate`, and compares.

    tests/tables/tariffs/run.py build/bin/qw [CASE.case.json…]

A case is a file: which vector of ../shared/tariffs/vectors.json it is (inputs and expected figures are read from there, never copied), the
tariff document beside it, how the vector's inputs become quantities, intervals or an account, and which figure of the bill is which expected
one. A case whose `vector` is absent states its expected figures itself. Without ../shared (or QW_SHARED) those of vectors are skipped.

    {"vectors": ["id", …], "tariff": "file.json", "patch": {"/versions/0/from": "…"},
     "runs": {"name": {"quantities": {…}, "account": {…}, "usage": {…}, "series": {…}, "from": "…", "to": "…", "each": "month"}},
     "expect": {"total": "name:total", …}}

In inputs "$kwh.peak" is inputs.kwh.peak of the vector; {"$map": ["$flag", {"verde": {…}}]} chooses; {"$num": "$x"} turns text into a number.
What a figure may be: total subtotal lines:ID quantity:ID unit_price:ID gross:ID tax:ID municipal:ID adjustment:ID field:NAME
credit:ID:NAME lots demand:CHARGE refused; "a - b + c" adds them; `monthly:` before one gives a list, `sum:` adds over the bills of `each`.
"""
import copy
import datetime
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile
from decimal import Decimal

HERE = pathlib.Path(__file__).resolve().parent
SHARED = pathlib.Path(os.environ.get("QW_SHARED", HERE.parents[3] / "shared")) / "tariffs"


class Wrong(Exception):
    """What a case got wrong, in words."""


def look(inputs, path):
    value = inputs
    if path.startswith("@"):
        value, path = inputs["@"], path[1:]
    for part in path.split("."):
        value = value[int(part)] if isinstance(value, list) else value[part]
    return value


def fill(value, inputs):
    """Replaces $paths by the vector's inputs."""
    if isinstance(value, str) and value.startswith("$"):
        return look(inputs, value[1:])
    if isinstance(value, list):
        return [fill(item, inputs) for item in value]
    if not isinstance(value, dict):
        return value
    if "$map" in value:
        key, table = value["$map"]
        return fill(table[str(fill(key, inputs))], inputs)
    if "$num" in value:
        number = Decimal(str(fill(value["$num"], inputs)))
        return int(number) if number == int(number) else float(number)
    if "$text" in value:
        return str(fill(value["$text"], inputs))
    return {key: fill(item, inputs) for key, item in value.items()}


def patched(document, patches):
    for path, value in patches.items():
        *parents, last = path.strip("/").split("/")
        at = document
        for part in parents:
            at = at[int(part)] if isinstance(at, list) else at[part]
        if isinstance(at, list):
            at[int(last)] = value
        elif value is None:
            at.pop(last, None)
        else:
            at[last] = value
    return document


# ---- intervals


def column(spec, step_s):
    """Wh of each step: {"file", "step_s", "unit": "kW"} or {"wh": 1000, "count": 24} or {"list": […]}."""
    if "kw" in spec:
        return [Decimal(str(x)) * step_s * 1000 / 3600 for x in spec["kw"]]
    if "list" in spec:
        return [Decimal(str(x)) for x in spec["list"]]
    if "wh" in spec:
        return [Decimal(str(spec["wh"]))] * spec["count"]
    rows = [Decimal(line.strip()) for line in open(SHARED / spec["file"], encoding="utf-8") if line.strip()]
    parts = spec.get("step_s", 3600) // step_s
    return [row * step_s * 1000 / 3600 for row in rows for _ in range(parts)]


def write_usage(spec, path):
    if "rows" in spec:
        with open(path, "w", encoding="utf-8") as out:
            out.write("ts,import_wh,export_wh\n" + "".join(",".join(map(str, row)) + "\n" for row in spec["rows"]))
        return
    step_s = spec["step_s"]
    start = datetime.datetime.fromisoformat(spec["from"].replace("Z", "+00:00"))
    imports = column(spec["import"], step_s)
    exports = column(spec["export"], step_s) if "export" in spec else None
    with open(path, "w", encoding="utf-8") as out:
        out.write("ts,import_wh,export_wh\n" if exports else "ts,import_wh\n")
        for i, wh in enumerate(imports):
            ts = (start + datetime.timedelta(seconds=i * step_s)).isoformat()
            out.write(f"{ts},{wh:.6f}" + (f",{exports[i]:.6f}" if exports else "") + "\n")


def write_series(spec, path):
    start = datetime.datetime.fromisoformat(spec["from"].replace("Z", "+00:00"))
    step = datetime.timedelta(seconds=spec["step_s"])
    first, down = Decimal(spec["first"]), Decimal(spec.get("down", "0"))
    prices = [[(start + i * step).isoformat(), str(first - down * i)] for i in range(spec["count"])]
    json.dump({"schema": "series/1", "id": spec["id"], "step_s": spec["step_s"], "prices": prices}, open(path, "w", encoding="utf-8"))


# ---- runs


def run(qw, case, spec, inputs, work):
    document = json.load(open(HERE / spec.get("tariff", case.get("tariff")), encoding="utf-8"))
    patched(document, fill(copy.deepcopy(case.get("patch", {})), inputs))
    patched(document, fill(copy.deepcopy(spec.get("patch", {})), inputs))
    json.dump(document, open(work / "tariff.json", "w", encoding="utf-8"))
    command = [qw, "rate", "--tariff", str(work / "tariff.json")]
    for name in ("quantities", "account"):
        if name in spec:
            json.dump(fill(spec[name], inputs), open(work / f"{name}.json", "w", encoding="utf-8"))
            command += [f"--{name}", str(work / f"{name}.json")]
    if "usage" in spec:
        write_usage(fill(spec["usage"], inputs), work / "usage.csv")
        command += ["--usage", str(work / "usage.csv")]
    if "series" in spec:
        write_series(fill(spec["series"], inputs), work / "series.json")
        command += ["--series", str(work / "series.json")]
    for name in ("from", "to", "each", "known", "version", "tz", "interval-s"):
        if name in spec:
            command += [f"--{name}", str(fill(spec[name], inputs))]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    if done.returncode != 0:
        if spec.get("refused"):
            return {"refused": done.stderr}
        raise Wrong(f"qw rate: {done.stderr.strip()}")
    return json.loads(done.stdout)


def matches(line_id, wanted):
    return line_id == wanted or line_id.startswith(wanted + ".")


def minor(bill, value):
    return Decimal(value).scaleb(-bill["minor"])


def figure(bill, what):
    kind, _, name = what.partition(":")
    if re.match(r"seg\d+$", kind):
        segments = list(dict.fromkeys(line["segment"] for line in bill["lines"]))
        own = [line for line in bill["lines"] if line["segment"] == segments[int(kind[3:]) - 1]]
        return figure({**bill, "lines": own}, name)
    if kind in ("total", "subtotal"):
        return minor(bill, bill[kind + "_minor"])
    lines = [line for line in bill["lines"] if matches(line["id"], name)]
    if kind == "lines":
        return sum((Decimal(line["amount"]) for line in lines), Decimal(0))
    if kind == "quantity":
        return sum((Decimal(line["quantity"]) for line in lines), Decimal(0))
    if kind in ("unit_price", "gross"):
        return Decimal(lines[0]["unit_price_gross" if kind == "gross" else "unit_price"])
    if kind in ("tax", "municipal"):
        return sum((minor(bill, tax["amount_minor"]) for tax in bill["taxes"] if tax["id"] == name), Decimal(0))
    if kind == "adjustment":
        return sum((minor(bill, row["amount_minor"]) for row in bill.get("adjustments", []) if row["id"] == name), Decimal(0))
    if kind == "field":
        return Decimal(str(bill[name]))
    if kind == "credit":
        programme, field = name.split(":")
        row = next(credit for credit in bill["credits"] if credit["id"] == programme)
        return Decimal(row[field]) / 1000 if field.endswith("_wh") else minor(bill, row[field])
    if kind == "lots":
        return [Decimal(lot["kwh"]) for lot in bill["closing"]["lots"]]
    if kind == "demand":
        return max(Decimal(row["kw"]) for row in bill["closing"]["demands"] if row["charge"] == name)
    raise Wrong(f"there is no figure {what}")


def term(results, text):
    name, _, what = text.partition(":")
    if name not in results:
        name, what = next(iter(results)), text
    bill = results[name]
    if what.startswith("monthly:"):
        return [figure(one, what[8:]) for one in bill["bills"]]
    if what.startswith("sum:"):
        return sum((figure(one, what[4:]) for one in bill["bills"]), Decimal(0))
    if what.startswith("month"):
        number, _, rest = what[5:].partition(":")
        return figure(bill["bills"][int(number) - 1], rest)
    return figure(bill, what)


def value_of(results, text):
    if re.match(r"^-?[0-9.]+ \* ", text):
        factor, rest = text.split(" * ", 1)
        inner = value_of(results, rest)
        return [Decimal(factor) * x for x in inner] if isinstance(inner, list) else Decimal(factor) * inner
    parts = re.split(r" ([+-]) ", text)
    total = term(results, parts[0])
    for sign, part in zip(parts[1::2], parts[2::2]):
        total = total + term(results, part) if sign == "+" else total - term(results, part)
    return total


def compare(name, got, expected, tolerance):
    if isinstance(expected, list):
        if len(got) != len(expected):
            raise Wrong(f"{name}: {len(got)} figures, {len(expected)} expected")
        for i, (one, other) in enumerate(zip(got, expected)):
            compare(f"{name}[{i}]", one, other, tolerance)
    elif abs(got - Decimal(str(expected))) > tolerance:
        raise Wrong(f"{name}: {got}, expected {expected} within {tolerance}")


def one_case(qw, case, vector):
    expected = vector["expected"] if vector else case["expected"]
    tolerance = Decimal(str(case.get("tolerance", vector["tolerance"] if vector else "0")))
    inputs = dict(vector["inputs"] if vector else case.get("inputs", {}))
    inputs["@"] = vector or case
    with tempfile.TemporaryDirectory() as folder:
        results = {name: run(qw, case, spec, inputs, pathlib.Path(folder)) for name, spec in case["runs"].items()}
    if any(spec.get("refused") for spec in case["runs"].values()):
        for name, spec in case["runs"].items():
            if spec.get("refused") and spec["refused"] not in results[name].get("refused", ""):
                raise Wrong(f"{name} was not refused with '{spec['refused']}': {results[name].get('refused', 'a bill')}")
    left = set(expected) - set(case["expect"]) - set(case.get("elsewhere", {}))
    if left:
        raise Wrong(f"nothing gives {', '.join(sorted(left))}")
    for name, text in case["expect"].items():
        if isinstance(text, list):
            got = [value_of(results, item) for item in text]
        else:
            got = value_of(results, text)
        compare(name, got, look(inputs, name) if name.startswith("@") else expected[name], tolerance)


def check_documents(qw):
    """Every tariff of the reference page and of the examples is good."""
    root = HERE.parents[2]
    page = (root / "docs/tariffs.md").read_text(encoding="utf-8")
    found = [("docs/tariffs.md", block) for block in re.findall(r"```json\n(.*?)```", page, re.S) if '"tariff/1"' in block]
    found += [(str(file.relative_to(root)), file.read_text(encoding="utf-8")) for file in sorted((root / "docs/examples").glob("*.json"))]
    bad = 0
    with tempfile.NamedTemporaryFile("w", suffix=".json", encoding="utf-8") as out:
        for name, text in found:
            out.seek(0)
            out.truncate()
            out.write(text)
            out.flush()
            done = subprocess.run([qw, "tariff", "check", out.name], capture_output=True, text=True, check=False)
            if done.returncode != 0:
                bad += 1
                print(f"{name}: {done.stderr.strip()}")
    return len(found) - bad, bad


def key_sets_of_code(root):
    """The fields that each only_keys() of the parser knows."""
    found = set()
    for file in [root / "lib/wire/tariff_json.c", *sorted((root / "lib/wire/tariff").glob("*.c"))]:
        text = re.sub(r'"\s*\n\s*"', "", file.read_text(encoding="utf-8"))
        for call in text.split("only_keys(")[1:]:
            call = call.split(";", 1)[0].replace("json_object_get(", "")
            for words in re.findall(r'"([a-z_ ]+ [a-z_ ]+)"', call):
                found.add(frozenset(words.split()))
    return found


def key_sets_of_schema(node):
    if isinstance(node, list):
        return set().union(*map(key_sets_of_schema, node))
    if not isinstance(node, dict):
        return set()
    found = set().union(set(), *map(key_sets_of_schema, node.values()))
    if node.get("additionalProperties") is False:
        found.add(frozenset(node["properties"]))
    return found


def check_schema():
    """docs/schemas/tariff.json knows the fields that the parser knows, object by object."""
    root = HERE.parents[2]
    schema = json.load(open(root / "docs/schemas/tariff.json", encoding="utf-8"))
    code = key_sets_of_code(root)
    known = key_sets_of_schema(schema)
    bad = 0
    for keys in sorted(code - known, key=sorted):
        bad += 1
        print(f"the parser knows {' '.join(sorted(keys))}, no object of docs/schemas/tariff.json does")
    for keys in sorted(known - code, key=sorted):
        bad += 1
        print(f"docs/schemas/tariff.json knows {' '.join(sorted(keys))}, the parser does not")
    return len(known & code), bad


def main():
    qw, files = sys.argv[1], [pathlib.Path(name) for name in sys.argv[2:]] or sorted(HERE.glob("*.case.json"))
    vectors = {}
    if (SHARED / "vectors.json").exists():
        vectors = {v["id"]: v for v in json.load(open(SHARED / "vectors.json", encoding="utf-8"))["vectors"]}
    passed = failed = skipped = 0
    seen = set()
    for file in files:
        case = json.load(open(file, encoding="utf-8"))
        for vector_id in case.get("vectors", [None]):
            seen.add(vector_id)
            if vector_id and not vectors:
                skipped += 1
                continue
            try:
                if vector_id and vector_id not in vectors:
                    raise Wrong("there is no such vector")
                one_case(qw, case, vectors.get(vector_id))
                passed += 1
            except (Wrong, KeyError, IndexError, StopIteration, subprocess.TimeoutExpired) as error:
                failed += 1
                print(f"{file.name}: {vector_id or 'own'}: {type(error).__name__ if not isinstance(error, Wrong) else ''} {error}")
    if len(sys.argv) == 2:
        for good, bad in (check_documents(qw), check_schema()):
            passed, failed = passed + good, failed + bad
        for vector_id in sorted(set(vectors) - seen):
            failed += 1
            print(f"vector {vector_id}: no case")
    if skipped:
        print(f"{SHARED / 'vectors.json'} is not here: {skipped} cases of vectors are skipped")
        print(f"[  SKIPPED ] {skipped} test(s).")
    print(f"[  PASSED  ] {passed} test(s).")
    if failed:
        print(f"[  FAILED  ] {failed} test(s).")
    return 1 if failed else 77 if not passed else 0


if __name__ == "__main__":
    sys.exit(main())
