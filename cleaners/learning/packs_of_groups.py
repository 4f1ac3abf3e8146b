"""Find the pack in use for each group of pages without an address: the one whose signs most pages of the group have.

Called by `flows.learning.learn`.
"""

from __future__ import annotations

from collections.abc import Sequence

from cleaners.document.page import split_lines
from cleaners.learning.known_templates import known_templates
from cleaners.rules.model import Pack
from cleaners.rules.templates import TemplateSigns


def packs_of_groups(groups: Sequence[Sequence[str]], packs: Sequence[Pack]) -> list[Pack | None]:
    """Return the pack of each group of texts, None where more than half of them have the signs of no pack that is left.

    A pack is that of one group only; the first group has the first choice.
    """
    left = {pack.name: TemplateSigns(known_templates(pack)) for pack in packs}
    by_name = {pack.name: pack for pack in packs}
    found: list[Pack | None] = []
    for texts in groups:
        pages = [split_lines(text) for text in texts] if left else []
        on = {name: sum(bool(signs.on(lines)) for lines in pages) for name, signs in left.items()}
        name = min(on, key=lambda name: (-on[name], name), default="")
        is_known = 2 * on.get(name, 0) > len(texts)
        found.append(by_name[name] if is_known else None)
        if is_known:
            del left[name]
    return found
