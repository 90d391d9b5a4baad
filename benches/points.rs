//! What a sweep costs: points a second, how that grows with the number of
//! suspensions, and the plain run of the same future beside it.
//!
//! `cargo bench -p benches`

use std::hint::black_box;

use cancel_sweep::{Sweep, suspend};
use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use tokio::runtime::Builder;

/// An operation with this many suspensions.
async fn steps(count: &mut usize, suspensions: usize) {
    for _ in 0..suspensions {
        suspend().await;
        *count += 1;
    }
}

fn cost(c: &mut Criterion) {
    let mut group = c.benchmark_group("operation");
    for suspensions in [1, 10, 100, 1000] {
        group.throughput(Throughput::Elements(2 * suspensions as u64 + 2));
        group.bench_with_input(
            BenchmarkId::new("sweep", suspensions),
            &suspensions,
            |bencher, &suspensions| {
                bencher.iter(|| {
                    let report = Sweep::new().check(
                        async || 0,
                        async |count| steps(count, suspensions).await,
                        async |_, _| Ok::<_, String>(()),
                    );
                    assert_eq!(report.points().len(), 2 * suspensions + 2);
                    report
                });
            },
        );
        group.throughput(Throughput::Elements(1));
        group.bench_with_input(
            BenchmarkId::new("plain", suspensions),
            &suspensions,
            |bencher, &suspensions| {
                bencher.iter(|| {
                    let runtime = Builder::new_current_thread().enable_all().build();
                    let mut count = 0;
                    runtime.unwrap().block_on(steps(&mut count, suspensions));
                    black_box(count)
                });
            },
        );
    }
    group.finish();
}

criterion_group! {
    name = benches;
    config = Criterion::default().sample_size(10);
    targets = cost
}
criterion_main!(benches);
