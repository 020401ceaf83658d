"""Reads a page of metrics with Prometheus's own parser: takes the text, gives its families."""

import json
import sys

from prometheus_client.parser import text_string_to_metric_families

page = json.load(sys.stdin)
families = [
    {
        "name": family.name,
        "type": family.type,
        "help": family.documentation,
        "samples": len(family.samples),
    }
    for family in text_string_to_metric_families(page)
]
json.dump(families, sys.stdout)
