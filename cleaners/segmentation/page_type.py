"""Tell the type of a page by its form, and give up the own story of a page that has none.

Called by `read_page`. The weights are made by `tests.fit.page_type`.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from itertools import pairwise
from math import exp, inf, log
from typing import cast

from cleaners.fitted.page_type import TypeWeights, shipped_page_types
from cleaners.segmentation.by_layout import PageType, Stories, Story
from cleaners.segmentation.line_features import LineFeatures

# The types of schema.org by which a page that is no story declares its type, a product on its own.
LIVE_TYPE, PRODUCT_TYPE = "type:LiveBlogPosting", "type:Product"
FORUM_TYPES = ("type:DiscussionForumPosting", "type:QAPage")
# Limits, by the labelled pages: fewer posts with times are no live report, and texts shorter than these are teasers.
MIN_POSTS = 4
MIN_STORIES, MIN_STORY_CHARS = 3, 280
# A time of day and nothing else but a zone or the like, as no date is written.
_CLOCK = re.compile(r"\d{1,2} ?[:.h] ?\d\d(?: ?[^\W\d]{1,4}\.?| ?[ap]\.m\.)?", re.IGNORECASE)


def article_odds(form: Mapping[str, float], fitted: TypeWeights) -> tuple[float, PageType]:
    """Return the log-odds that a page of this form has a story of its own, and its likeliest type if it has none."""
    totals = list(fitted.bias)
    for name, steps in fitted.steps.items():
        for i, weight in enumerate(fitted.weights[name][bisect_left(steps, form.get(name, 0.0))]):
            totals[i] += weight
    score = dict(zip(fitted.types, totals, strict=True))
    article = score.pop("article", -inf)
    likeliest = max(score, key=lambda name: score[name])
    others = score[likeliest] + log(sum([exp(value - score[likeliest]) for value in score.values()]))
    return article - others, cast("PageType", likeliest)


def tell_type(stories: Stories, features: Sequence[LineFeatures], *, is_html: bool) -> Story | None:
    """Tell the type of a page by its measures and its stories, and return its own story, None when it has none.

    The lines of an own story that is none are removed.
    """
    model = shipped_page_types()
    fitted = model.html if is_html else model.text
    odds, likeliest = article_odds(stories.form, fitted)
    own = stories.found[0] if stories.found and stories.found[0].role == "article" else None
    if own is not None and odds >= fitted.least:
        is_live = LIVE_TYPE in stories.form or _posts(own, stories.found[1:], features) >= MIN_POSTS
        stories.type = "live" if is_live else "article"
        own.measures["page of a story"] = odds
        return own
    stories.type = "digest" if _are_whole(stories.found[own is not None :]) else _declared(stories.form) or likeliest
    if own is not None:
        stories.title = None
        stories.structure += [(line, f"{stories.layout}.not-an-article") for line in (*own.fields.values(), *own.body)]
    return None


def type_of_layout(stories: Stories) -> PageType:
    """Return the type of a page that the layouts of packs have read."""
    if any(story.role == "article" for story in stories.found):
        return "article"
    return "digest" if _are_whole(stories.found) else "listing"


def _declared(form: Mapping[str, float]) -> PageType | None:
    """Return the type that a page declares, None for none or for one that pages of several types declare."""
    if any(name in form for name in FORUM_TYPES):
        return "forum"
    return "product" if form.get(PRODUCT_TYPE) == 1 else None


def _are_whole(found: Sequence[Story]) -> bool:
    """Return whether a page shows several whole stories, not teasers alone."""
    texts = [sum(len(line.text) for line in story.body) for story in found]
    return len([chars for chars in texts if chars >= MIN_STORY_CHARS]) >= max(MIN_STORIES, len(texts) / 2)


def _posts(own: Story, embedded: Sequence[Story], features: Sequence[LineFeatures]) -> int:
    """Return the number of times of day that stand right above text inside a story, or above embedded ones longer than it."""
    body = {line.start for line in own.body}
    places = [i for i, feature in enumerate(features) if feature.line.start in body]
    inside = features[places[0] : places[-1] + 1] if places else []
    own_times = [line.line.text for line, after in pairwise(inside) if line.shape == "meta" and after.line.start in body]
    posts = sum(len(line.text) for story in embedded for line in story.body)
    if posts <= sum(len(line.text) for line in own.body):
        embedded = ()
    post_times = [story.fields["time"].text for story in embedded if story.body and "time" in story.fields]
    return len({found[0] for text in (*own_times, *post_times) if (found := _CLOCK.fullmatch(text))})
