//! What a site says of connectors that speak a product's own language.
//!
//! `nftables`, `openssh`, `active-directory`, `haproxy` and `openvpn`, each a key with what it needs. Absent
//! on purpose: secrets, which stand elsewhere and are fetched only to call.

use std::{fs, path::Path, sync::Arc};

use cordon_text::{Fields, Node};

use super::Reader;
use crate::{
    ActiveDirectory, Address, Connector, DirectoryServer, HaProxy, Nftables, OpenSsh,
    OpenSshServer, OpenVpn, Secret, SecretPlace, Shell, Ssh,
};

/// The port of LDAP within TLS.
const LDAPS: u16 = 636;
/// The port of SSH.
const SSH: u16 = 22;

/// A connector of a site for one product.
#[derive(Debug)]
pub struct BuiltIn {
    product: Product,
    password: Option<SecretPlace>,
    ca: Option<String>,
}

#[derive(Debug)]
enum Product {
    Nftables { shell: Shell, probe: Vec<String> },
    OpenSsh { shell: Shell, server: OpenSshServer },
    Directory(DirectoryServer),
    HaProxy(Address),
    OpenVpn(Address),
}

/// Which product a site names.
pub(super) enum Named {
    /// None of these.
    None,
    /// One, wrongly.
    Wrong,
    /// One.
    Product(Box<BuiltIn>),
}

impl BuiltIn {
    /// Where its secret is.
    pub(super) const fn secret(&self) -> Option<&SecretPlace> {
        self.password.as_ref()
    }

    /// The connector, with its secret.
    ///
    /// # Errors
    /// What cannot be had.
    pub fn fetched(&self) -> Result<Arc<dyn Connector>, String> {
        let password = self.password.as_ref().map(SecretPlace::fetch).transpose();
        let password = password.map_err(|why| format!("secret `password`: {why}"))?;
        let read = |path: &String| {
            fs::read_to_string(Path::new(path)).map_err(|why| format!("cannot read {path}: {why}"))
        };
        let ca = self.ca.as_ref().map(read).transpose()?;
        self.with(password, ca.as_deref())
    }

    /// The connector without its secret, for showing what would be called.
    ///
    /// # Errors
    /// What does not fit.
    pub fn unfetched(&self) -> Result<Arc<dyn Connector>, String> {
        let password = self.password.as_ref().map(|_place| Secret::new(""));
        self.with(password, None)
    }

    fn with(
        &self,
        password: Option<Secret>,
        ca_pem: Option<&str>,
    ) -> Result<Arc<dyn Connector>, String> {
        Ok(match &self.product {
            Product::Nftables { shell, probe } => {
                Arc::new(Nftables::new(shell.clone(), probe.clone()))
            }
            Product::OpenSsh { shell, server } => {
                Arc::new(OpenSsh::new(shell.clone(), server.clone()))
            }
            Product::Directory(server) => {
                let password = password.ok_or("it needs the secret `password`")?;
                Arc::new(ActiveDirectory::new(server.clone(), password, ca_pem)?)
            }
            Product::HaProxy(address) => Arc::new(HaProxy::new(address.clone())),
            Product::OpenVpn(address) => Arc::new(OpenVpn::new(address.clone(), password)),
        })
    }
}

