//! Looking on at a run, straight from its node.

use std::time::{SystemTime, UNIX_EPOCH};

use futures_util::{SinkExt, StreamExt};
use http::header;
use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;

use crate::edge::{Edge, claims};
use crate::node::{Node, run};

/// A ticket to look on at this run.
fn ticket(edge: &Edge, run: &str) -> String {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs();
    edge.key
        .sign(json!({ "aud": "selvedge-stream", "run": run, "iat": now, "exp": now + 60 }))
}

/// The lines of `GET /v1/runs/{run}/events`, from the status on.
async fn events(node: &Node, run: &str, headers: &[(&str, &str)]) -> tokio::io::Lines<BufReader<TcpStream>> {
    let mut stream = TcpStream::connect(node.address()).await.unwrap();
    let mut head = format!("GET /v1/runs/{run}/events HTTP/1.1\r\nhost: node\r\nconnection: close\r\n");
    for (name, value) in headers {
        head.push_str(&format!("{name}: {value}\r\n"));
    }
    stream.write_all(format!("{head}\r\n").as_bytes()).await.unwrap();
    BufReader::new(stream).lines()
}

async fn rest(mut lines: tokio::io::Lines<BufReader<TcpStream>>) -> String {
    let mut text = String::new();
    while let Some(line) = lines.next_line().await.unwrap() {
        text.push_str(&line);
        text.push('\n');
    }
    text
}

type Socket = tokio_tungstenite::WebSocketStream<TcpStream>;

async fn socket(node: &Node, run: &str, origin: Option<&str>) -> Result<Socket, u16> {
    let mut request = format!("ws://{}/v1/runs/{run}/socket", node.address())
        .into_client_request()
        .unwrap();
    if let Some(origin) = origin {
        request.headers_mut().insert(header::ORIGIN, origin.parse().unwrap());
    }
    let stream = TcpStream::connect(node.address()).await.unwrap();
    match tokio_tungstenite::client_async(request, stream).await {
        Ok((socket, _)) => Ok(socket),
        Err(tokio_tungstenite::tungstenite::Error::Http(answer)) => Err(answer.status().as_u16()),
        Err(error) => panic!("{error}"),
    }
}

async fn message(socket: &mut Socket) -> Option<Value> {
    loop {
        match socket.next().await? {
            Ok(Message::Text(text)) => return Some(serde_json::from_str(&text).unwrap()),
            Ok(Message::Close(_)) | Err(_) => return None,
            Ok(_) => {}
        }
    }
}

#[tokio::test]
async fn events_arrive_while_the_run_goes_on_and_again_for_who_comes_late() {
    let (edge, data) = (Edge::start().await, tempfile::tempdir().unwrap());
    let node = Node::start(&edge, data.path()).await;
    node.place(&edge, &edge.order(&run(1), None, "print('first')\nwhile True: pass"))
        .await;
    let bearer = format!("Bearer {}", ticket(&edge, &run(1)));
    let mut lines = events(&node, &run(1), &[("authorization", &bearer)]).await;
    assert_eq!(lines.next_line().await.unwrap().unwrap(), "HTTP/1.1 200 OK");
    while !lines.next_line().await.unwrap().unwrap().contains("first") {}

    let mut socket = socket(&node, &run(1), Some(&edge.url)).await.unwrap();
    let hello = json!({ "ticket": ticket(&edge, &run(1)), "after": 1 });
    socket.send(Message::text(hello.to_string())).await.unwrap();
    assert_eq!(message(&mut socket).await.unwrap()["event"]["data"]["text"], "first\n");

    node.cancel(&edge, &run(1)).await;
    assert!(rest(lines).await.contains("event: ended\ndata: {\"status\":\"cancelled\""));
    assert_eq!(message(&mut socket).await.unwrap()["event"]["data"]["type"], "KeyboardInterrupt");
    assert_eq!(message(&mut socket).await.unwrap()["ended"]["status"], "cancelled");
    assert_eq!(message(&mut socket).await, None);

    edge.ended(&run(1)).await;
    let late = rest(events(&node, &run(1), &[("authorization", &bearer), ("last-event-id", "1")]).await).await;
    assert!(
        late.contains("id: 2\nevent: stdout\n") && !late.contains("id: 1\n") && late.contains("event: ended"),
        "{late}"
    );
}

