"""Builds the house, runs the trials, and takes everything away."""

import os
import shutil
import sys
import tempfile
import time
import traceback

from . import directory, network, servers, vpn
from .cordon import Cordon
from .shops import Shops
from .trials import TRIALS, tell
from .visitor import Visitor


class House:
    """Everything that runs."""

    def __init__(self, folder):
        self.machines = network.build(folder)
        hypervisor, router = self.machines["hv"], self.machines["router"]
        directory.controller(self.machines["dc1"], folder)
        directory.file_server(self.machines["file"])
        self.shops = Shops(self.machines)
        vpn.server(self.machines, folder)
        authority = self.authority = f"{folder}/ca.pem"
        self.cordon = Cordon(self.machines["cordon"], authority)
        found = self.machines["pc"].folder
        servers.key(found, "found")
        home = self.cordon.machine
        servers.account(hypervisor, "svc-backup")
        servers.ssh_server(hypervisor, {"root": home.path("hypervisor"), "svc-backup": f"{found}/found"})
        servers.ssh_server(router, {"root": home.path("router")})
        self.cordon.know(**{"10.77.8.1": router, f"hv.{network.DOMAIN}": hypervisor})
        theirs = (f"{found}/found", home.path("hosts"), authority)
        self.visitor = Visitor(self.machines["pc"], *theirs)
        self.elsewhere = Visitor(self.machines["desk"], *theirs)
        self.at_home = Visitor(self.machines["home"], *theirs, kinds=["vpn"])


def main(asked):
    """Gives the code to end with."""
    trials = asked or list(TRIALS)
    unknown = [name for name in trials if name not in TRIALS]
    if unknown:
        print(f"no trial {', '.join(unknown)}; there are {', '.join(TRIALS)}", file=sys.stderr)
        return 2
    folder = tempfile.mkdtemp(prefix="cordon-range-")
    os.chmod(folder, 0o755)
    began = time.time()
    try:
        house = House(folder)
        tell(f"house: {len(house.machines)} machines in {time.time() - began:.0f} s, in {folder}")
        for name in trials:
            tell(f"\n== {name}: {TRIALS[name].__doc__}")
            TRIALS[name](house)
    except Exception:
        traceback.print_exc()
        print(f"the range failed; what its servers wrote is in {folder}", file=sys.stderr)
        return 1
    for machine in house.machines.values():
        machine.end()
    shutil.rmtree(folder, ignore_errors=True)
    tell(f"\nall of it shown in {time.time() - began:.0f} s")
    return 0


sys.exit(main(sys.argv[1:]))
