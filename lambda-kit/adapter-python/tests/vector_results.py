"""What the vectors gave, for the table in lambda-kit/README.md; contract/vectors/README.md describes the file."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any


class VectorResults:
    """The results of one adapter, which has one per vector and mode: it failed if one kind of handler did."""

    def __init__(self, adapter: str) -> None:
        self._adapter = adapter
        self._results: dict[tuple[str, str], dict[str, Any]] = {}

    def ran(self, name: str, mode: str, problems: list[str]) -> None:
        """Add a result, unless another kind of handler has failed already."""
        if problems:
            self._results[name, mode] = {"outcome": "failed", "problems": problems}
        else:
            self._results.setdefault((name, mode), {"outcome": "passed"})

    def not_applicable(self, name: str, mode: str, missing: list[str]) -> None:
        """Add a vector that cannot be run, and the features that the language lacks."""
        self._results[name, mode] = {"outcome": "not-applicable", "missing": missing}

    def write(self) -> None:
        """Write the results to the folder that `LPR_VECTOR_RESULTS` names; do nothing if it names none."""
        folder = os.environ.get("LPR_VECTOR_RESULTS")
        if not folder:
            return
        Path(folder).mkdir(parents=True, exist_ok=True)
        results = [{"name": name, "mode": mode, **result} for (name, mode), result in self._results.items()]
        text = json.dumps({"adapter": self._adapter, "results": results})
        Path(folder, f"{self._adapter}.json").write_text(text + "\n", encoding="utf-8")
