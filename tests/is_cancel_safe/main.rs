//! "Is X cancel-safe?", one test per row of the page that answers it.
//!
//! A test declares its [`row::Row`], which the book shows, and sweeps the call
//! in a scenario in which the opposite answer was possible. The row then holds
//! the report to what it declared.

mod docs;
mod futures_combinators;
mod futures_future;
mod futures_io;
mod futures_sink;
mod futures_stream;
mod row;
mod tokio_around;
mod tokio_channels;
mod tokio_datagrams;
mod tokio_datagrams_sent;
mod tokio_events;
mod tokio_fs;
mod tokio_fs_file;
mod tokio_io_adapters;
mod tokio_io_buffered;
mod tokio_io_copy;
mod tokio_io_lines;
mod tokio_io_read;
mod tokio_io_stdin;
mod tokio_io_write;
mod tokio_mpsc;
mod tokio_net;
mod tokio_net_connect;
mod tokio_process;
mod tokio_stream;
mod tokio_stream_wrappers;
mod tokio_sync;
mod tokio_task;
mod tokio_time;
mod tokio_util_codec;
mod tokio_util_io;
mod tokio_util_sync;
mod tokio_util_task;
