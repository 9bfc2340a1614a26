"""What a verb may refuse with, and the HTTP status each one means. The words are in `engage/web/words.py`."""


class Failure(Exception):
    """Something a reader is told in words; `reason` names the words, `figures` fill them in."""

    status = 500

    def __init__(self, reason: str, *, field: str = "", **figures: object) -> None:
        super().__init__(reason)
        self.reason = reason
        self.field = field
        self.figures = figures


class NotFound(Failure):
    status = 404

    def __init__(self, reason: str = "not_found") -> None:
        super().__init__(reason)


class NotAllowed(Failure):
    status = 403

    def __init__(self, reason: str = "not_allowed") -> None:
        super().__init__(reason)


class Refused(Failure):
    """The request makes sense, the rules say no."""

    status = 422


class Conflict(Failure):
    """Somebody else was first; the figures say who, when and how."""

    status = 409


class TooLarge(Failure):
    """More bytes than this door takes; nothing was kept."""

    status = 413


class TooMany(Failure):
    """Too many tries; the figure `until` says when the next one counts."""

    status = 429


class Unavailable(Failure):
    """The store cannot be reached or is full; nothing was written."""

    status = 503

    def __init__(self, reason: str = "unavailable") -> None:
        super().__init__(reason)
