"""Pages come out alike from both databases. Those with lists to sort, narrow and page run on both: by folder."""

from tests.databases import on_sqlite

database_url = on_sqlite
