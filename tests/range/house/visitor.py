"""The visitor: holds sessions that do nothing but ask whether they still live, and tries for new ones.

Run as `python3 -m house.visitor KIND` on a machine, it holds one session and prints the time of each
answer. Everything it does is harmless.
"""

import os
import socket
import ssl
import subprocess
import sys
import time

from .directory import PEOPLE, person
from .network import DOMAIN, addresses
from .shops import ADMIN
from .vpn import client

EVERY = 0.1
KINDS = ["ldap", "smb", "ssh", "tcp"]


def tlv(tag, *parts):
    """A value in the Basic Encoding Rules; short ones only."""
    content = b"".join(parts)
    assert len(content) < 256
    return bytes([tag]) + (bytes([len(content)]) if len(content) < 128 else bytes([0x81, len(content)])) + content


def bind(who, password, patience=3):
    """A session with the directory, or an error."""
    context = ssl.create_default_context(cafile=os.environ["RANGE_CA"])
    raw = socket.create_connection((f"dc1.{DOMAIN}", 636), timeout=patience)
    session = context.wrap_socket(raw, server_hostname=f"dc1.{DOMAIN}")
    name, secret = f"{who}@{DOMAIN}".encode(), password.encode()
    session.sendall(tlv(0x30, tlv(2, b"\1"), tlv(0x60, tlv(2, b"\3"), tlv(4, name), tlv(0x80, secret))))
    answer = session.recv(4096)
    if b"\x0a\x01\x00" not in answer[:20]:
        raise PermissionError(answer[-60:])
    return session


def ldap():
    """A bind, then one's own entry again and again."""
    session = bind("agent7", PEOPLE["agent7"])
    number = 1
    while True:
        number = number % 100 + 2
        asked = tlv(
            0x63, tlv(4, person("agent7").encode()), tlv(10, b"\0"), tlv(10, b"\0"), tlv(2, b"\0"), tlv(2, b"\0"),
            tlv(1, b"\0"), tlv(0x87, b"objectClass"), tlv(0x30, tlv(4, b"cn")),
        )  # fmt: skip
        session.sendall(tlv(0x30, tlv(2, bytes([number])), asked))
        if b"agent7" in session.recv(65536):
            yield


def program(words, command, wanted):
    """A program that is asked again and again on its standard input."""
    running = subprocess.Popen(
        words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, bufsize=1
    )
    while True:
        running.stdin.write(command)
        running.stdin.flush()
        while wanted not in (line := running.stdout.readline()):
            if not line:
                return
        yield


def smb():
    """A share that is listed again and again."""
    words = ["stdbuf", "-oL", "smbclient", f"//file.{DOMAIN}/shops", "-U", f"agent7%{PEOPLE['agent7']}"]
    return program(words, "ls\n", "blocks of size")


def ssh_words(*command):
    """How the visitor uses the key that it found."""
    return [
        "ssh", "-F", "none", "-o", "BatchMode=yes", "-o", "ConnectTimeout=3", "-o", "LogLevel=ERROR",
        "-o", f"UserKnownHostsFile={os.environ['RANGE_HOSTS']}", "-i", os.environ["RANGE_KEY"],
        f"svc-backup@hv.{DOMAIN}", *command,
    ]  # fmt: skip


def ssh():
    """A command that says again what it is told."""
    return program(ssh_words("cat"), "here\n", "here")


def tcp():
    """A line that is said again."""
    session = socket.create_connection((addresses()["switch"], ADMIN), timeout=3)
    file = session.makefile("rw")
    while True:
        file.write("here\n")
        file.flush()
        if not file.readline():
            return
        yield


def vpn():
    """A tunnel from home, and what `tcp` does through it."""
    client(os.environ["RANGE_HOME"])
    while True:
        try:
            session = tcp()
            yield next(session)
            break
        except OSError:
            time.sleep(EVERY)
    yield from session


def hold(kind):
    """Holds one session, and prints the time of each answer."""
    for _ in {"ldap": ldap, "smb": smb, "ssh": ssh, "tcp": tcp, "vpn": vpn}[kind]():
        print(time.time(), flush=True)
        time.sleep(EVERY)


def through():
    """Whether a new tunnel leads into the house."""
    tunnel = client(os.environ["RANGE_HOME"])
    limit = time.monotonic() + 8
    try:
        while time.monotonic() < limit:
            try:
                socket.create_connection((addresses()["switch"], ADMIN), timeout=1).close()
                return True
            except OSError:
                time.sleep(EVERY)
        return False
    finally:
        tunnel.kill()


def attempt(kind):
    """Whether a new one can be had."""
    words = {
        "kinit": ["sh", "-c", f"echo '{PEOPLE['agent7']}' | kinit -c FILE:/tmp/attempt.$$ agent7"],
        "smb": ["smbclient", f"//file.{DOMAIN}/shops", "-U", f"agent7%{PEOPLE['agent7']}", "-c", "ls"],
        "ssh": ssh_words("true"),
    }
    try:
        if kind == "vpn":
            return through()
        if kind in words:
            return subprocess.run(words[kind], capture_output=True, timeout=4, check=False).returncode == 0
        if kind == "ldap":
            bind("agent7", PEOPLE["agent7"]).close()
        else:
            socket.create_connection((addresses()["switch"], ADMIN), timeout=3).close()
    except (OSError, subprocess.TimeoutExpired):
        return False
    return True


class Visitor:
    """The visitor's sessions on one machine."""

    def __init__(self, machine, key, hosts, authority, kinds=None):
        self.machine, self.kinds = machine, kinds or KINDS
        given = {"KEY": key, "HOSTS": hosts, "CA": authority, "HOME": machine.folder}
        self.environment = ["env", *(f"RANGE_{name}={value}" for name, value in given.items())]
        self.words = [*self.environment, sys.executable, "-B", "-m", "house.visitor"]
        self.sessions = {}

    def come(self):
        """Opens every session that is not open, and waits until each has an answer."""
        self.leave()
        began = time.time()
        for kind in self.kinds:
            self.sessions[kind] = self.machine.start(*self.words, "hold", kind, log=f"{kind}.log")
        limit = time.monotonic() + 20
        while any((self.last(kind) or 0) < began for kind in self.kinds):
            if time.monotonic() > limit:
                without = [kind for kind in self.kinds if (self.last(kind) or 0) < began]
                raise RuntimeError(f"the visitor has no session by {', '.join(without)}")
            time.sleep(0.05)

    def leave(self):
        """Ends every session that is still there."""
        for session in self.sessions.values():
            session.kill()
            session.wait()
        self.machine.run("pkill", "-KILL", "-f", "house.visitor hold|smbclient|ssh -F none|openvpn", check=False)
        self.sessions = {}

    def last(self, kind):
        """When a session was last answered."""
        try:
            with open(self.machine.path(f"{kind}.log"), encoding="utf-8") as file:
                lines = [line for line in file if line.endswith("\n")]
            times = [float(line) for line in lines if line[:1].isdigit()]
        except FileNotFoundError:
            return None
        return times[-1] if times else None

    def can(self, *kinds):
        """Which new sessions can be had."""
        asked = {kind: self.machine.start(*self.words, "attempt", kind) for kind in kinds}
        return {kind for kind, running in asked.items() if running.wait() == 0}


if __name__ == "__main__":
    if sys.argv[1] == "hold":
        hold(sys.argv[2])
    else:
        sys.exit(0 if attempt(sys.argv[2]) else 1)
