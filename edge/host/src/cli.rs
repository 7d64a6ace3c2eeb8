//! The command line.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

/// Notebooks, code and agents at the edge.
#[derive(Debug, Parser)]
#[command(name = "selvedge", version, propagate_version = true)]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Start the edge, its database and a local node
    Up(Up),
    /// Make API keys
    #[command(subcommand)]
    Key(Key),
    /// Print a new one-time sign-in link for the administrator
    Link(Link),
    /// Check the installation
    Doctor(Doctor),
    /// Run an execution node
    Node(Box<NodeArgs>),
    /// Check a receipt: who signed it, and whether the run comes out the same again
    Verify(Verify),
    /// Print the version
    Version,
}

/// Where the data and the installed files are.
#[derive(Clone, Debug, Args)]
pub(crate) struct Places {
    /// Folder of everything that must be kept [default: selvedge in the user's data folder]
    #[arg(long, value_name = "DIR")]
    pub(crate) data: Option<PathBuf>,
    /// Folder of the component, the site and the guest images [default: assets beside this program]
    #[arg(long, value_name = "DIR")]
    pub(crate) assets: Option<PathBuf>,
}

/// `selvedge up`
#[derive(Debug, Args)]
pub(crate) struct Up {
    #[command(flatten)]
    pub(crate) places: Places,
    /// Port; 0 takes a free one
    #[arg(long, default_value_t = 3000)]
    pub(crate) port: u16,
    /// Address to listen on
    #[arg(long, default_value_t = IpAddr::V4(Ipv4Addr::LOCALHOST))]
    pub(crate) listen: IpAddr,
    /// Origin under which browsers reach this edge [default: the address listened on]
    #[arg(long, value_name = "URL", value_parser = origin)]
    pub(crate) public_url: Option<String>,
    /// Send runs to this node instead of starting one
    #[arg(long, value_name = "URL", value_parser = origin)]
    pub(crate) node_url: Option<String>,
    /// Write a new key of the administrator to this file
    #[arg(long, value_name = "PATH")]
    pub(crate) admin_key_file: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) store: selvedge_node::StoreOptions,
}

/// `selvedge key`
#[derive(Debug, Subcommand)]
pub(crate) enum Key {
    /// Make a key of the administrator and print its secret, once
    Create(KeyCreate),
}

/// `selvedge key create`
#[derive(Debug, Args)]
pub(crate) struct KeyCreate {
    #[command(flatten)]
    pub(crate) places: Places,
    /// Label, 1 to 100 characters
    #[arg(long)]
    pub(crate) name: String,
    /// The project that it opens [default: all of the administrator's]
    #[arg(long, value_name = "ID")]
    pub(crate) project: Option<String>,
    /// The most that it allows
    #[arg(long, value_enum, default_value_t = RoleName::Owner)]
    pub(crate) role: RoleName,
}

/// The roles by name.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum RoleName {
    /// May read
    Viewer,
    /// May also edit and run
    Editor,
    /// May also manage members, keys and settings
    Admin,
    /// May also delete and transfer
    Owner,
}

/// `selvedge link`
#[derive(Debug, Args)]
pub(crate) struct Link {
    #[command(flatten)]
    pub(crate) places: Places,
    /// Origin of the running edge [default: the one that it used last]
    #[arg(long, value_name = "URL", value_parser = origin)]
    pub(crate) public_url: Option<String>,
}

/// `selvedge doctor`
#[derive(Debug, Args)]
pub(crate) struct Doctor {
    #[command(flatten)]
    pub(crate) places: Places,
    /// The port that `selvedge up` would use
    #[arg(long, default_value_t = 3000)]
    pub(crate) port: u16,
    /// The address that `selvedge up` would use
    #[arg(long, default_value_t = IpAddr::V4(Ipv4Addr::LOCALHOST))]
    pub(crate) listen: IpAddr,
}