impl<'t> Reader<'_, 't> {
    /// A connector for a product.
    pub(super) fn built_in(&mut self, fields: &mut Fields<'t>) -> Named {
        let product = if let Some(at) = fields.optional("nftables") {
            self.nftables(at)
        } else if let Some(at) = fields.optional("openssh") {
            self.openssh(at)
        } else if let Some(at) = fields.optional("active-directory") {
            self.directory(at).map(Product::Directory)
        } else if let Some(at) = fields.optional("haproxy") {
            self.address(at).map(Product::HaProxy)
        } else if let Some(at) = fields.optional("openvpn") {
            self.address(at).map(Product::OpenVpn)
        } else {
            return Named::None;
        };
        let mut password = None;
        if let Some(at) = fields.optional("secrets")
            && let Some(mut secrets) = self.page.fields(at, "the secrets")
        {
            password = secrets.optional("password").and_then(|at| self.secret(at));
            secrets.finish(&mut self.page.report);
        }
        let ca = fields.optional("ca").and_then(|at| self.page.text(at));
        product.map_or(Named::Wrong, |product| {
            Named::Product(Box::new(BuiltIn {
                product,
                password,
                ca,
            }))
        })
    }

    fn nftables(&mut self, at: &'t Node) -> Option<Product> {
        let mut fields = self.page.fields(at, "a packet filter")?;
        let shell = self.shell(&mut fields);
        let probe = fields.optional("probe").map(|at| self.page.texts(at));
        fields.finish(&mut self.page.report);
        Some(Product::Nftables {
            shell: shell?,
            probe: probe.unwrap_or_default(),
        })
    }

    fn openssh(&mut self, at: &'t Node) -> Option<Product> {
        let mut fields = self.page.fields(at, "an SSH server")?;
        let shell = self.shell(&mut fields);
        let mut server = OpenSshServer::default();
        for (key, value) in [
            ("config", &mut server.config),
            ("folder", &mut server.folder),
            ("pid_file", &mut server.pid_file),
        ] {
            if let Some(at) = fields.optional(key) {
                *value = self.path(at).unwrap_or_default();
            }
        }
        if let Some(at) = fields.optional("reload") {
            server.reload = self.page.texts(at);
        }
        fields.finish(&mut self.page.report);
        Some(Product::OpenSsh {
            shell: shell?,
            server,
        })
    }

    /// A path that a shell reads as one word.
    fn path(&mut self, at: &Node) -> Option<String> {
        let text = self.page.text(at)?;
        let good = |c: char| c.is_ascii_alphanumeric() || matches!(c, '/' | '_' | '-' | '.');
        if text.starts_with('/') && text.chars().all(good) {
            return Some(text);
        }
        let message = format!("expected a whole path in plain characters, found `{text}`");
        self.page.wrong(
            at.span,
            message,
            "begin with `/`; use letters, digits, `_`, `-` and `.`",
        );
        None
    }

    /// Where commands are run: `ssh`, and what goes before them.
    fn shell(&mut self, fields: &mut Fields<'t>) -> Option<Shell> {
        let become_ = fields.optional("become").map(|at| self.page.texts(at));
        let become_ = become_.unwrap_or_default();
        let Some(at) = fields.optional("ssh") else {
            return Some(Shell { ssh: None, become_ });
        };
        let mut ssh = self.page.fields(at, "how to reach it")?;
        let mut text = |key| ssh.required(key, &mut self.page.report);
        let nodes = (
            text("host"),
            text("user"),
            text("identity"),
            text("known_hosts"),
        );
        let port = ssh.optional("port").map_or(Some(SSH), |at| self.port(at));
        ssh.finish(&mut self.page.report);
        let (host, user, identity, known_hosts) = nodes;
        let ssh = Ssh {
            host: self.word(host?)?,
            user: self.word(user?)?,
            identity: self.page.text(identity?)?,
            known_hosts: self.page.text(known_hosts?)?,
            port: port?,
        };
        Some(Shell {
            ssh: Some(ssh),
            become_,
        })
    }

    /// A text that no program takes for an option.
    fn word(&mut self, at: &Node) -> Option<String> {
        let text = self.page.text(at)?;
        if !text.starts_with('-') {
            return Some(text);
        }
        let message = format!("expected a name, found `{text}`");
        self.page
            .wrong(at.span, message, "a name does not begin with `-`");
        None
    }

    fn port(&mut self, at: &Node) -> Option<u16> {
        let port = at.text().and_then(|text| text.parse::<u16>().ok());
        let port = port.filter(|port| *port > 0);
        if port.is_none() {
            let message = format!("expected a port, found {}", at.describe());
            self.page
                .wrong(at.span, message, "write a number from 1 to 65535");
        }
        port
    }

    fn directory(&mut self, at: &'t Node) -> Option<DirectoryServer> {
        let mut fields = self.page.fields(at, "a directory")?;
        let host = fields.required("host", &mut self.page.report);
        let user = fields.required("user", &mut self.page.report);
        let port = fields
            .optional("port")
            .map_or(Some(LDAPS), |at| self.port(at));
        fields.finish(&mut self.page.report);
        Some(DirectoryServer {
            host: self.page.text(host?)?,
            user: self.page.text(user?)?,
            port: port?,
        })
    }

    /// `socket: PATH`, or `host` and `port`.
    fn address(&mut self, at: &'t Node) -> Option<Address> {
        let mut fields = self.page.fields(at, "where it listens")?;
        if let Some(at) = fields.optional("socket") {
            fields.finish(&mut self.page.report);
            return self.page.text(at).map(|path| Address::Socket(path.into()));
        }
        let host = fields.required("host", &mut self.page.report);
        let port = fields.required("port", &mut self.page.report);
        fields.finish(&mut self.page.report);
        Some(Address::Tcp(self.page.text(host?)?, self.port(port?)?))
    }
}

