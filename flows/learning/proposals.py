"""Proposed packs beside the accepted ones: parts that a person accepts go to the folder of packs, dropped ones stay away.

The parts of a pack are its rules, its layouts and its templates.

Called by `flows.learning.learn` and by the command `dehusk learn`.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable, Iterator, Sequence, Set
from pathlib import Path

import msgspec

from cleaners.errors import PackError
from cleaners.examples import check_pack
from cleaners.learning.merge import merged, only, without
from cleaners.learning.pack_text import pack_toml
from cleaners.learning.proposal import group_of
from cleaners.rules.layout import Layout
from cleaners.rules.load import read_pack
from cleaners.rules.model import Pack, PackPart, Rule
from cleaners.rules.page_template import PageTemplate
from cleaners.rules.source_names import SourceNames
from cleaners.rules.time_form import TimeForm
from flows.errors import UsageError
from flows.learning.names import name_of_host
from flows.output.atomic import make_folder, write_whole

PROPOSED = "proposed"  # below the folder of packs, where `--packs` does not look
LEFT_OUT = "left-out"  # below the proposals: groups with which no pages are read better
DROPPED = "dropped.jsonl"
Part = PackPart | PageTemplate


class _Dropped(msgspec.Struct, frozen=True, order=True):
    """A part that a person dropped: its site, its id then, and a digest of its effect."""

    site: str
    id: str
    does: str


class Proposals:
    """The packs in a folder: accepted ones in it, proposed ones and dropped parts in the folder `proposed` below."""

    def __init__(self, to: Path) -> None:
        self.to, self.folder = to, to / PROPOSED
        self._left_out_folder = self.folder / LEFT_OUT

    def accepted(self, site: str) -> Pack | None:
        """Return the pack of a site that is in use, None when there is none; raises UsageError for a broken one."""
        return _read(self.to / f"{site}.toml")

    def accepted_like(self, name: str) -> Iterator[Pack]:
        """Yield the packs in use of a name, or of that name with a number behind it; raises UsageError for a broken one."""
        is_alike = re.compile(re.escape(name) + r"(-\d+)?").fullmatch
        for site in sorted(file.stem for file in self.to.glob("*.toml") if is_alike(file.stem)):
            if (pack := self.accepted(site)) is not None:
                yield pack

    def proposed(self, site: str) -> Pack | None:
        """Return the proposal for a site, None when there is nothing; raises UsageError for a broken one."""
        return _read(self.folder / f"{site}.toml")

    def left_out(self, site: str) -> Pack | None:
        """Return the rules of a site that were left out, None without any; raises UsageError for a broken pack."""
        return _read(self._left_out_folder / f"{site}.toml")

    def propose(self, pack: Pack) -> Pack | None:
        """Write a proposal instead of an earlier one for its site, without the parts dropped before; return the rest."""
        left = self._without_dropped(pack)
        self._write_proposal(left)
        return left if _parts(left) else None

    def leave_out(self, site: str, pack: Pack | None) -> Pack | None:
        """Write the rules of a site that were left out instead of earlier ones; return those that were not dropped before."""
        left = self._without_dropped(pack) if pack is not None else Pack(name=site, title="")
        self._write_left_out(left)
        return left if left.parts else None

    def _without_dropped(self, pack: Pack) -> Pack:
        dropped = {entry.does for entry in self._dropped() if entry.site == pack.name}
        return without(pack, {part.id for part in _parts(pack) if _does(part) in dropped})

    def accept(self, ids: Sequence[str], *, only_sure: bool = False) -> list[str]:
        """Put proposed parts into the packs in use; return their ids. Raises UsageError for an id that names nothing proposed.

        A template comes with the first rule or layout that names it; one that none names, as a known one that was seen on
        other days, with whatever is accepted of its site. With `only_sure`, rules that take effect with `--strict` only stay
        proposed. Rules that were left out are accepted by the name of their group or by their ids, not by that of the site.
        """
        accepted: list[str] = []
        for site, chosen in self._chosen(ids):
            accepted += self._accept(self.proposed(site), chosen, self._write_proposal, only_sure=only_sure)
            if not only_sure:
                accepted += self._accept(self.left_out(site), chosen - {*accepted}, self._write_left_out)
        return accepted

    def _accept(
        self, pack: Pack | None, chosen: set[str], write_rest: Callable[[Pack], None], *, only_sure: bool = False
    ) -> list[str]:
        """Put the chosen rules of a pack into that in use, and write the rest of it; return their ids."""
        if pack is None:
            return []
        unsure = {rule.id for rule in pack.rule if rule.sure == "ambiguous"} if only_sure else set()
        chosen = (chosen & {part.id for part in _parts(pack)}) - unsure
        if not chosen:
            return []
        named = {name for parts in (pack.rule, pack.layout) for part in parts for name in part.template}
        chosen = chosen | {template.id for template in pack.template if template.id not in named}
        site, new = pack.name, only(pack, chosen)
        old = self.accepted(site)
        whole = merged(old, new) if old is not None else new
        problem = next(check_pack(whole), None)
        if problem is not None:
            raise UsageError(f"{problem}; mend {self.folder / site}.toml, or drop that rule")
        self._write_accepted(whole)
        write_rest(without(pack, chosen))
        return sorted(chosen)

    def drop(self, ids: Sequence[str]) -> list[str]:
        """Take parts away from proposals and packs in use, so that they are not proposed again; return their ids.

        With a template go the rules and layouts for its pages alone.
        """
        gone: list[str] = []
        for site, chosen in self._chosen(ids, in_use=True):
            for pack, write in (
                (self.proposed(site), self._write_proposal),
                (self.left_out(site), self._write_left_out),
                (self.accepted(site), self._write_accepted),
            ):
                parts = list(_with_confined(pack, chosen)) if pack is not None else []
                if pack is not None and parts:
                    self._remember(_Dropped(site, part.id, _does(part)) for part in parts)
                    write(without(pack, {part.id for part in parts}))
                    gone += [part.id for part in parts]
        return sorted({*gone})

    def sites(self) -> list[str]:
        """Return the names of the sites that have a proposal."""
        return sorted(file.stem for file in self.folder.glob("*.toml"))

    def _chosen(self, ids: Sequence[str], *, in_use: bool = False) -> Iterator[tuple[str, set[str]]]:
        """Yield the sites that ids name, each with the ids of its parts; raises UsageError for an unknown id."""
        by_site: dict[str, set[str]] = {}
        for given in ids:
            site, _, part = given.partition(".")
            is_name = name_of_host(site) == site  # and no path
            packs = [self.proposed(site), *([self.accepted(site)] if in_use else [])] if is_name else []
            packs += [self.left_out(site)] if is_name and (in_use or part) else []
            known = {one.id for pack in packs if pack is not None for one in _parts(pack)}
            found = {name for name in known if not part or name == given or group_of(name) == part}
            if not found:
                raise UsageError(f"nothing proposed is named {given}; {self._advice()}")
            by_site.setdefault(site, set()).update(found)
        yield from sorted(by_site.items())

    def _advice(self) -> str:
        sites = self.sites()
        if not sites:
            return f"{self.folder} holds no proposal; learn some pages first"
        return f"there are proposals for {', '.join(sites[:10])}: name a site, a group as in {sites[0]}.lines, or a rule's id"

    def _dropped(self) -> list[_Dropped]:
        """Return the parts dropped; raises UsageError when its file is not sound."""
        file = self.folder / DROPPED
        if not file.exists():
            return []
        try:
            return msgspec.json.Decoder(_Dropped).decode_lines(file.read_bytes())
        except msgspec.MsgspecError:
            raise UsageError(f"{file} is damaged; take it away, and drop again what you dropped") from None

    def _remember(self, entries: Iterable[_Dropped]) -> None:
        make_folder(self.folder)
        lines = msgspec.json.Encoder().encode_lines(sorted({*self._dropped(), *entries}))
        write_whole(self.folder / DROPPED, lines)

    def _write_proposal(self, pack: Pack) -> None:
        """Write a proposal, or take the file away when nothing is left."""
        _write_or_remove(self.folder / f"{pack.name}.toml", pack, is_left=bool(_parts(pack)))

    def _write_left_out(self, pack: Pack) -> None:
        _write_or_remove(self._left_out_folder / f"{pack.name}.toml", pack, is_left=bool(pack.parts))

    def _write_accepted(self, pack: Pack) -> None:
        """Write a pack in use, or take the file away when it has templates alone."""
        _write_or_remove(self.to / f"{pack.name}.toml", pack, is_left=bool(pack.parts))


def _write_or_remove(file: Path, pack: Pack, *, is_left: bool) -> None:
    if is_left:
        make_folder(file.parent)
        write_whole(file, pack_toml(pack).encode())
    else:
        file.unlink(missing_ok=True)


def _read(file: Path) -> Pack | None:
    """Return the pack in a file, None when there is no such file; raises UsageError for a broken one."""
    if not file.is_file():
        return None
    try:
        pack = read_pack(file.read_bytes(), str(file))
    except PackError as error:
        raise UsageError(f"{error}; mend the pack, or take it away") from None
    if pack.name != file.stem:
        raise UsageError(f"{file}: the pack is named {pack.name}; name the file as the pack, or take it away")
    return pack


def _parts(pack: Pack) -> tuple[Part, ...]:
    return (*pack.parts, *pack.template)


def _with_confined(pack: Pack, ids: Set[str]) -> Iterator[Part]:
    """Yield the parts of some ids, and those that are only for pages of templates among them."""
    for part in _parts(pack):
        is_confined = isinstance(part, Rule | Layout) and bool(part.template) and {*part.template} <= ids
        if part.id in ids or is_confined:
            yield part


def _does(part: Part) -> str:
    """Return a digest of the wordings of a part: the same when it is learnt again with other evidence."""
    if isinstance(part, Layout):
        match: object = (part.role, part.lines)
    elif isinstance(part, PageTemplate):
        match = ("template", part.signs_needed, sorted(part.signs))
    elif isinstance(part, TimeForm):
        match = ("time", part.form)
    elif isinstance(part, SourceNames):
        match = ("source", sorted(part.names))
    else:
        match = (part.kind, part.where, part.match, sorted(map(str, getattr(part, part.match or "line"))))
    return hashlib.sha256(msgspec.json.encode(match)).hexdigest()[:16]
