"""The month's ledger: peaks so far per month and term, from quarter-hours as they come."""

from kwartier.tariffs.ledger.ledger_document import ledger_document, ledger_of
from kwartier.tariffs.ledger.ledger_quarter import LedgerQuarter
from kwartier.tariffs.ledger.month_ledger import MonthLedger
from kwartier.tariffs.ledger.month_record import MonthRecord, PeaksSoFar

__all__ = ["LedgerQuarter", "MonthLedger", "MonthRecord", "PeaksSoFar", "ledger_document", "ledger_of"]