/// `selvedge verify`
#[derive(Debug, Args)]
pub(crate) struct Verify {
    /// The receipt, as `GET /api/v1/runs/{run}/receipt` answers it, or its token alone
    #[arg(value_name = "RECEIPT")]
    pub(crate) receipt: PathBuf,
    /// The source that it is about
    #[arg(long, value_name = "FILE")]
    pub(crate) subject: PathBuf,
    /// What the program read from standard input [default: nothing]
    #[arg(long, value_name = "FILE")]
    pub(crate) stdin: Option<PathBuf>,
    /// The signer's public keys, as `/.well-known/jwks.json` of the edge answers them
    #[arg(long, value_name = "FILE")]
    pub(crate) keys: PathBuf,
    /// Folder of the guest images [default: in the assets]
    #[arg(long, value_name = "DIR")]
    pub(crate) image: Option<PathBuf>,
    /// Folder of the component, the site and the guest images [default: assets beside this program]
    #[arg(long, value_name = "DIR")]
    pub(crate) assets: Option<PathBuf>,
    /// Seconds for which the run may go on here
    #[arg(long, value_name = "SECONDS", default_value_t = 600, value_parser = clap::value_parser!(u64).range(1..=600))]
    pub(crate) wall: u64,
}

/// `selvedge node`
#[derive(Debug, Args)]
pub(crate) struct NodeArgs {
    #[command(flatten)]
    pub(crate) places: Places,
    /// Address to listen on; port 0 takes a free one
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:3030")]
    pub(crate) listen: SocketAddr,
    /// Origin of the edge whose orders are taken
    #[arg(long, value_name = "URL", value_parser = origin)]
    pub(crate) edge: String,
    /// Folder of a guest image, or of the folders of several [default: in the assets]
    #[arg(long, value_name = "DIR")]
    pub(crate) image: Option<PathBuf>,
    /// The program that runs guests [default: selvedge-sandbox-worker beside this program]
    #[arg(long, value_name = "PATH")]
    pub(crate) worker: Option<PathBuf>,
    /// Runs in the interpreter at the same time [default: four per core]
    #[arg(long)]
    pub(crate) running: Option<usize>,
    /// Runs that wait beside those
    #[arg(long)]
    pub(crate) waiting: Option<usize>,
    /// The same for each project
    #[arg(long)]
    pub(crate) waiting_of_project: Option<usize>,
    /// What you call the place where this node stands
    #[arg(long, default_value = "local")]
    pub(crate) region: String,
    /// Seconds for which runs may go on when the node is stopped
    #[arg(long, value_name = "SECONDS", default_value_t = 1)]
    pub(crate) drain: u64,
    /// Address that answers `GET /metrics` for Prometheus [default: none]
    #[arg(long, value_name = "ADDRESS")]
    pub(crate) metrics: Option<SocketAddr>,
    /// Kernels kept alive
    #[arg(long)]
    pub(crate) kernels: Option<usize>,
    #[command(flatten)]
    pub(crate) store: selvedge_node::StoreOptions,
    #[command(flatten)]
    pub(crate) workers: selvedge_node::Workers,
    /// End when this process, which must be the one that started this one, ends
    #[arg(long, hide = true, value_name = "PID")]
    pub(crate) with_parent: Option<u32>,
}

/// An origin: scheme and authority, nothing after it.
fn origin(text: &str) -> Result<String, String> {
    let trimmed = text.trim_end_matches('/');
    let uri: http::Uri = trimmed.parse().map_err(|error| format!("not a URL: {error}"))?;
    match (uri.scheme_str(), uri.authority(), uri.path(), uri.query()) {
        (Some("http" | "https"), Some(authority), "/", None) if !authority.as_str().contains('@') => Ok(trimmed.to_owned()),
        _ => Err("must be an origin such as https://selvedge.example, without a path".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    #[test]
    fn the_command_line_is_consistent() {
        super::Cli::command().debug_assert();
    }

    #[test]
    fn an_origin_has_no_path_and_no_user() {
        assert_eq!(super::origin("https://selvedge.example/").unwrap(), "https://selvedge.example");
        for wrong in ["selvedge.example", "ftp://a", "http://a/b", "http://u@a", "http://a?b"] {
            assert!(super::origin(wrong).is_err(), "{wrong}");
        }
    }
}
