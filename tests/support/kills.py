"""End a run at a chosen step, as SIGKILL would."""

from __future__ import annotations

from collections.abc import Callable


class Killed(BaseException):
    """Stands for SIGKILL: nothing in a run may catch it."""


def killing(of: Callable[..., object], after: int) -> Callable[..., object]:
    left = [after]

    def killed(*arguments: object, **more: object) -> object:
        if not left[0]:
            raise Killed
        left[0] -= 1
        return of(*arguments, **more)

    return killed
