#!/usr/bin/env python3
"""Reads a Green Button feed as a stranger's program would: by namespaces and links, not by the order or the addresses of this house.

    green_button.py FEED.xml[.gz]     prints {"title", "local_time", "kinds", "meter_readings": [{"unit", "flow", "count", "sum", "first", "last", …}]}

How it reads real feeds is held to ../shared/greenbutton/expected.json by export.sh.
"""
import collections
import datetime
import gzip
import json
import sys
import xml.etree.ElementTree as ET

ATOM, ESPI = "{http://www.w3.org/2005/Atom}", "{http://naesb.org/espi}"


def read(path):
    with (gzip.open if path.endswith(".gz") else open)(path, "rb") as file:
        root = ET.parse(file).getroot()
    entries = []
    for entry in root.iter(ATOM + "entry"):
        links = [(link.get("rel"), link.get("href").rstrip("/")) for link in entry.findall(ATOM + "link")]
        content = entry.find(ATOM + "content")
        for resource in content if content is not None else []:
            entries.append((resource.tag.replace(ESPI, ""), links, resource, entry))
    return root, entries


def link(links, rel):
    return next((href for name, href in links if name == rel), None)


def utc(seconds):
    return datetime.datetime.fromtimestamp(seconds, datetime.timezone.utc).isoformat()


def main(path):
    root, entries = read(path)
    types = {link(links, "self"): resource for kind, links, resource, _ in entries if kind == "ReadingType"}
    blocks = [(link(links, "up"), link(links, "self"), resource) for kind, links, resource, _ in entries if kind == "IntervalBlock"]
    readings = []
    for kind, links, _, entry in entries:
        if kind != "MeterReading":
            continue
        related = [href for rel, href in links if rel == "related"]
        kind_of = next((types[href] for href in related if href in types), None)
        own = [resource for up, _, resource in blocks if up in related]
        rows, qualities = [], collections.Counter()
        for block in own:
            for interval in block.iter(ESPI + "IntervalReading"):
                period = interval.find(ESPI + "timePeriod")
                rows.append((int(period.findtext(ESPI + "start")), int(period.findtext(ESPI + "duration")), int(interval.findtext(ESPI + "value"))))
                quality = interval.find(f"{ESPI}ReadingQuality/{ESPI}quality")
                if quality is not None:
                    qualities[quality.text] += 1
        rows.sort()
        power = 10 ** int(kind_of.findtext(ESPI + "powerOfTenMultiplier") or 0) if kind_of is not None else 1
        readings.append({
            "title": entry.findtext(ATOM + "title") or "",
            "unit": {"72": "Wh", "169": "therm"}.get(kind_of.findtext(ESPI + "uom")) if kind_of is not None else None,
            "flow": kind_of.findtext(ESPI + "flowDirection") if kind_of is not None else None,
            "blocks": len(own), "count": len(rows), "sum": sum(value for _, _, value in rows) * power,
            "first": utc(rows[0][0]) if rows else None, "last": utc(rows[-1][0] + rows[-1][1]) if rows else None,
            "gaps": sum(a[0] + a[1] < b[0] for a, b in zip(rows, rows[1:])), "overlaps": sum(a[0] + a[1] > b[0] for a, b in zip(rows, rows[1:])),
            "durations": dict(collections.Counter(str(row[1]) for row in rows)), "qualities": dict(qualities),
        })
    local = next((resource for kind, _, resource, _ in entries if kind == "LocalTimeParameters"), None)
    ids = [entry.findtext(ATOM + "id") for _, _, _, entry in entries]
    json.dump({
        "title": root.findtext(ATOM + "title"), "kinds": dict(collections.Counter(kind for kind, _, _, _ in entries)), "ids": len(ids), "distinct_ids": len(set(ids)),
        "local_time": {child.tag.replace(ESPI, ""): child.text for child in local} if local is not None else None, "meter_readings": readings,
    }, sys.stdout, indent=1)


main(sys.argv[1])
