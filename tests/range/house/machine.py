"""Machines: a network, processes, mounts and a name of their own, which all end with their holder."""

import atexit
import os
import signal
import subprocess
import time

OWN = ["--mount", "--net", "--uts", "--pid"]


class Machine:
    """One machine. Nothing of it is left once `end` was called."""

    def __init__(self, name, folder):
        self.name = name
        self.folder = os.path.join(folder, name)
        os.makedirs(self.folder)
        self.holder = subprocess.Popen(
            ["unshare", *OWN, "--fork", "--mount-proc", "--kill-child", "--propagation", "private", "sleep", "infinity"],
            stdin=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        atexit.register(self.end)
        self.first = self._first()
        self.run("hostname", name)
        self.run("ip", "link", "set", "lo", "up")

    def _first(self):
        children = f"/proc/{self.holder.pid}/task/{self.holder.pid}/children"
        for _ in range(500):
            with open(children, encoding="ascii") as file:
                found = file.read().split()
            # Until it has become `sleep`, its own /proc may not be mounted yet.
            if found and open(f"/proc/{found[0]}/comm", encoding="ascii").read().strip() == "sleep":
                return found[0]
            time.sleep(0.01)
        raise RuntimeError(f"{self.name} did not start")

    def words(self, *words):
        """The words that run others on it."""
        return ["nsenter", "-t", self.first, "-m", "-n", "-u", "-p", "--", *words]

    def run(self, *words, check=True, timeout=60, text=None):
        """Runs a program to its end, and gives what it printed."""
        ran = subprocess.run(
            self.words(*words), input=text, capture_output=True, text=True, timeout=timeout, check=False
        )
        if check and ran.returncode != 0:
            raise RuntimeError(f"{self.name}: {' '.join(words)}: {ran.returncode}: {ran.stdout}{ran.stderr}")
        return ran

    def start(self, *words, log=None, **pipes):
        """Starts a program that stays."""
        if log:
            pipes.update(stdout=open(self.path(log), "ab"), stderr=subprocess.STDOUT)
        pipes.setdefault("stdin", subprocess.DEVNULL)
        return subprocess.Popen(self.words(*words), **pipes)

    def path(self, name):
        """A file of it, which has the same path inside and outside."""
        return os.path.join(self.folder, name)

    def write(self, name, text):
        """Writes one of its files."""
        path = self.path(name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
        return path

    def own_etc(self, files):
        """Gives it an /etc of its own, with these files in front of the system's."""
        os.makedirs(self.path("etc"))
        for name, text in files.items():
            self.write(f"etc/{name}", text)
        os.makedirs(self.path("etc-work"))
        layers = f"lowerdir=/etc,upperdir={self.path('etc')},workdir={self.path('etc-work')}"
        self.run("mount", "-t", "overlay", "overlay", "-o", layers, "/etc")

    def empty(self, *folders):
        """Makes folders of the system empty, for it alone."""
        for folder in folders:
            self.run("mount", "-t", "tmpfs", "tmpfs", folder)

    def end(self):
        """Ends it with everything that runs on it."""
        if self.holder.poll() is not None:
            return
        try:
            os.kill(int(self.first), signal.SIGKILL)
        except (AttributeError, ProcessLookupError):
            self.holder.kill()
        self.holder.wait()


def until(what, is_so, seconds=30):
    """Waits until something is so, and says how long that took."""
    began = time.monotonic()
    while not is_so():
        if time.monotonic() - began > seconds:
            raise RuntimeError(f"{what}: not within {seconds} s")
        time.sleep(0.1)
    return time.monotonic() - began
