"""What can go wrong with content and its index."""


class KnowledgeError(Exception):
    """Root of the errors of this package."""


class ContentError(KnowledgeError):
    """A content file breaks the schema or refers to something that is not there."""


class IndexOutOfDate(KnowledgeError):
    """The index was built from other articles or with another encoder than the ones in use."""
