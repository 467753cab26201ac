"""The savings report: what a site cost under each policy, line by line, and how far the planner is from perfect."""

from kwartier.simulation.savings.savings_report import SavingsReport, savings_report

__all__ = ["SavingsReport", "savings_report"]
