//! A load generator that costs little beside the server it drives: blocking sockets, keep-alive, no parsing beyond the message's end.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;

use anyhow::{Context, Result, bail};

/// One keep-alive connection.
pub(crate) struct Connection {
    stream: BufReader<TcpStream>,
    host: String,
}

/// Status and body of an answer.
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) body: Vec<u8>,
}

impl Connection {
    /// Connect to an origin such as `http://127.0.0.1:3000`.
    pub(crate) fn open(origin: &str) -> Result<Self> {
        let host = origin
            .strip_prefix("http://")
            .context("the load generator speaks plain HTTP only")?
            .trim_end_matches('/')
            .to_owned();
        let stream = TcpStream::connect(&host).with_context(|| format!("cannot connect to {host}"))?;
        stream.set_nodelay(true)?;
        Ok(Self {
            stream: BufReader::with_capacity(64 << 10, stream),
            host,
        })
    }

    /// Send a request and read the whole answer.
    pub(crate) fn request(&mut self, method: &str, path: &str, headers: &str, body: &str) -> Result<Answer> {
        let length = if body.is_empty() {
            String::new()
        } else {
            format!("content-length: {}\r\n", body.len())
        };
        let text = format!("{method} {path} HTTP/1.1\r\nhost: {}\r\n{headers}{length}\r\n{body}", self.host);
        self.stream.get_mut().write_all(text.as_bytes())?;
        self.read()
    }

    fn read(&mut self) -> Result<Answer> {
        let mut line = String::new();
        self.stream.read_line(&mut line)?;
        let status = line
            .split(' ')
            .nth(1)
            .and_then(|code| code.parse().ok())
            .with_context(|| format!("not an HTTP answer: {line:?}"))?;
        let (mut length, mut chunked) = (None, false);
        loop {
            line.clear();
            self.stream.read_line(&mut line)?;
            let header = line.trim_end().to_ascii_lowercase();
            if header.is_empty() {
                break;
            }
            if let Some(value) = header.strip_prefix("content-length:") {
                length = Some(value.trim().parse::<usize>()?);
            }
            chunked |= header
                .strip_prefix("transfer-encoding:")
                .is_some_and(|value| value.contains("chunked"));
        }
        let mut body = Vec::new();
        match length {
            Some(length) => {
                body.resize(length, 0);
                self.stream.read_exact(&mut body)?;
            }
            None if chunked => self.read_chunks(&mut body)?,
            None if status == 204 || status == 304 => {}
            None => bail!("an answer without a length on a keep-alive connection"),
        }
        Ok(Answer { status, body })
    }

    fn read_chunks(&mut self, body: &mut Vec<u8>) -> Result<()> {
        loop {
            let mut line = String::new();
            self.stream.read_line(&mut line)?;
            let size = usize::from_str_radix(line.trim().split(';').next().unwrap_or_default(), 16).context("a broken chunk size")?;
            let start = body.len();
            body.resize(start + size, 0);
            self.stream.read_exact(body.get_mut(start..).unwrap_or_default())?;
            line.clear();
            self.stream.read_line(&mut line)?;
            if size == 0 {
                return Ok(());
            }
        }
    }
}
