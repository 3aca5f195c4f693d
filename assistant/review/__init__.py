"""The pages for staff under `/staff`: rendered on the server, usable without scripts."""
