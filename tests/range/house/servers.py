"""SSH servers on the router and on the hypervisor-like host, with the keys that open them."""

import subprocess

from .machine import until

CONFIG = """\
Include /etc/ssh/sshd_config.d/*.conf
Port 22
HostKey {folder}/host
PidFile /run/sshd.pid
AuthorizedKeysFile {folder}/keys-of-%u
StrictModes no
PermitRootLogin yes
PasswordAuthentication no
UsePAM no
UseDNS no
"""


def key(folder, name):
    """A new key."""
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", name, "-f", f"{folder}/{name}"], check=True)


def public(path):
    """The public part of a key."""
    with open(f"{path}.pub", encoding="ascii") as file:
        return file.read()


def ssh_server(machine, opens):
    """Starts a server into which these keys, by account, are let."""
    key(machine.folder, "host")
    for account, path in opens.items():
        machine.write(f"keys-of-{account}", public(path))
    machine.write("sshd", CONFIG.format(folder=machine.folder))
    for folder in ("/run", "/etc/ssh/sshd_config.d"):
        machine.empty(folder)
    machine.run("mkdir", "-p", "/run/sshd")
    machine.run("cp", machine.path("sshd"), "/etc/ssh/sshd_config")
    # Its folder is readable for whoever signs in; what is in it is the range's alone.
    machine.run("/usr/sbin/sshd", "-f", "/etc/ssh/sshd_config")
    until(f"{machine.name} lets in", lambda: ":22 " in machine.run("ss", "-Htln").stdout)


def account(machine, name):
    """A local account that may sign in."""
    machine.run("useradd", "-M", "-d", "/tmp", "-s", "/bin/sh", name)
    machine.run("usermod", "-p", "*", name)