#[tokio::test]
async fn nobody_looks_on_without_a_ticket_for_that_run_and_that_purpose() {
    let (edge, data) = (Edge::start().await, tempfile::tempdir().unwrap());
    let node = Node::start(&edge, data.path()).await;
    node.cell(&edge, &run(1), None, "print('secret')").await;
    let order = edge.key.sign(claims(&run(1), b""));
    let other = ticket(&edge, &run(2));
    for (bearer, code) in [
        (None, "ticket.missing"),
        (Some(&order), "ticket.other"),
        (Some(&other), "ticket.other"),
    ] {
        let path = format!("/v1/runs/{}/events", run(1));
        let answer = node.request("GET", &path, bearer.map(String::as_str), b"").await;
        assert_eq!((answer.status.as_u16(), answer.code()), (401, code));
        let mut socket = socket(&node, &run(1), None).await.unwrap();
        let hello = json!({ "ticket": bearer.map_or("", |bearer| bearer) });
        socket.send(Message::text(hello.to_string())).await.unwrap();
        let refused = message(&mut socket).await.unwrap();
        assert!(refused["error"]["code"].as_str().unwrap().starts_with("ticket."), "{refused}");
        assert_eq!(message(&mut socket).await, None);
    }
    // Whoever may look on may do nothing else.
    let stream = ticket(&edge, &run(1));
    let answer = node
        .request("POST", &format!("/v1/runs/{}/cancel", run(1)), Some(&stream), b"")
        .await;
    assert_eq!((answer.status.as_u16(), answer.code()), (401, "ticket.other"));
    let unknown = ticket(&edge, &run(9));
    let answer = node
        .request("GET", &format!("/v1/runs/{}/events", run(9)), Some(&unknown), b"")
        .await;
    assert_eq!((answer.status.as_u16(), answer.code()), (404, "run.unknown"));
}

#[tokio::test]
async fn pages_of_other_origins_may_not_look_on() {
    let (edge, data) = (Edge::start().await, tempfile::tempdir().unwrap());
    let node = Node::start(&edge, data.path()).await;
    node.cell(&edge, &run(1), None, "1").await;
    let bearer = format!("Bearer {}", ticket(&edge, &run(1)));
    let foreign = [("authorization", bearer.as_str()), ("origin", "https://elsewhere.example")];
    assert!(rest(events(&node, &run(1), &foreign).await).await.starts_with("HTTP/1.1 403"));
    assert_eq!(socket(&node, &run(1), Some("https://elsewhere.example")).await.unwrap_err(), 403);
    let own = [("authorization", bearer.as_str()), ("origin", edge.url.as_str())];
    let answer = rest(events(&node, &run(1), &own).await).await;
    assert!(answer.contains(&format!("access-control-allow-origin: {}\n", edge.url)), "{answer}");
}

#[tokio::test]
async fn what_is_no_hello_is_refused_and_the_connection_closed() {
    let (edge, data) = (Edge::start().await, tempfile::tempdir().unwrap());
    let node = Node::start(&edge, data.path()).await;
    for nonsense in [Message::text("{"), Message::text("[]"), Message::binary(vec![0; 10])] {
        let mut socket = socket(&node, &run(1), None).await.unwrap();
        socket.send(nonsense.clone()).await.unwrap();
        let answer = message(&mut socket).await;
        assert_eq!(answer.unwrap()["error"]["code"], "socket.malformed", "{nonsense:?}");
        assert_eq!(message(&mut socket).await, None, "{nonsense:?}");
    }
    // One that is too large is not read to its end, so the refusal may be lost with the connection.
    let mut socket = socket(&node, &run(1), None).await.unwrap();
    socket.send(Message::text("x".repeat(20 << 10))).await.unwrap();
    let answer = message(&mut socket).await;
    assert!(answer.is_none_or(|answer| answer["error"]["code"] == "socket.malformed"));
    let answer = node.request("GET", &format!("/v1/runs/{}/socket", run(1)), None, b"").await;
    assert_eq!((answer.status.as_u16(), answer.code()), (426, "socket.required"));
}
