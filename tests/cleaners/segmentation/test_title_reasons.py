from __future__ import annotations

from cleaners.fitted.load import shipped_reading
from cleaners.segmentation.title_reasons import WORDS, in_plain_words


def test_each_feature_has_plain_words() -> None:
    fitted = shipped_reading().title
    assert {name.partition(":")[0] for name in fitted.weights} <= set(WORDS)


def test_features_that_say_the_same_are_summed() -> None:
    assert in_plain_words([("chars:3", 0.5), ("words:4", 0.25), ("quote", 0.5)]) == {"its length": 0.75, "quotes in it": 0.5}
