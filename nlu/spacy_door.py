"""Imports spaCy without PyTorch.

spaCy's thinc imports PyTorch wherever it is installed, which costs a gigabyte and five seconds in a process that never
uses it. Import this module before spaCy: while spaCy is imported PyTorch counts as missing, afterwards as before.
"""

import sys

if "spacy" not in sys.modules and "torch" not in sys.modules:
    sys.modules["torch"] = None  # type: ignore[assignment]
    try:
        import spacy  # noqa: F401 - imported for its effect
    finally:
        del sys.modules["torch"]
