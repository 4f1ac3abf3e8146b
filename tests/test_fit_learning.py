"""The fit of the numbers of learning: what is tried, what is chosen on sites left out, and what is written."""

from __future__ import annotations

import json

import msgspec
import pytest

pytest.importorskip("sklearn", reason="pip install -e '.[fit]'")

from cleaners.learning.settings import FITTED, LearningSettings, shipped_settings
from tests.fit import __main__ as command
from tests.fit import learning
from tests.fit.learning import Search, best_of, held_out_gain, settings_bytes, values_near
from tests.support.labelled import CASES

SITES = ["one", "two", "three"]


@pytest.fixture
def judged(monkeypatch):
    """Let a pack be as good as `short` is near to what its site likes, and count what is judged."""
    likes = {"one": 0.3, "two": 0.3, "three": 0.3}
    calls = []

    def judge(self, job):
        calls.append(job)
        return 1 - abs(job[1].short - likes[self._sites[job[0]]])

    monkeypatch.setattr(Search, "_judge", judge)
    return likes, calls


@pytest.mark.parametrize(
    ("present", "count", "values"),
    [
        (0.3, 2, [0.3, 0.2, 0.45]),
        (0.3, 4, [0.3, 0.2, 0.45, 0.1333, 0.675]),
        (0.8, 2, [0.8, 0.5333, 1.0]),
        (1.0, 2, [1.0, 0.6667]),
        (0.0, 2, [0.0]),
    ],
)
def test_values_beside_a_share_are_shares(present, count, values):
    assert values_near(present, count) == values


def test_a_value_that_is_better_on_sites_left_out_is_chosen(judged):
    (step,) = Search(SITES, 20, 1).steps(shipped_settings(), ["short"], 2)
    assert (step.values, step.chosen) == ([0.2, 0.1333, 0.3], 0.3)
    assert step.gain == pytest.approx(0.1)


def test_a_value_that_only_one_site_likes_is_not_chosen(judged):
    judged[0].update(one=0.3, two=0.2, three=0.2)
    (step,) = Search(SITES, 20, 1).steps(shipped_settings(), ["short"], 2)
    assert step.chosen == 0.2
    assert step.gain <= 0


def test_the_present_value_stays_where_another_one_is_as_good():
    assert best_of([[1.0, 1.0], [1.0, 1.0 + 1e-12]]) == 0
    assert held_out_gain([[0.5, 0.5], [0.5, 0.5]]) == 0


def test_no_pack_is_judged_twice(judged):
    search = Search(SITES, 20, 1)
    list(search.steps(shipped_settings(), ["short", "wordy"], 2))
    search.goodness([shipped_settings()])
    assert search.evaluations == len(judged[1]) == len({*judged[1]}) == 3 * 5


def test_the_next_number_is_tried_with_the_one_before(judged):
    list(Search(SITES, 20, 1).steps(shipped_settings(), ["short", "wordy"], 1))
    assert {settings.short for _, settings in judged[1] if settings.wordy != shipped_settings().wordy} == {0.2}


def test_the_shipped_file_is_one_of_these_settings():
    assert settings_bytes(shipped_settings()) == FITTED.read_bytes()


def test_only_what_is_asked_for_is_written(judged, tmp_path, monkeypatch, capsys):
    file = tmp_path / "learning.json"
    monkeypatch.setattr(learning, "real_sites", lambda folder: SITES)
    call = ["tests.fit", "--only", "learning", "--sites", "DIR", "--numbers", "short", "--processes", "1"]
    monkeypatch.setattr("sys.argv", call)
    command.main()
    assert not file.exists()
    said = capsys.readouterr().out
    assert "short         0.2 > 0.3  left out +0.1000  (0.2: 0.9000, 0.1333: 0.8333, 0.3: 1.0000)" in said
    assert "goodness on all sites 0.9000 > 1.0000, fitted to them; 9 packs were learnt" in said
    monkeypatch.setattr("sys.argv", [*call, "--write", str(file)])
    command.main()
    assert msgspec.json.decode(file.read_bytes(), type=LearningSettings).short == 0.3
    assert json.loads(file.read_bytes()).keys() == json.loads(FITTED.read_bytes()).keys()
    assert shipped_settings().short == 0.2


def test_one_site_is_too_few(monkeypatch, capsys):
    monkeypatch.setattr("sys.argv", ["tests.fit", "--only", "learning", "--sites", "nowhere"])
    with pytest.raises(SystemExit) as ended:
        command.main()
    assert ended.value.code == 2
    assert "two sites or more" in capsys.readouterr().err


@pytest.mark.slow
def test_two_real_sites_and_two_values_are_judged(monkeypatch, capsys):
    call = ["--only", "learning", "--sites", str(CASES / "learn"), "--numbers", "short", "--values", "1", "--pages", "12"]
    monkeypatch.setattr("sys.argv", ["tests.fit", *call, "--processes", "2"])
    command.main()
    said = capsys.readouterr().out
    assert "short         0.2 > " in said
    assert "4 packs were learnt" in said
