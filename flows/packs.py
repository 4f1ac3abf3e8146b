"""Load the packs of a command: the shipped ones, those of installed distributions and a user's own.

Called by `flows.execution`, `flows.planning.code_digest` and `flows.cli`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from pathlib import Path

import msgspec

from cleaners import Library, shipped_packs
from cleaners.errors import PackError
from cleaners.examples import check_pack
from cleaners.rules.load import read_pack
from cleaners.rules.model import Pack, PackPart
from cleaners.rules.page_template import PageTemplate
from flows.errors import UsageError
from flows.installed_packs import OPTION, REMEDY, distribution_of, installed_packs
from flows.options import WorkerSettings
from flows.regular_file import open_regular

MAX_PACK_BYTES = 10 * 1024 * 1024  # of a file; the largest that comes with dehusk has a hundredth of it


def read_packs(folder: str, *, installed: bool = True) -> tuple[tuple[str, bytes], ...]:
    """Return the shipped packs, those of distributions if `installed`, and those in `folder` ("" for none) as (name, TOML).

    Raises UsageError when `folder` holds no pack or cannot be read, or an installed pack is not sound.
    """
    brought = _installed() if installed else ()
    if not folder:
        return (*shipped_packs(), *brought)
    own = [(str(file), _content(file)) for file in sorted(Path(folder).glob("*.toml"))]
    if not own:
        raise UsageError(f"--packs: {folder} is no folder that holds .toml packs; name one that does")
    return (*shipped_packs(), *brought, *own)


def _installed() -> tuple[tuple[str, bytes], ...]:
    """Return the packs of installed distributions as (name, TOML); raises UsageError, which names the distribution."""
    packs = []
    names = {file.removesuffix(".toml"): "dehusk" for file, _ in shipped_packs()}
    for found in installed_packs():
        toml = _content(found.file, f" of the distribution {found.distribution}")
        try:
            name = read_pack(toml, found.origin).name
        except PackError as error:
            raise UsageError(f"{error}; {REMEDY}") from None
        if name in names:
            raise UsageError(f"{found.origin}: there is a pack named {name} in {names[name]}; {REMEDY}")
        names[name] = found.origin
        packs.append((found.origin, toml))
    return tuple(packs)


def _content(file: Path, whose: str = "") -> bytes:
    """Return the content of a pack; raises UsageError for a file that cannot be read, at once for a pipe or a device."""
    try:
        with open_regular(str(file)) as pack:
            content = pack.read(MAX_PACK_BYTES + 1)
    except OSError as error:
        raise UsageError(f"the pack {file}{whose} cannot be read ({error.strerror}); mend it or take it away") from None
    if len(content) > MAX_PACK_BYTES:
        raise UsageError(f"the pack {file}{whose} has over {MAX_PACK_BYTES:,} bytes; cut it up, or take it away")
    return content


def learnable_sites(packs: Sequence[tuple[str, bytes]]) -> frozenset[str]:
    """Return the names of the user's own packs by their files, as `dehusk learn` names and finds them."""
    return frozenset(Path(file).stem for file, _ in packs[len(shipped_packs()) :] if not distribution_of(file))


@lru_cache(maxsize=4)
def compiled(packs: tuple[tuple[str, bytes], ...], strict: bool, site_packs: bool) -> Library:
    """Return the compiled packs, compiled once a process; raises PackError when one is invalid."""
    return Library(packs, strict=strict, site_packs=site_packs)


def library_of(settings: WorkerSettings) -> Library:
    """Return the compiled packs of a run, compiled once a process."""
    return compiled(settings.packs, settings.strict, settings.site_packs)


def load_library(packs: tuple[tuple[str, bytes], ...], *, strict: bool, site_packs: bool) -> Library:
    """Return the compiled packs; raises UsageError when one that is not shipped is invalid or one of its examples fails."""
    own = packs[len(shipped_packs()) :]
    try:
        library = compiled(packs, strict, site_packs)
        if own:
            problems = [*library.check()]
            problems += [
                f"{origin}: {problem}" if distribution_of(origin) else problem
                for origin, toml in own
                for problem in check_pack(read_pack(toml, origin))
            ]
            if problems:
                raise PackError(problems[0])
    except PackError as error:
        remedy = "mend the pack"
        if any(distribution_of(origin) for origin, _ in own):
            remedy = REMEDY if distribution_of(str(error)) else f"{remedy}, or leave out those of distributions with {OPTION}"
        raise UsageError(f"{error}; {remedy}") from None
    return library


