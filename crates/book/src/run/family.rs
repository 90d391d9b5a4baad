//! The processes that came of this one: its children, theirs, and so on.

use std::collections::BTreeMap;

use rustix::process::{Pid, getpid};
use sysinfo::{ProcessRefreshKind, ProcessesToUpdate, System};

/// The family of this process, as it was at the last look.
pub struct Family {
    system: Option<System>,
    memory: u64,
}

impl Family {
    /// Nobody has looked yet. Where the system shows no processes, the family
    /// looks empty.
    pub fn new() -> Self {
        Self {
            system: System::new().ok(),
            memory: 0,
        }
    }

    /// Looks, and returns all members but this process itself.
    pub fn members(&mut self) -> Vec<Pid> {
        let Some(system) = &mut self.system else {
            return Vec::new();
        };
        let what = ProcessRefreshKind::nothing().with_memory().without_tasks();
        system.refresh_processes_specifics(ProcessesToUpdate::All, true, what);
        let mut children = BTreeMap::<u32, Vec<u32>>::new();
        for (pid, process) in system.processes() {
            if let Some(parent) = process.parent() {
                children
                    .entry(parent.as_u32())
                    .or_default()
                    .push(pid.as_u32());
            }
        }
        let mut members = children
            .remove(&getpid().as_raw_pid().unsigned_abs())
            .unwrap_or_default();
        let mut next = 0;
        while let Some(member) = members.get(next) {
            members.extend(children.remove(member).unwrap_or_default());
            next += 1;
        }
        self.memory = members
            .iter()
            .filter_map(|pid| system.process(sysinfo::Pid::from_u32(*pid)))
            .map(sysinfo::Process::memory)
            .sum();
        let pids = members
            .into_iter()
            .filter_map(|pid| Pid::from_raw(pid.cast_signed()));
        pids.collect()
    }

    /// How many bytes they used together at the last look.
    pub fn memory(&self) -> u64 {
        self.memory
    }
}
