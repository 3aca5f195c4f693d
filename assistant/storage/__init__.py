"""Everything that touches the database; the only SQLAlchemy code of the project."""
