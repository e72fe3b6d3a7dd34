//! The ear: takes the calls of shops when something changes there, `POST /hook/<shop>`.
//!
//! It stands behind a server that speaks TLS, and still trusts nobody: few callers at once, little
//! of everything, and nothing is done before the shop's signature has been checked.

use crate::output::Output;
use app::view::{ApiError, ErrorCode, Language};
use app::{Desk, Heard};
use http_body_util::{BodyExt, Empty, LengthLimitError, Limited};
use hyper::body::{Body, Bytes};
use hyper::header::HeaderMap;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Method, Request, Response, StatusCode};
use hyper_util::rt::{TokioIo, TokioTimer};
use rules::id::ShopId;
use std::convert::Infallible;
use std::error::Error;
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::{TcpListener, TcpStream};
#[cfg(unix)]
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::Semaphore;

/// Longest body: shops send one order at most.
const MOST_BODY: usize = 1 << 20;
/// Longest head of a request.
const MOST_HEAD: usize = 16 << 10;
const MOST_HEADERS: usize = 64;
/// A caller that has not said its piece by then is hung up on; shops themselves wait five seconds.
const PATIENCE: Duration = Duration::from_secs(10);
const MOST_CALLERS: usize = 64;

/// Listens until the program is told to stop.
pub(crate) async fn run(
    desk: &Desk,
    listen: SocketAddr,
    public_url: &str,
    language: Language,
    output: &Output,
) -> Result<bool, ApiError> {
    let refused = |error: std::io::Error| {
        tracing::error!(%error, "nobody can be heard");
        let field = [("field", format!("--listen {listen}"))];
        app::told(ErrorCode::FieldInvalid, language, field)
    };
    let listener = TcpListener::bind(listen).await.map_err(refused)?;
    let listening = listener.local_addr().map_err(refused)?;
    let hooks = desk.hooks().await?;
    let base = match public_url.trim_end_matches('/') {
        "" => format!("http://{listening}"),
        url => url.to_owned(),
    };
    let addresses: Vec<_> = hooks
        .iter()
        .map(|hook| (hook.shop.clone(), format!("{base}{}", hook.path)))
        .collect();
    let lines = addresses
        .iter()
        .map(|(shop, address)| format!("{shop}  {address}"));
    output.answer(
        &serde_json::json!({ "listening": listening, "shops": addresses.iter()
            .map(|(shop, address)| serde_json::json!({ "shop": shop, "address": address }))
            .collect::<Vec<_>>() }),
        lines,
    );
    let places = Arc::new(Semaphore::new(MOST_CALLERS));
    let mut stop = pin!(told_to_stop());
    loop {
        let caller = tokio::select! {
            caller = listener.accept() => caller,
            () = &mut stop => break,
        };
        let stream = match caller {
            Ok((stream, _)) => stream,
            Err(error) => {
                // Out of sockets, most likely: they come back as callers go.
                tracing::warn!(%error, "a caller was lost");
                tokio::time::sleep(Duration::from_millis(100)).await;
                continue;
            }
        };
        let Ok(place) = Arc::clone(&places).try_acquire_owned() else {
            continue;
        };
        let desk = desk.clone();
        tokio::spawn(async move {
            let _place = place;
            if tokio::time::timeout(PATIENCE, serve(stream, desk))
                .await
                .is_err()
            {
                tracing::info!("a caller took too long");
            }
        });
    }
    desk.close().await;
    Ok(true)
}

/// By a person (Ctrl+C), or by what keeps programs running on a server (SIGTERM).
async fn told_to_stop() {
    let person = tokio::signal::ctrl_c();
    #[cfg(unix)]
    if let Ok(mut server) = signal(SignalKind::terminate()) {
        tokio::select! {
            _ = person => {}
            _ = server.recv() => {}
        }
        return;
    }
    let _ = person.await;
}

/// One request per connection.
async fn serve(stream: TcpStream, desk: Desk) {
    let service = service_fn(move |request| {
        let desk = desk.clone();
        async move {
            let mut response = Response::new(Empty::<Bytes>::new());
            *response.status_mut() = answer(request, &desk).await;
            Ok::<_, Infallible>(response)
        }
    });
    let served = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(PATIENCE)
        .keep_alive(false)
        .max_buf_size(MOST_HEAD)
        .max_headers(MOST_HEADERS)
        .serve_connection(TokioIo::new(stream), service)
        .await;
    if let Err(error) = served {
        tracing::debug!(%error, "a caller hung up");
    }
}

/// What a caller is told. Everyone who is not the shop hears the same, whether there is such a
/// shop or not.
async fn answer<B>(request: Request<B>, desk: &Desk) -> StatusCode
where
    B: Body,
    B::Error: Into<Box<dyn Error + Send + Sync>>,
{
    if request.method() != Method::POST {
        return StatusCode::METHOD_NOT_ALLOWED;
    }
    let path = request.uri().path().strip_prefix("/hook/");
    let Some(shop) = path.and_then(|id| id.parse::<ShopId>().ok()) else {
        return StatusCode::NOT_FOUND;
    };
    let headers = headers(request.headers());
    let body = match Limited::new(request.into_body(), MOST_BODY).collect().await {
        Ok(body) => body.to_bytes(),
        Err(error) if error.is::<LengthLimitError>() => return StatusCode::PAYLOAD_TOO_LARGE,
        Err(_) => return StatusCode::BAD_REQUEST,
    };
    match desk.hear(shop, &headers, &body).await {
        Ok(heard) => {
            tracing::info!(%shop, ?heard, "heard");
            match heard {
                Heard::Change => StatusCode::ACCEPTED,
                Heard::Again | Heard::Nothing => StatusCode::OK,
            }
        }
        Err(error) => {
            tracing::warn!(%shop, code = ?error.code, "not heard");
            match error.code {
                ErrorCode::ShopWrongKey | ErrorCode::NotFound => StatusCode::UNAUTHORIZED,
                ErrorCode::ShopUnsupported | ErrorCode::ShopBadReply => StatusCode::BAD_REQUEST,
                // The shop calls again later.
                _ => StatusCode::SERVICE_UNAVAILABLE,
            }
        }
    }
}

/// Names in small letters; a value that is no text says nothing.
fn headers(map: &HeaderMap) -> Vec<(String, String)> {
    map.iter()
        .filter_map(|(name, value)| {
            let value = value.to_str().ok()?;
            Some((name.as_str().to_owned(), value.to_owned()))
        })
        .collect()
}
