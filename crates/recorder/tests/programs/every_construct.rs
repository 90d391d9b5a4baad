use std::future::ready;
use tokio::sync::oneshot;
use tokio::{join, select, try_join};

type Answer = Result<u32, &'static str>;

struct Counter(u32);

impl Counter {
    async fn add(&mut self, more: u32) -> Answer {
        self.0 += more;
        Ok(self.0)
    }

    async fn itself(self) -> Self {
        self
    }
}

async fn double(number: u32) -> Answer {
    Ok(number * 2)
}

async fn fails() -> Answer {
    Err("it failed")
}

async fn chains() -> Answer {
    let nested = double(double(1).await?).await?;
    let mut counter = Counter(nested)
        .itself()
        .await
        .itself()
        .await;
    Ok(counter.add(double(2).await?).await?)
}

async fn selects(ask: bool, done: oneshot::Receiver<u32>) -> u32 {
    let mut done = done;
    select! {
        Ok(number) = &mut done, if ask => number,
        answer = double(3), if !ask => {
            let answer = answer.unwrap_or_default();
            ready(answer).await + 1
        }
        else => { ready(0).await }
    }
}

#[tokio::main]
async fn main() {
    println!("chains: {}", chains().await.unwrap());

    let (send, done) = oneshot::channel();
    println!("second: {}, {:?}", selects(false, done).await, send.is_closed());
    let (send, done) = oneshot::channel();
    send.send(7).unwrap();
    println!("first: {}", selects(true, done).await);
    let (send, done) = oneshot::channel();
    drop(send);
    println!("neither: {}", selects(true, done).await);

    let chosen = select! { biased; one = ready(1) => one, two = ready(2) => two };
    let both = join!(double(chosen), async { 5 });
    println!("joined: {both:?}, {:?}", try_join!(double(1), fails()));

    let add = async |more: u32| double(more).await;
    let (word, later) = ("moved".to_owned(), async move |n: u32| n + 1);
    let kept = async move { word.len() + usize::from(later(1).await == 2) };
    let task = tokio::spawn(kept);
    print!("closures: {:?}, ", add(4).await);
    println!("spawned: {:?}", task.await.ok());
    println!();
}
