"""The signing secrets of the plant's systems: made once for a home, readable by its owner only."""

import json
import os
from collections.abc import Iterable
from pathlib import Path

from mom.secrets import FILE, new_secret


def ensure_secrets(home: Path, systems: Iterable[str]) -> Path:
    """The file `secrets.json` (system -> `whsec_…`), with a secret for every system; those it has are kept."""
    path = home / FILE
    known: dict[str, str] = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    missing = [name for name in systems if name not in known]
    if missing:
        known |= {name: new_secret() for name in missing}
        fresh = path.with_suffix(".new")
        with open(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as out:
            json.dump(known, out, indent=1)
        fresh.replace(path)
    return path
