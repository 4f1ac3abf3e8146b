"""The command `dehusk learn`: packs out of unlabelled pages of sites, for a person to accept.

Added to the command line by `flows.cli`.
"""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from flows.cli.completion import PAGES
from flows.cli.options import (
    engine_options,
    field_options,
    follow_links_option,
    installed_packs_option,
    one_sentence_errors,
    option,
)
from flows.display import printable, printable_json
from flows.errors import Failed, UsageError

if TYPE_CHECKING:
    from cleaners.learning.choice import LearntSite
    from cleaners.rules.model import Pack
    from flows.learning.learn import LearntSites
    from flows.learning.proposals import Proposals

REVIEW = "review.html"


@click.command(epilog="Example: dehusk learn crawl.jsonl --to packs")
@click.argument("inputs", nargs=-1, metavar="INPUT...", type=PAGES)
@option("--to", default="packs", show_default=True, metavar="DIR", help="The folder of packs; proposals go to DIR/proposed.")
@click.option("--site", default="", metavar="NAME", help="All pages without an address are of this site.")
@click.option("--most-sites", type=click.IntRange(1), metavar="N", help="Learn the N hosts with the most pages only.")
@click.option("--yes", is_flag=True, help="Accept what is sure.")
@click.option("--accept", multiple=True, metavar="ID", help="Accept what is proposed for a site, a group of rules, or a rule.")
@click.option("--drop", multiple=True, metavar="ID", help="Drop it, so that it is not proposed again.")
@engine_options
@follow_links_option
@installed_packs_option
@option("--captured-at", default="", metavar="TIME", help="When the pages were captured; file-time or sidecar, as for run.")
@click.option("--json", "as_json", is_flag=True, help="Print what was learnt as JSON.")
@field_options
@partial(one_sentence_errors, stopped="stopped; nothing was learnt")
def learn(
    inputs: tuple[str, ...],
    to: str,
    site: str,
    most_sites: int | None,
    yes: bool,
    accept: tuple[str, ...],
    drop: tuple[str, ...],
    as_json: bool,
    **given: Any,
) -> None:
    """Learn the packs of sites from their pages, ten or more a site.

    Rules are kept where pages that they were not learnt from are read better with them. They are proposed in DIR/proposed,
    with a page for review; --accept and --drop decide on them.
    """
    from flows.learning.proposals import Proposals

    folder = Path(to)
    if accept or drop:
        if inputs:
            raise UsageError("--accept and --drop decide on what was learnt before; leave out the inputs")
        _decide(Proposals(folder), accept, drop)
        return
    if not inputs:
        raise UsageError("no pages given; name files or folders with pages of a site, as in: dehusk learn pages --to packs")
    _check_name(site)
    from flows.cli.progress import display_of_bar, watch_with
    from flows.learning.learn import learn as learn_sites
    from flows.learning.sample import MAX_SITES
    from flows.options import RunOptions

    options = RunOptions(inputs=inputs, **given)
    learnt = learn_sites(inputs, folder, options, site, min(most_sites or MAX_SITES, MAX_SITES), watch_with(display_of_bar()))
    _write_review(learnt, folder)
    accepted = Proposals(folder).accept(sorted(learnt.proposed), only_sure=True) if yes and learnt.proposed else []
    if as_json:
        _print_json(learnt, accepted)
    else:
        _print(learnt, folder, accepted)
    if learnt.failed:
        raise Failed(f"{len(learnt.failed)} parts of the work failed ({learnt.failed[0].reason}); learn again")


def _write_review(learnt: LearntSites, folder: Path) -> None:
    """Write the page on which a person reviews the proposals."""
    from msgspec.structs import replace

    from flows.learning.review import write_review

    sites = {
        name: replace(site, pack=learnt.proposed.get(name), left_out=learnt.left_out.get(name))
        for name, site in learnt.sites.items()
    }
    write_review(folder / REVIEW, sites, str(folder))


def _check_name(site: str) -> None:
    """Raise UsageError when a name given is none of a pack."""
    from flows.learning.names import name_of_host

    if site and name_of_host(site) != site:
        raise UsageError(f"--site: {site} is no name of a pack; write it as {name_of_host(site)}")


