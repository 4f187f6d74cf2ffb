"""Data, models and explorers of the book *Who Pays, Who Decides*."""

from jointaction.classroom import check, variant
from jointaction.explorers import explorer, scenario
from jointaction.faces.predict import predict
from jointaction.faces.robustness import robustness
from jointaction.sources.display import table
from jointaction.sources.tables import load

__all__ = ["check", "explorer", "load", "predict", "robustness", "scenario", "table", "variant"]
