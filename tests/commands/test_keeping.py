"""What is loaded for good is out of the garbage collector's sight, and what comes later is not."""

import gc
import weakref

import pytest

from bot.commands.keeping import kept_for_good


class Knot:
    """Refers to itself, so that only the collector can free it."""

    def __init__(self):
        self.self = self


@pytest.fixture(autouse=True)
def thawed():
    yield
    gc.unfreeze()


def test_nothing_is_collected_while_loading():
    with kept_for_good():
        assert not gc.isenabled()
    assert gc.isenabled()


def test_what_was_loaded_is_visited_no_more():
    with kept_for_good():
        loaded = Knot()
    visited = gc.get_objects()
    assert not any(each is loaded for each in visited)
    assert gc.get_freeze_count() > len(visited)


def test_rubbish_of_the_loading_is_freed_and_not_kept():
    with kept_for_good():
        seen = weakref.ref(Knot())
    assert seen() is None


def test_later_rubbish_is_freed():
    with kept_for_good():
        pass
    seen = weakref.ref(Knot())
    gc.collect()
    assert seen() is None


def test_loading_that_fails_lets_the_collector_go_on_and_freezes_nothing():
    before = gc.get_freeze_count()
    with pytest.raises(OSError, match="no fonts"), kept_for_good():
        raise OSError("no fonts")
    assert gc.isenabled()
    assert gc.get_freeze_count() == before
