"""The way in from home: an OpenVPN server between the router and whoever works from elsewhere."""

import subprocess

from .machine import until
from .network import ZONES, addresses

PORT = 1194
MANAGEMENT = 7505
PASSWORD = "Vpn-2026-y"
# What tunnels are given, and what they lead to.
INSIDE = "10.88.0"
HOUSE = ("10.77.0.0", "255.255.0.0")
WORDS = ["openvpn", "--dev", "tun", "--proto", "udp", "--ca", "ca.pem"]


def certificate(folder, name, into):
    """A key and the house's certificate for it."""

    def openssl(*words):
        subprocess.run(["openssl", *words], check=True, capture_output=True, cwd=folder)

    openssl(
        "req", "-subj", f"/CN={name}", "-keyout", f"{into}/vpn.key", "-out", f"{into}/vpn.csr",
        "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
    )  # fmt: skip
    openssl(
        "x509", "-req", "-days", "2", "-in", f"{into}/vpn.csr", "-CA", "ca.pem", "-CAkey", "ca.key",
        "-CAcreateserial", "-out", f"{into}/vpn.pem",
    )  # fmt: skip
    openssl("x509", "-in", "ca.pem", "-out", f"{into}/ca.pem")


def server(machines, folder):
    """Starts the server, and gives the visitor at home what its person works with."""
    gateway, home, router = machines["vpn"], machines["home"], machines["router"]
    for machine, name in ((gateway, "vpn"), (home, "agent7")):
        certificate(folder, name, machine.folder)
    gateway.write("password", PASSWORD + "\n")
    gateway.run("sysctl", "-qw", "net.ipv4.ip_forward=1")
    address = addresses()["vpn"]
    gateway.start(
        *WORDS, "--cd", gateway.folder, "--cert", "vpn.pem", "--key", "vpn.key", "--dh", "none",
        "--server", f"{INSIDE}.0", "255.255.255.0", "--topology", "subnet", "--port", str(PORT),
        "--push", f"route {' '.join(HOUSE)}", "--keepalive", "1", "6",
        "--management", address, str(MANAGEMENT), "password",
        log="openvpn.log",
    )  # fmt: skip
    router.run("ip", "route", "add", f"{INSIDE}.0/24", "via", address)
    # From home nothing but the gateway can be reached.
    network = ZONES["vpn"][0]
    home.run("ip", "route", "replace", f"{network}.0/24", "via", f"{ZONES['home'][0]}.1")
    home.run("ip", "route", "del", "default")
    until("the way in is open", lambda: listens(gateway))


def listens(gateway):
    """Whether anybody would be let in."""
    return f":{PORT}" in gateway.run("ss", "-Huln").stdout


def client(folder):
    """A tunnel from home."""
    return subprocess.Popen(
        [
            *WORDS, "--cd", folder, "--client", "--cert", "vpn.pem", "--key", "vpn.key", "--nobind",
            "--remote", addresses()["vpn"], str(PORT), "--connect-retry", "1", "1", "--server-poll-timeout", "3",
        ],
        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
