//! Two ways to a peer, for the chapters that write to one: a real connection,
//! and a pipe in memory.

use tokio::io::{AsyncReadExt, DuplexStream, duplex};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

/// A real connection on loopback, with nothing in its buffers.
pub struct Tcp {
    pub socket: TcpStream,
    pub peer: TcpStream,
}

/// A new connection.
pub async fn tcp() -> Tcp {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let socket = TcpStream::connect(listener.local_addr().unwrap()).await;
    let (peer, _) = listener.accept().await.unwrap();
    let socket = socket.unwrap();
    Tcp { socket, peer }
}

impl Tcp {
    /// Closes the socket and says what the peer got.
    pub async fn received(mut self) -> String {
        drop(self.socket);
        let mut received = String::new();
        self.peer.read_to_string(&mut received).await.unwrap();
        received
    }
}

/// Something to write to, a buffer kept beside it, and a peer in a task of its
/// own that reads whenever it can.
pub struct Pipe<W = DuplexStream> {
    pub end: W,
    pub rest: &'static [u8],
    pub reader: JoinHandle<String>,
}

/// A pipe with this much room, in bytes.
pub fn pipe(room: usize) -> Pipe {
    let (end, mut peer) = duplex(room);
    let reader = tokio::spawn(async move {
        let mut received = String::new();
        peer.read_to_string(&mut received).await.unwrap();
        received
    });
    let rest = b"HELLOWORLD";
    Pipe { end, rest, reader }
}

impl<W> Pipe<W> {
    /// Closes the end and says what the peer got.
    pub async fn received(self) -> String {
        drop(self.end);
        self.reader.await.unwrap()
    }
}
