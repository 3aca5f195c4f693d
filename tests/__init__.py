"""The tests; the shared stand-ins are in `tests.fakes`."""
