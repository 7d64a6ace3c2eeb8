//! The regional execution node.
//!
//! A node takes orders of one edge over HTTP (`docs/node-protocol.md`), runs them in a guest worker process (`sandbox/worker`), keeps the memory
//! of kernels on its disk or in a bucket, and reports to the edge what every run says and how it ends. It holds no secret: an order is taken because
//! its ticket was signed with a key that the edge publishes, and a report is taken because of the token that came with the order.
//!
//! ```no_run
//! # async fn example() -> Result<(), selvedge_node::StartError> {
//! let config = selvedge_node::NodeConfig {
//!     listen: ([127, 0, 0, 1], 0).into(),
//!     edge: "http://127.0.0.1:3000".to_owned(),
//!     data: "data/node".into(),
//!     image: "target/selvedge/images/python".into(),
//!     worker: "target/release/selvedge-sandbox-worker".into(),
//!     capacity: selvedge_node::Capacity::default(),
//!     region: "here".to_owned(),
//!     drain: std::time::Duration::from_secs(30),
//!     idle: selvedge_node::NodeConfig::IDLE,
//!     metrics: None,
//!     store: selvedge_node::StoreOptions::default(),
//!     workers: selvedge_node::Workers::default(),
//! };
//! let node = selvedge_node::Node::start(config).await?;
//! println!("{}", node.url());
//! node.run(std::future::pending()).await;
//! # Ok(())
//! # }
//! ```

mod admission;
mod allowance;
mod answer;
mod aside;
mod ask;
mod attempt;
mod config;
#[cfg_attr(feature = "tls", path = "connector/tls.rs")]
#[cfg_attr(not(feature = "tls"), path = "connector/plain.rs")]
mod connector;
mod data;
mod dialogue;
mod edge;
mod error;
mod events;
mod fair;
mod frames;
mod guest;
mod journal;
mod kernel_api;
mod kernels;
mod keys;
mod live;
mod log;
mod metrics;
mod node;
mod report;
mod run;
mod runs;
mod server;
mod status;
mod stop;
mod store;
mod ticket;
mod turn;
mod workers;

pub use config::{Capacity, NodeConfig};
pub use error::StartError;
pub use node::{Node, serve};
pub use store::StoreOptions;
pub use workers::Workers;
