"""Filters of `dehusk export --where`: `kind=story`, `published>=2025-07-01`, `confidence>=0.8`, `flags!=truncated`.

Called by `flows.export.dataset`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from operator import attrgetter, eq, ge, gt, le, lt, ne

from cleaners import Record
from flows.errors import UsageError
from flows.output.schema import Column, columns

Predicate = Callable[[Record], bool]
_CONDITION = re.compile(r"\s*([a-z0-9_.]+)\s*(>=|<=|!=|!~|==?|~|>|<)\s*(.*?)\s*", re.DOTALL)
_TIME = re.compile(r"\d{4}(-\d\d(-\d\d(T\d\d(:\d\d(:\d\dZ?)?)?)?)?)?", re.ASCII)
_NUMBERS = {"integer": re.compile(r"\d{1,18}", re.ASCII), "number": re.compile(r"\d{1,18}(\.\d{0,18})?|\.\d{1,18}", re.ASCII)}
_ORDERS = {"=": eq, "!=": ne, ">=": ge, "<=": le, ">": gt, "<": lt}


def record_filter(conditions: Iterable[str]) -> Predicate:
    """Return a predicate that is true for records that meet all conditions; raises UsageError for a malformed one."""
    tests = [_test(condition) for condition in conditions]
    return lambda record: all(test(record) for test in tests)


def _test(condition: str) -> Predicate:
    match = _CONDITION.fullmatch(condition)
    if match is None:
        raise UsageError(f"--where {condition!r} is no condition; write one as in kind=story, flags!=truncated or title~ferry")
    name, operator, value = match[1], match[2].replace("==", "="), match[3]
    column = next((column for column in columns() if column.name == name), None)
    if column is None:
        raise UsageError(f"--where {condition!r}: no record has {name}; there are {', '.join(c.name for c in columns())}")
    if value and column.values and operator in ("=", "!=") and value not in column.values:
        raise UsageError(
            f"--where {condition!r}: {name} is never {value!r}; it may be {', '.join(filter(None, column.values))}"
        )
    if operator in ("~", "!~") and not value:
        raise UsageError(f"--where {condition!r} names no letters to look for; {name}= asks for an empty one")
    if column.is_time:
        return _time_test(condition, column, operator, value)
    if column.type in ("integer", "number"):
        return _number_test(condition, column, operator, value)
    if operator not in ("=", "!=", "~", "!~"):
        raise UsageError(f"--where {condition!r}: {name} is no time and no number; compare it with =, !=, ~ or !~")
    test = _list_test(column, operator[-1], value) if column.type == "array" else _text_test(column, operator[-1], value)
    return (lambda record: not test(record)) if operator.startswith("!") else test


def _text_test(column: Column, operator: str, value: str) -> Predicate:
    get, part = attrgetter(column.name), value.casefold()
    return (lambda record: get(record) == value) if operator == "=" else lambda record: part in get(record).casefold()


def _list_test(column: Column, operator: str, value: str) -> Predicate:
    """Return a predicate for the items of a list; `tags=` without a value is true for an empty list."""
    get, part = attrgetter(column.name), value.casefold()
    if operator == "=":
        return (lambda record: value in get(record)) if value else lambda record: not get(record)
    return lambda record: any(part in item.casefold() for item in get(record))


def _number_test(condition: str, column: Column, operator: str, value: str) -> Predicate:
    if operator not in _ORDERS or not _NUMBERS[column.type].fullmatch(value):
        example = f"{column.name}>={'1' if column.type == 'integer' else '0.8'}"
        raise UsageError(f"--where {condition!r}: {column.name} is a number; compare it with one, as in {example}")
    get, number, holds = attrgetter(column.name), float(value) if "." in value else int(value), _ORDERS[operator]
    return lambda record: bool(holds(get(record), number))


def _time_test(condition: str, column: Column, operator: str, value: str) -> Predicate:
    """Return a predicate that compares times to the precision of the value: 2025-07-01 stands for that whole day.

    An unknown time is neither before nor after any other. Times are compared as text, as all are in UTC with the same digits.
    """
    is_comparable = _TIME.fullmatch(value) if value else operator in ("=", "!=")
    if operator not in _ORDERS or not is_comparable:
        raise UsageError(
            f"--where {condition!r}: {column.name} is a time; compare it with one, as in {column.name}>=2025-07-01"
        )
    get, holds = attrgetter(column.name), _ORDERS[operator]
    if operator in ("=", "!="):
        return lambda record: bool(holds(get(record)[: len(value)] if value else get(record), value))
    return lambda record: bool(get(record)) and bool(holds(get(record)[: len(value)], value))
