"""Whom the server runs as: ourselves, or an unprivileged user when we are root (PostgreSQL refuses to run as root)."""

import os
import pwd
import stat
from dataclasses import dataclass
from pathlib import Path

from mom.errors import Unavailable

PUBLIC = Path("/var/lib/lineside")


@dataclass(frozen=True, slots=True)
class Account:
    """A user of this machine. `other` tells whether it is somebody else than this process."""

    name: str
    uid: int
    gid: int
    other: bool

    def give(self, path: Path) -> None:
        """Make `path` belong to this user."""
        if self.other:
            os.chown(path, self.uid, self.gid)

    def can_reach(self, path: Path) -> bool:
        """Whether this user may walk down to the existing folder `path`, by the mode bits of it and all above it."""
        real = path.resolve()
        return not self.other or all(self._may_enter(folder.stat()) for folder in (real, *real.parents))

    def _may_enter(self, folder: os.stat_result) -> bool:
        return bool(folder.st_mode & (stat.S_IXUSR if folder.st_uid == self.uid else stat.S_IXOTH))


def our_name() -> str:
    """The name of the user who runs this process, as PostgreSQL will see it on its socket. Raises Unavailable."""
    return _named(os.geteuid()).pw_name


def server_account() -> Account:
    """The user for the server. Raises Unavailable when root finds nobody to run it as."""
    if os.geteuid() != 0:
        ours = _named(os.geteuid())
        return Account(ours.pw_name, ours.pw_uid, ours.pw_gid, other=False)
    for name in ("postgres", "nobody"):
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return Account(name, entry.pw_uid, entry.pw_gid, other=True)
    raise Unavailable(
        "PostgreSQL does not run as root, and this machine has neither a user postgres nor nobody.",
        remedy="Create one (useradd --system postgres), or run Lineside as another user than root.",
    )


def public_folder() -> Path:
    """A folder that every user may enter and only root may write: for when root's own folders are closed."""
    folder = PUBLIC
    try:
        folder.mkdir(mode=0o755, exist_ok=True)
        kind = folder.lstat()
        if stat.S_ISDIR(kind.st_mode) and kind.st_uid == os.geteuid() and not kind.st_mode & 0o022:
            folder.chmod(0o755)  # whatever the umask made of it
            return folder
        reason = "is not a folder that only root may write"
    except OSError as error:
        reason = f"cannot be made: {error.strerror}"
    raise Unavailable(
        f"The database's user cannot enter Lineside's folders, and {folder} {reason}.",
        remedy="Put both where every user may enter (chmod o+x), or run Lineside as another user than root.",
    )


def _named(uid: int) -> pwd.struct_passwd:
    try:
        return pwd.getpwuid(uid)
    except KeyError:
        raise Unavailable(
            f"The user with the number {uid}, who runs this, has no name on this machine, and PostgreSQL needs one.",
            remedy="Add the user to /etc/passwd, or set DATABASE_URL to a PostgreSQL server.",
        ) from None
