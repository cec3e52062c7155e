"""Alembic's environment for every upgrade, run inside the transaction that `storage.migrate` has begun."""

from alembic import context

context.configure(connection=context.config.attributes["connection"], transactional_ddl=True)
context.run_migrations()
