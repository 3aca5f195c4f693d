"""The error tree of the services; other libraries' errors are translated into it at their door."""


class ServiceError(Exception):
    """Anything that a service of this package raises on purpose."""


class SettingsError(ServiceError):
    """A setting is missing or has a value that cannot be used; the text names it and the remedy."""


class RasaUnavailable(ServiceError):
    """Rasa did not answer, answered too late, or answered something that cannot be understood."""


class StorageError(ServiceError):
    """The database could not be reached or refused a write."""


class StaffError(ServiceError):
    """An account of staff cannot be changed as asked; the text says why."""


class Stale(ServiceError):
    """Someone else changed the same thing after the page was made; nothing was written."""
