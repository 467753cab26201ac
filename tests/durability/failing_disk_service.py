"""`kwartier serve` on a disk that keeps nothing any more once the file `disk-fails` lies in the data folder."""

import os
import sqlite3
from pathlib import Path
from typing import Any

from kwartier.adapters.sql import engine
from kwartier.app.serve import serve
from kwartier.app.settings import load_settings


class FailingConnection(sqlite3.Connection):
    """Says at a commit what SQLite says when the system could not flush its file (sqlite.org/rescode.html)."""

    def execute(self, statement: str, *parameters: Any) -> sqlite3.Cursor:
        if statement == "COMMIT" and (Path(os.environ["KWARTIER_DATA_DIR"]) / "disk-fails").exists():
            with (Path(os.environ["KWARTIER_DATA_DIR"]) / "failed-commits").open("a") as told:
                told.write("commit\n")
            error = sqlite3.OperationalError("disk I/O error")
            error.sqlite_errorname = "SQLITE_IOERR_FSYNC"
            raise error
        return super().execute(statement, *parameters)


engine.SQLITE_ARGUMENTS["factory"] = FailingConnection
serve(load_settings())
