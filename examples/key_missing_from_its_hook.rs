//! Three ways to use the one key on a hook. Look for the way after which the
//! hook is empty.
//!
//! `cargo run --example key_missing_from_its_hook`

use cancel_sweep::{Cut, Sweep, suspend};
use tokio::sync::Mutex;

pub type Hook = Mutex<Option<&'static str>>;

pub async fn hook() -> Hook {
    Mutex::new(Some("key"))
}

pub async fn takes_and_brings_back(hook: &mut Hook) {
    let mut hook = hook.lock().await;
    let key = hook.take();
    suspend().await; // upstairs and down again
    *hook = key;
}

struct Loan<'a>(&'a mut Option<&'static str>, Option<&'static str>);

impl Drop for Loan<'_> {
    fn drop(&mut self) {
        *self.0 = self.1.take();
    }
}

pub async fn borrows_with_a_guard(hook: &mut Hook) {
    let mut hook = hook.lock().await;
    let key = hook.take();
    let _loan = Loan(&mut hook, key);
    suspend().await;
}

pub async fn leaves_it_on_the_hook(hook: &mut Hook) {
    let hook = hook.lock().await;
    let _key = hook.as_ref();
    suspend().await;
}

pub async fn is_back(hook: Hook, _: Cut) -> Result<(), &'static str> {
    hook.into_inner().map(|_| ()).ok_or("the hook is empty")
}

fn main() {
    let report = Sweep::new().check(hook, takes_and_brings_back, is_back);
    println!("takes and brings back\n{report}");
    let report = Sweep::new().check(hook, borrows_with_a_guard, is_back);
    println!("borrows with a guard: {}", report.verdict());
    let report = Sweep::new().check(hook, leaves_it_on_the_hook, is_back);
    println!("leaves it on the hook: {}", report.verdict());
}
