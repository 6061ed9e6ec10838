"""Called by scripts/start: fetches the English model where a command that listens has none."""

from __future__ import annotations

import argparse
import sys

from voice_coach.catalog_files import shipped
from voice_coach.errors import CoachError
from voice_coach.fetch import fetch_if_missing
from voice_coach.home import home_folder

LISTENING = (None, "talk", "rehearse", "hear", "kiosk")


def main() -> None:
    options = argparse.ArgumentParser(add_help=False, allow_abbrev=False)
    options.add_argument("command", nargs="?")
    options.add_argument("--home")
    options.add_argument("--model")
    options.add_argument("--help", "-h", "--version", dest="asks", action="store_true")
    given, _ = options.parse_known_args()
    if given.asks or given.model or given.command not in LISTENING:
        return
    try:
        line = fetch_if_missing(home_folder(given.home), shipped("models/manifest.toml"))
    except CoachError:
        return  # voice-coach itself says what is wrong with the home or the installation
    except KeyboardInterrupt:
        line = "Fetching is left for another time; what has arrived is kept."
    if line:
        print(line, file=sys.stderr)


if __name__ == "__main__":
    main()
