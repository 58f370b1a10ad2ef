"""A scheduler and executors of Ballista on free ports of this machine, and how to do them harm; what is computed on them is judged elsewhere."""

import contextlib
import json
import os
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "stores"))

from ports import free_port

PATIENCE_S = 60
# dead executors are noticed in seconds here, where three minutes are the rule
SCHEDULER = ["--expire-dead-executor-interval-seconds", "1", "--executor-timeout-seconds", "6"]
EXECUTOR = ["--executor-heartbeat-interval-seconds", "1", "--vcores", "2"]


class Cluster:
    """A scheduler and its executors, which see what the environment tells them of stores."""

    def __init__(self, programs, folder, environment):
        self.programs, self.folder = Path(programs), Path(folder)
        self.environment = {**os.environ, **environment, "RUST_LOG": os.environ.get("RUST_LOG", "warn")}
        self.port = free_port()
        self.address = f"df://127.0.0.1:{self.port}"
        self.running = {}

    def start(self, name, program, *arguments):
        """Starts a program in a folder of its own; what it says is kept there."""
        folder = self.folder / name
        folder.mkdir(parents=True, exist_ok=True)
        with (folder / "said").open("a") as said:
            command = [str(self.programs / program), *map(str, arguments)]
            self.running[name] = subprocess.Popen(command, cwd=folder, env=self.environment, stdout=said, stderr=subprocess.STDOUT)

    def scheduler(self):
        """Starts the scheduler."""
        self.start("scheduler", "ballista-scheduler", "--bind-host", "127.0.0.1", "--bind-port", self.port, *SCHEDULER)

    def executor(self, name):
        """Starts an executor, and waits until the scheduler knows it."""
        before = len(self.known())
        ports = [part for option in ("--bind-port", "--bind-grpc-port", "--bind-health-port") for part in (option, free_port())]
        self.start(
            name, "ballista-executor", "--bind-host", "127.0.0.1", "--external-host", "127.0.0.1", "--scheduler-host", "127.0.0.1",
            "--scheduler-port", self.port, "--scheduler-connect-timeout-seconds", PATIENCE_S, "--work-dir", self.folder / name, *ports, *EXECUTOR,
        )  # fmt: skip
        self.wait(lambda: len(self.known()) > before, f"the executor {name}")

    def ask(self, path):
        """What the scheduler says of itself."""
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/api/{path}", timeout=PATIENCE_S) as answer:
                return json.load(answer)
        except (urllib.error.URLError, ConnectionError):
            return []

    def known(self):
        """Executors that the scheduler counts on."""
        return self.ask("executors")

    def wait(self, holds, what):
        """Waits for something to come to hold, while everything runs that should."""
        end = time.monotonic() + PATIENCE_S
        while not holds():
            dead = [name for name, process in self.running.items() if process.poll() is not None]
            if dead or time.monotonic() > end:
                raise RuntimeError(f"{what} did not come to be; ended: {dead}; {self.said()}")
            time.sleep(0.05)

    def kill(self, name):
        """Ends a program as a power cut would."""
        process = self.running.pop(name)
        process.kill()
        process.wait()

    def said(self):
        """The last of what everything said."""
        return {path.parent.name: path.read_text()[-1500:] for path in self.folder.glob("*/said")}

    def ran(self, executor):
        """How many tasks of stages an executor has begun to keep results of."""
        # folders of jobs that are done go while they are read
        return sum(name.endswith(".arrow") for _, _, names in os.walk(self.folder / executor) for name in names)


@contextlib.contextmanager
def cluster(programs, folder, environment, executors=2):
    """A scheduler with executors, as long as the context."""
    own = Cluster(programs, folder, environment)
    try:
        own.scheduler()
        for number in range(1, executors + 1):
            own.executor(f"executor-{number}")
        yield own
    finally:
        for name in list(own.running):
            own.kill(name)
