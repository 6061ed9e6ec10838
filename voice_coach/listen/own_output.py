"""A sound server that loses a microphone may go on with a recording of the loudspeaker: the coach would hear itself."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Mapping
from typing import Any

_PATIENCE = 2.0


def records_own_output() -> bool:
    """Whether this process records from the very loudspeaker that it plays on. False where no sound server tells."""
    if shutil.which("pactl") is None:
        return False
    sources = {one.get("index"): one.get("monitor_source") for one in _list("sources")}
    heard = {sources.get(one.get("source")) for one in _list("source-outputs") if _is_ours(one)} - {None, ""}
    if not heard:
        return False
    sinks = {one.get("index"): one.get("name") for one in _list("sinks")}
    return bool(heard & {sinks.get(one.get("sink")) for one in _list("sink-inputs") if _is_ours(one)})


def _is_ours(stream: Mapping[str, Any]) -> bool:
    return str(stream.get("properties", {}).get("application.process.id")) == str(os.getpid())


def _list(what: str) -> list[Mapping[str, Any]]:
    command = ["pactl", "--format=json", "list", what]
    try:
        told = subprocess.run(command, capture_output=True, timeout=_PATIENCE, check=True, stdin=subprocess.DEVNULL)
        listed = json.loads(told.stdout)
    except (OSError, ValueError, subprocess.SubprocessError):
        return []
    return [one for one in listed if isinstance(one, dict)] if isinstance(listed, list) else []
