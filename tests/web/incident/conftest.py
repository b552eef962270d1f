"""These pages have lists that the database narrows and pages, so both databases show them."""

from tests.databases import on_both

database_url = on_both
