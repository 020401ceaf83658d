"""Runs the real SAM transform on templates: JSON in on standard input, JSON out on standard output.

In: {"region": ..., "templates": {name: {"template": {...}, "parameters": {...}}}}
Out: {name: {"template": {...}}}, or {name: {"errors": [...]}} for one that the transform refuses.
"""

import json
import sys

import boto3
from samtranslator.model.exceptions import InvalidDocumentException
from samtranslator.parser.parser import Parser
from samtranslator.translator.translator import Translator


def translate(template: dict, parameters: dict, region: str) -> dict:
    """One template behind the transform, or why the transform refused it."""
    # The region decides the partition in the ARNs that the transform writes.
    translator = Translator({}, Parser(), boto_session=boto3.Session(region_name=region))
    try:
        return {"template": translator.translate(template, parameters)}
    except InvalidDocumentException as error:
        return {"errors": [cause.message for cause in error.causes]}


def main() -> None:
    """Translate what comes in."""
    request = json.load(sys.stdin)
    answers = {
        name: translate(entry["template"], entry.get("parameters", {}), request["region"])
        for name, entry in request["templates"].items()
    }
    json.dump(answers, sys.stdout)


main()
