"""Why an item has no proper answer, and what a client may know of it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Literal

Phase = Literal["item", "handler", "response", "body", "deadline"]
"""Where an item went wrong.

``item``: no id, or one that another item has; ``handler``: it raised; ``response``: a return value that is no response,
or too large; ``body``: reading it failed; ``deadline``: not done when the invocation's time was up.
"""


class DeadlineError(Exception):
    """The time of the invocation is up, and the answers of the other items must still get out."""

    def __init__(self) -> None:
        super().__init__("the time of the invocation is almost up")


class ItemFailure(Exception):
    """Marks an error with the step of an item's work in which it happened."""

    def __init__(self, phase: Phase, error: BaseException) -> None:
        super().__init__(f"failed in phase {phase}")
        self.phase: Phase = phase
        self.error = error


@contextmanager
def in_phase(phase: Phase) -> Iterator[None]:
    """Turn what a step raises into an ItemFailure with the step's name.

    That includes ``sys.exit``, which would end the thread or the loop under the other items. What a cancelled task
    raises is left alone.
    """
    try:
        yield
    except DeadlineError as error:
        raise ItemFailure("deadline", error) from error
    except (Exception, SystemExit) as error:
        raise ItemFailure(phase, error) from error


def client_answer(failure: ItemFailure) -> tuple[int, str]:
    """Return the status and the text for the client; the rest is in the log."""
    return (504, "timeout") if failure.phase == "deadline" else (500, "internal error")
