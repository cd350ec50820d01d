"""The store's history of tables, in order; run by mom/database/migrate.py."""