def _decide(proposals: Proposals, accept: tuple[str, ...], drop: tuple[str, ...]) -> None:
    """Accept and drop proposed rules, and print their ids."""
    for verb, decide, ids in (("accepted", proposals.accept, accept), ("dropped", proposals.drop, drop)):
        for one in decide(ids):
            click.echo(f"{verb} {printable(one)}")


def _print(learnt: LearntSites, folder: Path, accepted: list[str]) -> None:
    """Print a line for each site, and the next step."""
    from cleaners.learning.proposal import group_of

    for name, site in learnt.sites.items():
        click.echo(printable(f"{name}: {_in_words(site, learnt.proposed.get(name))}"))
    if learnt.few:
        click.echo(
            f"left out: {_number(learnt.few, 'site')} with fewer than ten pages that differ; give more of them", err=True
        )
    if learnt.dropped:
        click.echo(f"left out: {_number(learnt.dropped, 'site')} with fewer pages than others", err=True)
    for reason, count in sorted(learnt.unreadable.items()):
        click.echo(f"dehusk: {_number(count, 'page')} could not be read ({reason})", err=True)
    if accepted:
        click.echo(
            f"accepted into {printable(str(folder))}: {_counted(learnt, accepted)}; use with --packs {printable(str(folder))}"
        )
    elif learnt.proposed:
        first, pack = next(iter(learnt.proposed.items()))
        part = (*pack.parts, *pack.template)[0].id
        less = f"{first}.{group}" if (group := group_of(part)) else part
        click.echo(
            printable(f"look at {folder / REVIEW}, then: dehusk learn --to {folder} --accept {first} (or --drop {less})")
        )


def _counted(learnt: LearntSites, accepted: list[str]) -> str:
    """Return the numbers of rules and of templates accepted."""
    templates = {template.id for pack in learnt.proposed.values() for template in pack.template}.intersection(accepted)
    rules = _number(len(accepted) - len(templates), "rule")
    return f"{rules} and {_number(len(templates), 'template')}" if templates else rules


def _number(count: int, noun: str) -> str:
    """Return a number of things in words."""
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def _in_words(site: LearntSite, proposed: Pack | None) -> str:
    """Return a sentence about the rules and templates learnt of a site, of which some are `proposed`."""
    from flows.learning.shown_groups import shown_templates

    seen = (f"{'new ' if one.is_new else ''}template {one.id} seen {one.now}" for one in shown_templates(site))
    return "; ".join((_rules_in_words(site, proposed), *seen))


def _rules_in_words(site: LearntSite, proposed: Pack | None) -> str:
    if site.pack is None or not site.pack.parts:
        return f"{site.pages:,} pages differ, and no {'other ' if site.known else ''}rule helps to read them"
    if proposed is None or not proposed.parts:
        return f"{site.pages:,} pages differ, and all rules that help to read them were dropped before"
    groups = ", ".join(trial.group for trial in site.trials if trial.is_accepted)
    before, after = site.before, site.after
    return (
        f"{_number(len(proposed.parts), 'rule')} from {site.pages:,} pages ({groups}); lines of other pages in"
        f" stories {before.leaked:.1%} -> {after.leaked:.1%}, similarity of texts to titles {before.titled:.3f} ->"
        f" {after.titled:.3f}, prose kept {before.kept:.1%} -> {after.kept:.1%}"
    )


def _print_json(learnt: LearntSites, accepted: list[str]) -> None:
    import msgspec

    rows = {
        name: {
            "pages": site.pages,
            "rules": len(learnt.proposed[name].parts) if name in learnt.proposed else 0,
            "groups": {trial.group: trial.is_accepted for trial in site.trials},
            "before": site.before,
            "after": site.after,
        }
        for name, site in learnt.sites.items()
    }
    summary = {"sites": rows, "few": learnt.few, "unreadable": learnt.unreadable, "accepted": accepted}
    click.echo(printable_json(msgspec.json.encode(summary)))
