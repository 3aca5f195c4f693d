"""Checks on the content: what a careful editor would look for, told with file and line."""

from knowledge.check.problem import Problem
from knowledge.check.run import check_content

__all__ = ["Problem", "check_content"]
