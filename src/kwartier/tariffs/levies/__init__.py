"""Levies and value added tax: which hold for a connection on some days, and which are not known."""

from kwartier.tariffs.levies.levies import Levies, LevyAmount, VatAmount, area_of, levies_for
from kwartier.tariffs.levies.levy_file import Area, Customer, LevyFile

__all__ = ["Area", "Customer", "Levies", "LevyAmount", "LevyFile", "VatAmount", "area_of", "levies_for"]
