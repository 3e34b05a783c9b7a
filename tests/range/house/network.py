"""Zones behind one router, and who stands in which."""

import subprocess

from .machine import Machine

# Zone, its network, and its machines by their last number.
ZONES = {
    "office": ("10.77.1", {"pc": 50}),
    "desk": ("10.77.2", {"desk": 20}),
    "servers": ("10.77.3", {"dc1": 10, "file": 11, "hv": 12}),
    "payments": ("10.77.4", {"switch": 10}),
    "vpn": ("10.77.5", {"vpn": 10}),
    "home": ("10.77.6", {"home": 30}),
    "mgmt": ("10.77.8", {"cordon": 2}),
    "shop1": ("10.77.11", {"till1": 5}),
    "shop2": ("10.77.12", {"till2": 5}),
    "shop3": ("10.77.13", {"till3": 5}),
}

REALM = "RANGE.TEST"
DOMAIN = "range.test"
BASE = "DC=range,DC=test"

ROUTER = f"""\
table inet site {{
  chain forward {{
    type filter hook forward priority 0; policy accept;
    ct state established,related accept
  }}
}}
"""

KRB5 = f"""\
[libdefaults]
  default_realm = {REALM}
  dns_lookup_kdc = false
  dns_lookup_realm = false
[realms]
  {REALM} = {{
    kdc = 10.77.3.10
  }}
[domain_realm]
  .{DOMAIN} = {REALM}
"""


def addresses():
    """Every machine with its address."""
    return {
        name: f"{network}.{number}" for network, machines in ZONES.values() for name, number in machines.items()
    }


def link(router, machine, name):
    """A cable between a machine and the router, made at the router and moved to the machine with one end."""
    end = f"at-{machine.name}"
    router.run("ip", "link", "add", end, "type", "veth", "peer", "name", name)
    # The router is entered without its processes, so that numbers are those outside.
    subprocess.run(
        ["nsenter", "-t", router.first, "-n", "--", "ip", "link", "set", end, "netns", machine.first], check=True
    )
    machine.run("ip", "link", "set", end, "name", "eth0")


def build(folder):
    """All machines by name, connected."""
    router = Machine("router", folder)
    machines = {"router": router}
    router.own_etc({})
    router.run("sysctl", "-qw", "net.ipv4.ip_forward=1")
    hosts = "127.0.0.1 localhost\n" + "".join(
        f"{address} {name}.{DOMAIN} {name}\n" for name, address in addresses().items()
    )
    for zone, (network, members) in ZONES.items():
        router.run("ip", "link", "add", zone, "type", "bridge")
        router.run("ip", "addr", "add", f"{network}.1/24", "dev", zone)
        router.run("ip", "link", "set", zone, "up")
        for name, number in members.items():
            machine = machines[name] = Machine(name, folder)
            link(router, machine, f"to-{name}")
            router.run("ip", "link", "set", f"to-{name}", "master", zone)
            router.run("ip", "link", "set", f"to-{name}", "up")
            machine.run("ip", "addr", "add", f"{network}.{number}/24", "dev", "eth0")
            machine.run("ip", "link", "set", "eth0", "up")
            machine.run("ip", "route", "add", "default", "via", f"{network}.1")
            machine.own_etc(
                {
                    "hosts": hosts,
                    "krb5.conf": KRB5,
                    "resolv.conf": f"nameserver {addresses()['dc1']}\nsearch {DOMAIN}\n",
                }
            )
    router.run("nft", "-f", "-", text=ROUTER)
    return machines
