"""Data, models and explorers of the book *Who Pays, Who Decides*."""

from jointaction.data import load
from jointaction.explorers import explorer
from jointaction.tables import table

__all__ = ["explorer", "load", "table"]
