"""Lints templates in one process, as starting cfn-lint costs more than one template: JSON in, JSON out.

In: {"templates": {name: {"template": {...}, "offering": [types], "regions": [names]}}}
    The regions are those given, or else all that offer every one of the types.
Out: {name: {"regions": [...], "errors": [{"rule", "message", "path"}]}}
"""

import json
import sys

from cfnlint.api import lint
from cfnlint.config import ManualArgs
from cfnlint.helpers import REGIONS
from cfnlint.schema.manager import PROVIDER_SCHEMA_MANAGER


def regions_offering(types: list[str]) -> list[str]:
    """All regions in which cfn-lint knows every one of the types."""
    return [region for region in REGIONS if set(types) <= set(PROVIDER_SCHEMA_MANAGER.get_resource_types(region))]


def errors_in(template: dict, regions: list[str]) -> list[dict]:
    """The errors of a template, warnings aside."""
    matches = lint(json.dumps(template, indent=1), config=ManualArgs(regions=regions))
    return [
        {"rule": match.rule.id, "message": match.message, "path": "/".join(map(str, match.path or []))}
        for match in matches
        if match.rule.severity == "error"
    ]


def main() -> None:
    """Lint what comes in, and tell of progress on standard error."""
    templates = json.load(sys.stdin)["templates"]
    answers = {}
    for number, (name, entry) in enumerate(templates.items(), start=1):
        regions = entry.get("regions") or regions_offering(entry.get("offering", []))
        answers[name] = {"regions": regions, "errors": errors_in(entry["template"], regions)}
        if number % 10 == 0 or number == len(templates):
            print(f"cfn-lint: {number} of {len(templates)} templates", file=sys.stderr, flush=True)
    json.dump(answers, sys.stdout)


main()
