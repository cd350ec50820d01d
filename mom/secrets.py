"""The signing secrets that we share with other systems: from the environment, else from the home's secrets.json."""

import base64
import json
import os
import secrets
import stat
from pathlib import Path

from mom.errors import BadInput, NotFound

FILE = "secrets.json"
BYTES = 32


def new_secret() -> str:
    """A fresh signing secret, in the form of https://www.standardwebhooks.com."""
    return "whsec_" + base64.b64encode(secrets.token_bytes(BYTES)).decode()


def variable_of(system: str) -> str:
    """The environment variable that overrides the file: LINESIDE_SECRET_ERP."""
    return "LINESIDE_SECRET_" + "".join(sign if sign.isalnum() else "_" for sign in system).upper()


def secret_of(home: Path, system: str) -> str:
    """Raises NotFound when the system has none, BadInput when the file is not safe or not readable."""
    found = os.environ.get(variable_of(system)) or read_secrets(home).get(system)
    if not found:
        raise NotFound(
            f"There is no signing secret for system {system!r}.",
            remedy=f"Set {variable_of(system)}, or add it to {home / FILE}.",
        )
    return found


def read_secrets(home: Path) -> dict[str, str]:
    """What secrets.json holds, by system; nothing when there is no such file."""
    path = home / FILE
    try:
        mode = path.stat().st_mode
        if stat.S_IMODE(mode) & 0o077:
            raise BadInput(f"{path} can be read by others ({stat.filemode(mode)}).", remedy=f"chmod 600 {path}")
        found = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except ValueError as error:
        raise BadInput(f"{path}: is not JSON: {error}.", remedy="Mend it: one object, system to secret.") from error
    if not isinstance(found, dict) or not all(isinstance(value, str) for value in found.values()):
        raise BadInput(f"{path}: expected one object of texts.", remedy='Write {"erp": "whsec_…"}.')
    return found
