"""The least rise of a share that numbers of pages allow: a lower bound, sound for few pages and for shares near 0 and 1.

Called by `flows.inspect.drift`.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt


@dataclass(frozen=True, slots=True)
class Share:
    """So many pages of so many; there may be none."""

    pages: int
    of: int

    @property
    def value(self) -> float:
        """Return the share, 0 of no pages."""
        return self.pages / self.of if self.of else 0.0


class Groups:
    """Groups of pages, such as months, with a share each, as the sums that the share of all and its design effect need."""

    def __init__(self) -> None:
        self.groups = self.pages = self.of = 0
        self._squares = self._products = self._squares_of = 0

    def add(self, share: Share) -> None:
        """Add a group; one without pages counts for nothing."""
        self.groups += share.of > 0
        self.pages += share.pages
        self.of += share.of
        self._squares += share.pages**2
        self._products += share.pages * share.of
        self._squares_of += share.of**2

    @property
    def share(self) -> Share:
        """Return the share of all groups together."""
        return Share(self.pages, self.of)

    @property
    def design_effect(self) -> float:
        """Return how many times more the share varies from group to group than chance alone would have it, 1 at least.

        The ratio of Rao and Scott (1992), "A Simple Method for the Analysis of Clustered Binary Data", Biometrics 48, 577-585.
        """
        share = self.share.value
        if self.groups < 2 or not 0 < share < 1:
            return 1.0
        squares = self._squares - 2 * share * self._products + share**2 * self._squares_of
        return max(1.0, self.groups / (self.groups - 1) * squares / (self.of * share * (1 - share)))


def least_rise(before: Groups, since: Share, z: float) -> float:
    """Return the lower bound of the rise of a share since groups of pages; `z` is the quantile of the normal distribution.

    The hybrid score interval, method 10 of Newcombe (1998), "Interval estimation for the difference between independent
    proportions", Statistics in Medicine 17, 873-890, with numbers of pages divided by the design effect of the groups.
    """
    if not before.of or not since.of:
        return -1.0
    effect = before.design_effect
    old, new = before.share.value, since.value
    _, high = wilson_interval(old, before.of / effect, z)
    low, _ = wilson_interval(new, since.of / effect, z)
    return new - old - sqrt((new - low) ** 2 + (high - old) ** 2)


def wilson_interval(share: float, of: float, z: float) -> tuple[float, float]:
    """Return the score interval of a share of so many pages (Wilson 1927).

    >>> low, high = wilson_interval(0.5, 100, 1.96)
    >>> round(low, 3), round(high, 3)
    (0.404, 0.596)
    """
    spread = z * sqrt(share * (1 - share) / of + z**2 / (4 * of**2))
    centre, whole = share + z**2 / (2 * of), 1 + z**2 / of
    return (centre - spread) / whole, (centre + spread) / whole
