"""A number that a student found, checked; numbers of a student's own; and the notebooks of a class, graded."""

from jointaction.classroom.answers import check, variant

__all__ = ["check", "variant"]
