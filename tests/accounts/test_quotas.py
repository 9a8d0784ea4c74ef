"""The calls that accounts have used up."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor

from mockocr.accounts.quotas import Packages, RateWindow


def test_calls_are_counted_within_a_second() -> None:
    rates = RateWindow()

    assert [rates.count("a", "IDCardOCR", second) for second in (5, 5, 6, 6, 6, 5)] == [
        1,
        2,
        1,
        2,
        3,
        1,
    ]


def test_accounts_and_actions_are_counted_and_reset_separately() -> None:
    rates = RateWindow()
    for account, action in (("a", "x"), ("a", "y"), ("b", "x")):
        assert rates.count(account, action, 5) == 1

    rates.reset("a")

    assert [rates.count(*key, 5) for key in (("a", "x"), ("a", "y"), ("b", "x"))] == [1, 1, 2]


def test_concurrent_calls_are_all_counted() -> None:
    rates, packages = RateWindow(), Packages()
    with ThreadPoolExecutor(16) as pool:
        counts = list(pool.map(lambda _: rates.count("a", "x", 5), range(1000)))
        taken = Counter(pool.map(lambda _: bool(packages.take("a", 700)), range(1000)))

    assert sorted(counts) == list(range(1, 1001))
    assert taken == {True: 700, False: 300}


def test_a_package_is_used_up_and_given_back() -> None:
    packages = Packages()

    first, second, third = [packages.take("a", 2) for _ in range(3)]
    assert first
    assert second
    assert third is None
    first.give_back()
    assert packages.left("a", 2) == 1
    assert packages.take("a", 2)
    assert packages.left("a", 2) == 0


def test_packages_are_counted_and_reset_separately() -> None:
    packages = Packages()
    packages.take("a", 1)
    packages.take("b", 1)

    packages.reset("a")

    assert (packages.left("a", 1), packages.left("b", 1)) == (1, 0)


def test_an_unlimited_package_never_runs_out() -> None:
    packages = Packages()

    assert all(packages.take("a", None) for _ in range(100))
    assert packages.left("a", None) is None


def test_a_call_charged_before_a_reset_is_not_refunded_after_it() -> None:
    packages = Packages()
    before = packages.take("a", 3)
    assert before
    packages.reset("a")
    packages.take("a", 3)

    before.give_back()

    assert packages.left("a", 3) == 2
