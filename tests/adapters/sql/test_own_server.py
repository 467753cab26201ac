"""The tests' own PostgreSQL leaves nothing running, however the tests end."""

import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import psycopg
import pytest

from tests.house.project import ROOT

STARTS_AND_WAITS = """
import time
from tests.services.postgres import running_server
with running_server() as url:
    print(url, flush=True)
    time.sleep(60)
"""


def test_a_server_dies_with_the_tests_that_were_killed() -> None:
    tests = subprocess.Popen(
        [sys.executable, "-c", STARTS_AND_WAITS], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    assert tests.stdout is not None
    url = tests.stdout.readline().strip().replace("+psycopg", "")
    with psycopg.connect(url) as connection:
        (data,) = connection.execute("SHOW data_directory").fetchone() or ("",)
    tests.send_signal(signal.SIGKILL)
    tests.communicate()
    deadline_s = time.monotonic() + 10
    while time.monotonic() < deadline_s:
        try:
            psycopg.connect(url).close()
        except psycopg.OperationalError as error:
            if "refused" in str(error):  # not only shutting down
                shutil.rmtree(Path(data).parent)
                return
        time.sleep(0.1)
    pytest.fail("the server still answers")
