//! A double that holds nothing: it passes every request on to a real shop. So what a double can do to
//! a connection can be done to that of a real shop.

use super::{Asked, Handler, Told};
use native_tls::{Certificate, TlsConnector};
use serde_json::Value;
use std::fmt::Write as _;
use std::io::{self, Read, Write};
use std::net::TcpStream;
use std::time::Duration;

/// How long a real shop may take, on a busy machine.
const LIMIT: Duration = Duration::from_mins(2);

/// The way to one real shop. It blocks the thread it runs on, so the runtime needs more than one.
#[derive(Clone, Debug)]
pub struct Passing {
    host: String,
    port: u16,
    /// Made once: reading all the system's authorities takes long.
    tls: Option<TlsConnector>,
    path: String,
}

impl Passing {
    /// The way to `address`, e.g. `https://shop.example/store`; `authority` is trusted besides the
    /// system's, PEM. None where the address is none, or
    /// the authority cannot be read.
    pub fn to(address: &str, authority: Option<&str>) -> Option<Self> {
        let (scheme, rest) = address.split_once("://")?;
        let tls = match scheme {
            "https" => Some(connector(authority)?),
            "http" => None,
            _ => return None,
        };
        let (place, path) = rest.split_once('/').unwrap_or((rest, ""));
        let default = if tls.is_some() { 443 } else { 80 };
        let (host, port) = match place.rsplit_once(':') {
            Some((host, port)) => (host, port.parse().ok()?),
            None => (place, default),
        };
        Some(Self {
            host: host.to_owned(),
            port,
            tls,
            path: path.trim_matches('/').to_owned(),
        })
    }

    fn pass(&self, asked: &Asked) -> io::Result<Told> {
        let stream = TcpStream::connect((self.host.as_str(), self.port))?;
        stream.set_nodelay(true)?;
        stream.set_read_timeout(Some(LIMIT))?;
        stream.set_write_timeout(Some(LIMIT))?;
        let request = self.request(asked);
        let Some(tls) = &self.tls else {
            return exchange(stream, &request);
        };
        let stream = tls.connect(&self.host, stream);
        exchange(stream.map_err(io::Error::other)?, &request)
    }

    fn request(&self, asked: &Asked) -> Vec<u8> {
        let host = match self.port {
            80 | 443 => self.host.clone(),
            port => format!("{}:{port}", self.host),
        };
        let path = if self.path.is_empty() {
            asked.target.clone()
        } else {
            format!("/{}{}", self.path, asked.target)
        };
        // An answer in one piece, ended by the end of the connection.
        let mut head = format!("{} {path} HTTP/1.0\r\nHost: {host}\r\n", asked.method);
        let of_connection = ["host", "connection", "content-length", "accept-encoding"];
        for (name, value) in &asked.headers {
            if !of_connection.contains(&name.to_ascii_lowercase().as_str()) {
                let _ = write!(head, "{name}: {value}\r\n");
            }
        }
        let _ = write!(head, "Content-Length: {}\r\n\r\n", asked.body.len());
        let mut request = head.into_bytes();
        request.extend_from_slice(&asked.body);
        request
    }
}

fn connector(authority: Option<&str>) -> Option<TlsConnector> {
    let mut builder = TlsConnector::builder();
    if let Some(pem) = authority {
        builder.add_root_certificate(Certificate::from_pem(pem.as_bytes()).ok()?);
    }
    builder.build().ok()
}

fn exchange(mut stream: impl Read + Write, request: &[u8]) -> io::Result<Told> {
    stream.write_all(request)?;
    stream.flush()?;
    let mut reply = Vec::new();
    stream.read_to_end(&mut reply)?;
    let end = reply.windows(4).position(|window| window == b"\r\n\r\n");
    let end = end.ok_or(io::ErrorKind::UnexpectedEof)?;
    let body = reply.split_off(end + 4);
    let head = String::from_utf8_lossy(&reply).into_owned();
    let mut lines = head.split("\r\n");
    let status = lines.next().and_then(|line| line.split(' ').nth(1));
    let status = status.and_then(|text| text.parse().ok());
    let headers: Vec<(String, String)> = lines
        .filter_map(|line| line.split_once(':'))
        .map(|(name, value)| (name.trim().to_owned(), value.trim().to_owned()))
        .collect();
    let is_chunked = headers.iter().any(|(name, value)| {
        name.eq_ignore_ascii_case("transfer-encoding") && value.eq_ignore_ascii_case("chunked")
    });
    let of_connection = [
        "connection",
        "content-length",
        "transfer-encoding",
        "keep-alive",
    ];
    Ok(Told {
        status: status.ok_or(io::ErrorKind::InvalidData)?,
        headers: headers
            .into_iter()
            .filter(|(name, _)| !of_connection.contains(&name.to_ascii_lowercase().as_str()))
            .collect(),
        body: if is_chunked { joined(&body)? } else { body },
    })
}

/// The body of an answer in chunks.
fn joined(mut chunked: &[u8]) -> io::Result<Vec<u8>> {
    let mut body = Vec::new();
    loop {
        let end = chunked.windows(2).position(|window| window == b"\r\n");
        let (size, rest) = chunked.split_at(end.ok_or(io::ErrorKind::UnexpectedEof)?);
        let size = String::from_utf8_lossy(size);
        let size = size.split(';').next().unwrap_or_default().trim();
        let size = usize::from_str_radix(size, 16).map_err(io::Error::other)?;
        if size == 0 {
            return Ok(body);
        }
        let chunk = rest.get(2..2 + size);
        body.extend_from_slice(chunk.ok_or(io::ErrorKind::UnexpectedEof)?);
        chunked = rest.get(4 + size..).unwrap_or_default();
    }
}

impl Handler for Passing {
    fn answer(&mut self, asked: &Asked) -> Told {
        let passed = tokio::task::block_in_place(|| self.pass(asked));
        passed.unwrap_or_else(|_| Told::page(502))
    }

    /// GraphQL has one address for all: its kind and name tell its requests apart, e.g.
    /// `mutation/Transition`.
    fn route(&self, asked: &Asked) -> String {
        let query = asked.json::<Value>();
        let text = query.as_ref().and_then(|body| body.get("query")?.as_str());
        let Some(text) = text else {
            return asked.path.clone();
        };
        let mut words = text.split(|letter: char| !letter.is_ascii_alphanumeric());
        let mut words = words.by_ref().filter(|word| !word.is_empty());
        let (kind, name) = (
            words.next().unwrap_or("query"),
            words.next().unwrap_or_default(),
        );
        format!("{kind}/{name}")
    }
}
