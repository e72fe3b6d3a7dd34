//! HTTP/1.1 as far as a double needs it.

use super::{Asked, Told};
use chrono::{DateTime, Utc};
use std::fmt::Write as _;
use std::io;
use tokio::io::{AsyncRead, AsyncReadExt};

pub(super) async fn read_request(
    stream: &mut (impl AsyncRead + Unpin),
) -> io::Result<Option<Asked>> {
    let mut bytes = Vec::new();
    let end = loop {
        if let Some(at) = bytes.windows(4).position(|window| window == b"\r\n\r\n") {
            break at;
        }
        let mut chunk = [0; 4096];
        let read = stream.read(&mut chunk).await?;
        bytes.extend_from_slice(chunk.get(..read).unwrap_or_default());
        // Someone who speaks TLS to a shop that does not is told so, as web servers do.
        if read == 0 || bytes.len() > 1 << 20 || bytes.first() == Some(&0x16) {
            return Ok(None);
        }
    };
    let mut body = bytes.split_off(end + 4);
    let text = String::from_utf8_lossy(&bytes).into_owned();
    let mut lines = text.split("\r\n");
    let mut words = lines.next().unwrap_or_default().split(' ');
    let (method, target) = (
        words.next().unwrap_or_default(),
        words.next().unwrap_or_default(),
    );
    let headers: Vec<_> = lines
        .filter_map(|line| line.split_once(": "))
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect();
    let length: usize = headers
        .iter()
        .find(|(name, _)| name.eq_ignore_ascii_case("content-length"))
        .and_then(|(_, text)| text.parse().ok())
        .unwrap_or(0);
    while body.len() < length {
        let mut chunk = [0; 4096];
        let read = stream.read(&mut chunk).await?;
        if read == 0 {
            return Ok(None);
        }
        body.extend_from_slice(chunk.get(..read).unwrap_or_default());
    }
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    Ok(Some(Asked {
        method: method.to_owned(),
        target: target.to_owned(),
        path: path.to_owned(),
        query: pairs(query),
        headers,
        body,
        is_tls: false,
    }))
}

pub(super) fn pairs(text: &str) -> Vec<(String, String)> {
    let pairs = text.split('&').filter(|pair| !pair.is_empty());
    pairs
        .map(|pair| {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            (unescaped(name), unescaped(value))
        })
        .collect()
}

fn unescaped(text: &str) -> String {
    let mut out = Vec::new();
    let mut bytes = text.bytes();
    while let Some(byte) = bytes.next() {
        match byte {
            b'+' => out.push(b' '),
            b'%' => {
                let digits: Vec<u8> = bytes.by_ref().take(2).collect();
                let hex = std::str::from_utf8(&digits)
                    .ok()
                    .and_then(|hex| u8::from_str_radix(hex, 16).ok());
                out.push(hex.unwrap_or(b'?'));
            }
            other => out.push(other),
        }
    }
    String::from_utf8_lossy(&out).into_owned()
}

/// The answer as bytes, with the shop's time where it has none of its own.
pub(super) fn written(told: &Told, now: Option<DateTime<Utc>>) -> Vec<u8> {
    let mut headers = String::new();
    // Writing into a string cannot fail.
    if let Some(now) = now {
        let _ = write!(
            headers,
            "Date: {}\r\n",
            now.format("%a, %d %b %Y %H:%M:%S GMT")
        );
    }
    for (name, value) in &told.headers {
        let _ = write!(headers, "{name}: {value}\r\n");
    }
    raw(told.status, &headers, &told.body)
}

pub(super) fn raw(status: u16, headers: &str, body: &[u8]) -> Vec<u8> {
    let length = body.len();
    let mut reply = format!(
        "HTTP/1.1 {status} Status\r\n{headers}Content-Length: {length}\r\nConnection: close\r\n\r\n"
    )
    .into_bytes();
    reply.extend_from_slice(body);
    reply
}
