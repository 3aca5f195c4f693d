"""Where things lie. Everything made on the machine is below two folders: the build and the data."""

from nlu.paths import ROOT, build_folder

__all__ = ["ROOT", "build_folder"]
