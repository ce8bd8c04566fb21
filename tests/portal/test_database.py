"""What is asked of PostgreSQL beside the address in DATABASE_URL."""

import pytest
from django.db import connection

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]


def test_no_query_is_compiled():
    """A compiled query costs half a second, and none here reads enough to win that back."""
    with connection.cursor() as cursor:
        cursor.execute("SHOW jit")
        assert cursor.fetchone() == ("off",)
