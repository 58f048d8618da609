"""Numbers: unique, gapless within a series, one series per company, kind and year of the company's zone."""

import threading
from datetime import UTC, datetime

from portal.core import numbering
from portal.core.db import db, writing


def take_now(kind="SR", count=1):
    with writing() as session:
        series = numbering.Series(1, kind, 2026)
        return numbering.take(session, series, count)


def test_numbers_follow_each_other(app):
    assert [take_now("XX"), take_now("XX"), take_now("XX", 3)] == [[1], [2], [3, 4, 5]]


def test_an_abandoned_number_is_given_again(app):
    try:
        with writing() as session:
            numbering.take(session, numbering.Series(1, "XX", 2026))
            raise KeyError
    except KeyError:
        pass
    assert take_now("XX") == [1]


def test_the_year_is_the_companys_own():
    new_year_in_china = datetime(2026, 12, 31, 16, 0, tzinfo=UTC)
    assert numbering.series(1, "Asia/Shanghai", "SR", new_year_in_china).year == 2027
    assert numbering.series(1, "Europe/Berlin", "SR", new_year_in_china).year == 2026


def test_eight_at_once_get_eight_numbers(app):
    got, lock = [], threading.Lock()

    def work():
        with app.app_context():
            for _ in range(5):
                numbers = take_now("YY")
                with lock:
                    got.extend(numbers)
            db.session.remove()

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(got) == list(range(1, 41))
