"""Samples of very many hosts: as many as the limit allows, whole ones, and the same in any order."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from flows.learning.sample import SiteSample
from flows.learning.site_samples import SiteSamples

HOSTS = st.lists(st.sampled_from(["", *(f"{letter}.example" for letter in "abcdefghij")]), max_size=60)


def counted(hosts: list[str], limit: int) -> SiteSamples:
    """Count a page of each host."""
    samples = SiteSamples(limit)
    for host in hosts:
        if samples.would_keep(host):
            page = SiteSample(3)
            page.count(1, None)
            samples.merge(host, page)
    return samples


def pages(samples: SiteSamples) -> dict[str, int]:
    return {host: sample.pages for host, sample in samples.by_host.items()}


@given(HOSTS, st.integers(1, 12), st.data())
def test_any_order_and_any_split_keep_the_same_hosts_whole(hosts, limit, data):
    whole = pages(counted(hosts, limit))
    assert len({*whole} - {""}) == min(limit, len({*hosts} - {""}))
    assert whole == {host: hosts.count(host) for host in whole}
    assert ("" in whole) is ("" in hosts)
    shuffled = data.draw(st.permutations(hosts))
    cut = data.draw(st.integers(0, len(hosts)))
    total = SiteSamples(limit)
    for part in (shuffled[:cut], shuffled[cut:]):
        for host, sample in counted(part, limit).by_host.items():
            total.merge(host, sample)
    assert pages(total) == whole
