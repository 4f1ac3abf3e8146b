from __future__ import annotations

import pytest

from cleaners.text.line_shape import is_headline, is_prose


@pytest.mark.parametrize(
    ("text", "prose", "headline"),
    [
        ("The harbour board said on Monday that the old crane would be taken down.", True, False),
        ("'We counted by hand,' the purser said, and nobody in the room had a word to say.'", True, False),
        ("Old crane to go from the quay", False, True),
        ("Will the crane stay on the quay?", False, True),
        ("Street lamp swap cuts power use…", False, True),
        ("Politics", False, False),
        ("Sign in", False, False),
        ("It rained.", False, False),
        ("word " * 60, True, False),
        ("志愿者利用周末清理了运河入口处的芦苇，自来水公司检测了六口水井。", True, False),
        ("运河清淤志愿者招满名额", False, True),
        ("登录", False, False),
    ],
)
def test_lines_are_told_by_their_look(text, prose, headline):
    assert (is_prose(text), is_headline(text) and not is_prose(text)) == (prose, headline)
