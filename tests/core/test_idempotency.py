"""The same form sent again has the same answer and no second effect."""

import pytest

from portal.core import idempotency
from portal.core.db import writing
from portal.core.errors import NotValid
from portal.core.idempotency import Answer


def send(subject, key, digest):
    with writing() as session:
        answer = idempotency.answered(session, subject, key, digest)
        if answer is None:
            idempotency.keep(session, subject, key, digest, Answer(303, f"/made/{key}"))
        return answer


def test_a_repeat_is_answered_from_memory(app):
    digest = idempotency.fields_hash("/x", {"a": 1})
    assert send("person:1", "k", digest) is None
    assert send("person:1", "k", digest) == Answer(303, "/made/k")


def test_a_key_belongs_to_one_person(app):
    digest = idempotency.fields_hash("/x", {"a": 1})
    send("person:1", "k", digest)
    assert send("person:2", "k", digest) is None


def test_a_key_with_other_content_is_refused(app):
    send("person:1", "k", idempotency.fields_hash("/x", {"a": 1}))
    with pytest.raises(NotValid):
        send("person:1", "k", idempotency.fields_hash("/x", {"a": 2}))


def test_the_hash_does_not_depend_on_the_order_of_fields():
    assert idempotency.fields_hash("/x", {"a": 1, "b": 2}) == idempotency.fields_hash("/x", {"b": 2, "a": 1})
    assert idempotency.fields_hash("/x", {"a": 1}) != idempotency.fields_hash("/y", {"a": 1})
