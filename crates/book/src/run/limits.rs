//! How much a run may take, and what is said when it takes more.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::kept::Bounds;

/// How long the compiler may take for one program. It needs less than a second.
pub const COMPILE: Duration = Duration::from_secs(60);

/// The longest program, in bytes. The book's own are below 4 KiB.
pub const SOURCE: usize = 64 << 10;

/// How much a program may print, and the compiler say, in bytes.
pub const OUTPUT: usize = 256 << 10;

/// What a program may take, with all that it starts.
pub const PROGRAM: Bounds = Bounds {
    memory: 512 << 20,
    processes: 32,
};

/// What the compiler may take, with the linker.
pub const COMPILER: Bounds = Bounds {
    memory: 4 << 30,
    processes: 32,
};

/// What cargo may take. It compiles no strangers.
pub const CARGO: Bounds = Bounds {
    memory: u64::MAX,
    processes: usize::MAX,
};

/// How many runs there may be at once, over all pages.
pub const AT_ONCE: usize = 2;

/// A limit that was reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Limit {
    /// It ran for too long.
    Time,
    /// It printed too much.
    Output,
    /// It used too much memory.
    Memory,
    /// It started too many processes.
    Processes,
}

/// The limits as a page is told them.
#[derive(Debug, Clone, Copy, Serialize)]
pub struct Limits {
    run_seconds: u64,
    compile_seconds: u64,
    source_bytes: usize,
    output_bytes: usize,
    memory_bytes: u64,
    processes: usize,
}

impl Limits {
    /// All of them, where a program may run for so many seconds.
    pub fn new(run_seconds: u64) -> Self {
        Self {
            run_seconds,
            compile_seconds: COMPILE.as_secs(),
            source_bytes: SOURCE,
            output_bytes: OUTPUT,
            memory_bytes: PROGRAM.memory,
            processes: PROGRAM.processes,
        }
    }

    /// How long a program may run.
    pub fn run(self) -> Duration {
        Duration::from_secs(self.run_seconds)
    }

    /// What is said when a program has reached a limit.
    pub fn program_reached(self, limit: Limit) -> String {
        match limit {
            Limit::Time => format!(
                "It was still running after {} seconds and was ended.",
                self.run_seconds
            ),
            Limit::Output => format!(
                "It printed more than {} KiB and was ended; what came after is cut.",
                OUTPUT >> 10
            ),
            Limit::Memory => format!(
                "It wanted more than {} MiB of memory and was ended.",
                PROGRAM.memory >> 20
            ),
            Limit::Processes => {
                format!(
                    "It started more than {} processes and was ended, with all of them.",
                    PROGRAM.processes
                )
            }
        }
    }

    /// What is said when the compiler has.
    pub fn compiler_reached(limit: Limit) -> String {
        match limit {
            Limit::Time => format!(
                "The compiler was still at it after {} seconds and was ended.",
                COMPILE.as_secs()
            ),
            Limit::Output => format!(
                "The compiler had more than {} KiB to say and was ended; correct the first of its messages.",
                OUTPUT >> 10
            ),
            Limit::Memory => format!(
                "The compiler wanted more than {} GiB of memory and was ended.",
                COMPILER.memory >> 30
            ),
            Limit::Processes => {
                format!(
                    "The compiler started more than {} processes and was ended.",
                    COMPILER.processes
                )
            }
        }
    }
}
