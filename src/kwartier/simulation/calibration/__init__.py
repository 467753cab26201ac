"""Calibration: what the difference between plan and reality says about the site document; suggested, never applied."""

from kwartier.simulation.calibration.battery_efficiency import BatteryEfficiency, battery_efficiency
from kwartier.simulation.calibration.car_response import CarResponse, car_response
from kwartier.simulation.calibration.forecast_bias import ForecastBias, forecast_bias
from kwartier.simulation.calibration.site_calibration import Interval, SiteCalibration, calibrate

__all__ = [
    "BatteryEfficiency",
    "CarResponse",
    "ForecastBias",
    "Interval",
    "SiteCalibration",
    "battery_efficiency",
    "calibrate",
    "car_response",
    "forecast_bias",
]
