"""The least rise of a share that numbers of pages allow: a lower bound, sound for few pages and for shares near 0 and 1.

Called by `flows.inspect.drift`.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import exp, lgamma, sqrt
from statistics import NormalDist

NEGLIGIBLE = 1e-12  # part of a sum


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


def least_rise(before: Groups, since: Share, error: float) -> float:
    """Return the lower bound of the rise of a share since groups of pages, wrong at a rate of `error`.

    The hybrid score interval, method 10 of Newcombe (1998), "Interval estimation for the difference between independent
    proportions", Statistics in Medicine 17, 873-890, with numbers of pages divided by the design effect of the groups. It is a
    little too sure where one side has few pages, so that the bound is 0 at most unless Fisher's exact test agrees.
    """
    if not before.of or not since.of:
        return -1.0
    effect, z = before.design_effect, NormalDist().inv_cdf(1 - error)
    old, new = before.share.value, since.value
    _, high = wilson_interval(old, before.of / effect, z)
    low, _ = wilson_interval(new, since.of / effect, z)
    least = new - old - sqrt((new - low) ** 2 + (high - old) ** 2)
    return least if least <= 0 or chance_of_rise(before.share, since) <= error else 0.0


def chance_of_rise(before: Share, since: Share) -> float:
    """Return the chance that so many of the pages that have it come since, if nothing has changed (Fisher's exact test).

    >>> round(chance_of_rise(Share(3, 10), Share(9, 10)), 4)
    0.0099
    """
    having, whole = before.pages + since.pages, before.of + since.of
    first = _log_choose(since.of, since.pages) + _log_choose(before.of, before.pages) - _log_choose(whole, having)
    chance = term = exp(first)
    for pages in range(since.pages, min(having, since.of)):
        term *= (having - pages) * (since.of - pages) / ((pages + 1) * (before.of - having + pages + 1))
        chance += term
        if term <= chance * NEGLIGIBLE:
            break
    return chance


def _log_choose(of: int, pages: int) -> float:
    """Return the logarithm of the number of ways to choose so many pages."""
    return lgamma(of + 1) - lgamma(pages + 1) - lgamma(of - pages + 1)


def wilson_interval(share: float, of: float, z: float) -> tuple[float, float]:
    """Return the score interval of a share of so many pages (Wilson 1927).

    >>> low, high = wilson_interval(0.5, 100, 1.96)
    >>> round(low, 3), round(high, 3)
    (0.404, 0.596)
    """
    spread = z * sqrt(share * (1 - share) / of + z**2 / (4 * of**2))
    centre, whole = share + z**2 / (2 * of), 1 + z**2 / of
    return (centre - spread) / whole, (centre + spread) / whole