#[cfg(test)]
mod tests {
    use cordon_text::Source;

    use crate::{SiteConnector, read_site};

    fn site(text: &str) -> Source {
        Source::new(
            "connectors.yml",
            format!("cordon: connectors/v1\nconnectors:\n{text}"),
        )
    }

    #[test]
    fn each_product_is_read_with_what_it_needs() {
        let source = site(
            "  router: { nftables: { ssh: { host: r1, user: cordon, identity: /k, known_hosts: /h }, become: [sudo, -n] } }
  here: { nftables: {} }
  logins: { openssh: { folder: /etc/ssh/sshd_config.d, reload: [systemctl, reload, ssh] } }
  ad: { active-directory: { host: dc1.x, user: c@x }, secrets: { password: { env: P } }, ca: /ca.pem }
  lb: { haproxy: { socket: /run/haproxy.sock } }
  vpn: { openvpn: { host: 127.0.0.1, port: 7505 } }
",
        );
        let read = read_site(&source).unwrap();
        assert_eq!(read.len(), 6);
        for (name, connector) in read {
            let SiteConnector::BuiltIn(built_in) = connector else {
                panic!("{name}");
            };
            assert!(built_in.unfetched().unwrap().digest().is_some(), "{name}");
        }
    }

    #[test]
    fn a_program_does_not_get_the_variables_in_which_secrets_are() {
        let source = site(
            "  fw: { exec: [/bin/fw] }
  okta: { http: okta, settings: { url: 'https://x' }, secrets: { token: { env: OKTA } } }
  ad: { active-directory: { host: dc1.x, user: c@x }, secrets: { password: { env: AD } } }
  cloud: { aws: eu-west-2, secrets: { access_key_id: { env: ID }, secret_access_key: { file: /k } } }
",
        );
        let read = read_site(&source).unwrap();
        let SiteConnector::Exec(programs) = &read["fw"] else {
            panic!("it is a program");
        };
        assert_eq!(programs.without, ["AD", "ID", "OKTA"]);
    }

    #[test]
    fn what_is_missing_or_would_be_an_option_is_told_with_its_place() {
        for (text, told) in [
            ("  a: { nftables: { ssh: { host: r1 } } }", "user"),
            (
                "  a: { nftables: { ssh: { host: -oProxyCommand=x, user: u, identity: /k, known_hosts: /h } } }",
                "expected a name",
            ),
            (
                "  a: { openssh: { folder: '/etc/$(x)' } }",
                "plain characters",
            ),
            (
                "  a: { active-directory: { host: dc1, user: u, port: 0 } }",
                "expected a port",
            ),
            ("  a: { haproxy: { host: h } }", "port"),
        ] {
            let report = read_site(&site(text)).unwrap_err();
            let all: Vec<_> = report
                .diagnostics
                .iter()
                .map(|one| format!("{one:?}"))
                .collect();
            assert!(all.iter().any(|one| one.contains(told)), "{text}: {all:?}");
        }
    }
}
