"""Check the data and train, in one process: importing Rasa and TensorFlow twice would cost ten seconds.

python -m assistant.dialogue.train OUT_FOLDER DATA_FOLDER…
"""

from __future__ import annotations

import logging
import sys
import warnings
from pathlib import Path

PROJECT = Path(__file__).parent


def main(out: str, *data: str) -> int:
    """Return 0 when the model lies in the folder, 1 if the data has errors or warnings."""
    warnings.simplefilter("ignore", DeprecationWarning)
    import rasa.model_training
    from rasa.cli.utils import validate_files
    from rasa.shared.importers.importer import TrainingDataImporter

    logging.getLogger("rasa").setLevel(logging.WARNING)
    config, domain = str(PROJECT / "config.yml"), str(PROJECT / "domain")
    files = TrainingDataImporter.load_from_config(config, domain, list(data))
    # What `rasa data validate --fail-on-warnings` runs; it ends the process if anything is wrong.
    validate_files(fail_on_warnings=True, max_history=None, importer=files)
    rasa.model_training.train(domain, config, list(data), output=out, force_training=True, fixed_model_name="model")
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
