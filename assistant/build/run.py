"""All steps in order; each finds out by itself whether it is stale."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from assistant.build import content, dialogue, encoder, safeguarding, terms
from assistant.build.step import Step
from assistant.errors import ServiceError
from assistant.paths import build_folder

_NEEDED_BYTES = 500_000_000


class NoSpace(ServiceError):
    """The disk is too full to build."""


def build(tell: Callable[[str], None], *, force: bool = False) -> None:
    """Make what is stale, telling of each step.

    Raises:
        NoSpace: Less than half a gigabyte is free.
        DialogueBuildFailed: Rasa refused its data.
        ContentError: An article cannot be used.
    """
    folder = build_folder()
    folder.mkdir(parents=True, exist_ok=True)
    free = shutil.disk_usage(folder).free
    if free < _NEEDED_BYTES:
        raise NoSpace(
            f"only {free // 1_000_000} MB free at {folder}: free 500 MB, or set ASSISTANT_BUILD_DIR elsewhere"
        )
    for name, part in (("encoder", encoder), ("terms", terms)):
        Step(name, part.inputs(), folder / name, part.make).run(tell, force=force)
    # These need only what is built by now, so they share the two cores.
    with ThreadPoolExecutor() as pool:
        last = [("knowledge", content), ("safeguarding", safeguarding), ("dialogue", dialogue)]
        steps = [Step(name, part.inputs(), folder / name, part.make) for name, part in last]
        list(pool.map(lambda step: step.run(tell, force=force), steps))
