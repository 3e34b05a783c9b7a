"""A real Samba domain controller, a file server that is its member, and what the directory holds."""

import json
import subprocess

from .machine import until
from .network import BASE, DOMAIN, REALM, addresses

ADMIN = "Range-admin-2026"
CORDON = "Cordon-reads-2026"
# Accounts of the house, with passwords that the visitor has for the first two.
PEOPLE = {"agent7": "Spring-2026-x", "desk2": "Summer-2026-x", "anna": "Autumn-2026-x"}

# Attributes that the server keeps itself: every write, or every sign-in, changes them.
KEPT_BY_SERVER = {
    "whenChanged", "uSNChanged", "replPropertyMetaData", "lastLogon", "lastLogonTimestamp", "logonCount",
    "badPwdCount", "badPasswordTime", "dSCorePropagationData", "msDS-RevealedDSAs",
}  # fmt: skip

DUMP = """
import json, sys
from samba.auth import system_session
from samba.param import LoadParm
from samba.samdb import SamDB
lp = LoadParm(); lp.load('/etc/samba/smb.conf')
db = SamDB(session_info=system_session(), lp=lp)
found = {}
for dn in sys.argv[1:]:
    entry = db.search(base=dn, scope=0, attrs=['*', 'msDS-KeyVersionNumber'])[0]
    found[dn] = {k: sorted(bytes(v).hex() for v in entry[k]) for k in entry.keys() if k != 'dn'}
print(json.dumps(found))
"""


def person(name):
    """The distinguished name of an account."""
    return f"CN={name},CN=Users,{BASE}"


GROUP = f"CN=service-desk,CN=Users,{BASE}"


def certificates(folder):
    """An authority of the house, and the controller's certificate from it."""
    curve = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"]

    def openssl(*words):
        subprocess.run(["openssl", *words], check=True, capture_output=True, cwd=folder)

    openssl("req", "-x509", "-days", "2", "-subj", "/CN=range", "-keyout", "ca.key", "-out", "ca.pem", *curve)
    openssl("req", "-subj", f"/CN=dc1.{DOMAIN}", "-keyout", "dc.key", "-out", "dc.csr", *curve)
    with open(f"{folder}/names", "w", encoding="ascii") as file:
        file.write(f"subjectAltName=DNS:dc1.{DOMAIN}\n")
    for name, days in (("dc.pem", "2"), ("expired.pem", "-1")):
        openssl(
            "x509", "-req", "-days", days, "-in", "dc.csr", "-CA", "ca.pem", "-CAkey", "ca.key",
            "-set_serial", "7", "-extfile", "names", "-out", name,
        )  # fmt: skip
    subprocess.run(["chmod", "600", f"{folder}/dc.key"], check=True)


def controller(dc, folder):
    """Provisions and starts the domain controller, and fills the directory."""
    certificates(folder)
    dc.empty("/var/lib/samba", "/var/cache/samba", "/var/log/samba", "/run")
    dc.run("mkdir", "-p", "/run/samba", "/var/lib/samba/private")
    dc.run("rm", "-f", "/etc/samba/smb.conf")
    dc.run(
        "samba-tool", "domain", "provision", "--use-rfc2307", f"--realm={REALM}", "--domain=RANGE", "--server-role=dc",
        "--dns-backend=SAMBA_INTERNAL", f"--adminpass={ADMIN}", f"--host-ip={addresses()['dc1']}", "--host-name=dc1",
        "--option=interfaces=lo eth0", "--option=bind interfaces only=yes",
        f"--option=tls cafile={folder}/ca.pem", f"--option=tls certfile={folder}/dc.pem",
        f"--option=tls keyfile={folder}/dc.key", "--option=dns forwarder=",
        timeout=120,
    )  # fmt: skip
    dc.start("samba", "-F", "--no-process-group", log="samba.log")
    for port in (88, 445, 636):
        until(f"the controller listens on {port}", lambda port=port: f":{port} " in dc.run("ss", "-Htln").stdout)
    dc.run("samba-tool", "domain", "passwordsettings", "set", "--max-pwd-age=0", "--min-pwd-age=0")
    for name, password in {**PEOPLE, "cordon": CORDON}.items():
        dc.run("samba-tool", "user", "create", name, password)
    dc.run("samba-tool", "group", "add", "service-desk")
    dc.run("samba-tool", "group", "addmembers", "service-desk", "desk2,anna")
    # May write what Cordon changes. A house would delegate those attributes alone.
    dc.run("samba-tool", "group", "addmembers", "Domain Admins", "cordon")


FILE = f"""\
[global]
  security = ads
  realm = {REALM}
  workgroup = RANGE
  interfaces = lo eth0
  bind interfaces only = yes
  idmap config * : backend = tdb
  idmap config * : range = 100000-199999
  winbind use default domain = yes
  template shell = /bin/false
  disable spoolss = yes
[shops]
  path = /srv/shops
  read only = no
"""


def file_server(machine):
    """A member of the domain, with one share."""
    machine.empty("/var/lib/samba", "/var/cache/samba", "/var/log/samba", "/run", "/srv")
    machine.run("mkdir", "-p", "/run/samba", "/var/lib/samba/private", "/srv/shops")
    machine.run("chmod", "777", "/srv/shops")
    machine.run("tee", "/etc/samba/smb.conf", text=FILE)
    machine.run("sed", "-i", "s/^\\(passwd\\|group\\):.*/\\1: files winbind/", "/etc/nsswitch.conf")
    machine.run("net", "ads", "join", "--no-dns-updates", "-U", f"Administrator%{ADMIN}")
    machine.start("winbindd", "-F", "--no-process-group", log="winbindd.log")
    machine.start("smbd", "-F", "--no-process-group", log="smbd.log")
    until("the file server listens", lambda: ":445 " in machine.run("ss", "-Htln").stdout)
    until("the file server knows people", lambda: machine.run("id", "agent7", check=False).returncode == 0)


def entries(dc, *names):
    """Entries of the directory as the server has them, without what it keeps itself."""
    told = json.loads(dc.run("/usr/bin/python3", "-c", DUMP, *names).stdout)
    return {
        dn: {name: values for name, values in entry.items() if name not in KEPT_BY_SERVER}
        for dn, entry in told.items()
    }
