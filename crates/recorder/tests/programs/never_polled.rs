async fn greet() {
    println!("hello");
}

#[tokio::main]
async fn main() {
    let greeting = greet();
    println!("nothing yet");
    drop(greeting);
}
