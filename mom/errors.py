"""Every error that Lineside raises on purpose, with its HTTP status. Agents and people see the message."""


class LinesideError(Exception):
    """A fault we expected: the message says what happened, `remedy` what to do about it."""

    status = 500

    def __init__(self, message: str, *, remedy: str | None = None) -> None:
        super().__init__(message)
        self.remedy = remedy

    def __str__(self) -> str:
        message = str(self.args[0])
        return f"{message} {self.remedy}" if self.remedy else message


class BadInput(LinesideError):
    """Something given to us is wrong: says the field, the value, what was expected."""

    status = 422


class NotSignedIn(LinesideError):
    status = 401


class NotAllowed(LinesideError):
    status = 403


class NotFound(LinesideError):
    status = 404


class Conflict(LinesideError):
    """The thing has changed meanwhile, or was already done."""

    status = 409


class InUse(LinesideError):
    """Somebody else holds it: a home, a port, a lease."""

    status = 409


class Unavailable(LinesideError):
    """A neighbour (database, model, mail server, other system) does not answer."""

    status = 503