def chosen_packs(name: str, *, installed: bool = True) -> list[tuple[str, Pack]]:
    """Return the pack of this name or .toml file, or for "" all that are shipped or `installed`, each after its origin.

    Raises UsageError when there is none.
    """
    if name.endswith(".toml"):
        if not Path(name).is_file():
            raise UsageError(f"{name} is no file; name a pack's .toml file, or a pack such as en")
        sources = [(name, _content(Path(name)))]
    else:
        packs = read_packs("", installed=installed)
        names = [Path(file).stem if not distribution_of(file) else read_pack(toml, file).name for file, toml in packs]
        sources = [pack for pack, its_name in zip(packs, names, strict=True) if name in ("", its_name)]
        if not sources:
            raise UsageError(f"there is no pack {name}; there are {', '.join(names)}")
    try:
        return [(file, read_pack(toml, file)) for file, toml in sources]
    except PackError as error:
        raise UsageError(f"{error}; mend the pack") from None


def failing_examples(packs: list[Pack]) -> list[str]:
    """Return a sentence for each example that fails."""
    return [problem for pack in packs for problem in check_pack(pack)]


def find_rule(rule_id: str, pack: str = "", *, installed: bool = True) -> str:
    """Return a rule, layout, form of time or template of a pack as TOML; raises UsageError when none has this id.

    `pack` and `installed` are as for `chosen_packs`.
    """
    for _, chosen in chosen_packs(pack, installed=installed):
        parts: tuple[PackPart | PageTemplate, ...] = (*chosen.parts, *chosen.template)
        for part in parts:
            if rule_id in (part.id, f"{part.id}.repeat"):
                return "\n".join(_as_toml(name, value) for name, value in _given(part).items())
    where = f"dehusk rules list {pack}" if pack else "dehusk rules list"
    raise UsageError(f"there is no rule {rule_id}; {where} shows them all")


def describe(pack: Pack) -> Iterator[str]:
    """Yield a line for each rule of a pack, with its evidence; from format 2 on also for each layout, form of time and name."""
    for rule in pack.rule:
        yield f"{rule.id:32} {rule.kind:14} {rule.sure:10} {rule.where:8} {rule.match}{_learnt(rule)}"
    for layout in pack.layout if pack.format > 1 else ():
        yield f"{layout.id:32} {'layout':14} {'-':10} {'-':8} {layout.role}{_learnt(layout)}"
    for time in pack.time:
        yield f"{time.id:32} {'time':14} {'-':10} {'-':8} form{_learnt(time)}"
    for source in pack.source:
        yield f"{source.id:32} {'source':14} {'-':10} {'-':8} names{_learnt(source)}"


def _learnt(part: PackPart) -> str:
    """Return the evidence for a part of a pack and how sure it is, as words that follow others."""
    sureness = "" if part.sureness is None else f"sureness {part.sureness:.2f}"
    evidence = str(part.evidence) if part.evidence is not None else ""
    return "".join(f"  {words}" for words in (evidence, sureness) if words)


def _given(part: PackPart | PageTemplate) -> dict[str, object]:
    """Return the keys of a part of a pack that say something, with their values."""
    values: dict[str, object] = msgspec.to_builtins(part)
    if not values.get("between"):
        values.pop("most", None)
    return {name: value for name, value in values.items() if value or (name == "sureness" and value is not None)}


def _as_toml(name: str, value: object) -> str:
    if isinstance(value, list | tuple):
        return "\n".join([f"{name} = [", *(f"  {msgspec.json.encode(item).decode()}," for item in value), "]"])
    if isinstance(value, dict):
        return f"{name} = {{ {', '.join(_as_toml(key, item) for key, item in value.items() if item)} }}"
    return f"{name} = {msgspec.json.encode(value).decode()}"
