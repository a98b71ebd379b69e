use burn::tensor::{Device,Tensor,Distribution as Fill}; use pushforward::prelude::*;
fn best(k: usize, mut f: impl FnMut()) -> f64 {
    let mut b = f64::MAX;
    for _ in 0..k {
        let t = std::time::Instant::now();
        f();
        b = b.min(t.elapsed().as_secs_f64());
    }
    b * 1e3
}
#[test]
fn quick() {
    for (name, d) in [("flex", Device::flex()), ("ndarray", Device::ndarray())] {
        for n in [1usize, 1_000_000] {
            let r = |l, h| Tensor::<1>::random([n], Fill::Uniform(l, h), &d);
            let (x, l, s) = (r(-3.0, 3.0), r(-1.0, 1.0), r(0.5, 2.0));
            let normal = Normal::new(l.clone(), s.clone());
            let k = if n == 1 { 20000 } else { 60 };
            println!(
                "{name} {n} normal log_prob {:.5}",
                best(k, || {
                    std::hint::black_box(normal.log_prob(x.clone()));
                })
            );
            let nn = Normal::new(l.clone().slice([0..1]), 1.0);
            println!(
                "{name} {n} normal log_prob scalars {:.5}",
                best(k, || {
                    std::hint::black_box(nn.log_prob(x.clone()));
                })
            );
            let (la, sa) = (
                Tensor::<1>::from_inner(l.clone()).require_grad(),
                Tensor::<1>::from_inner(s.clone()).require_grad(),
            );
            println!(
                "{name} {n} normal value+grad {:.5}",
                best(k, || {
                    let y = Normal::new(la.clone(), sa.clone())
                        .log_prob(Tensor::from_inner(x.clone()))
                        .sum();
                    let g = y.backward();
                    std::hint::black_box((la.grad(&g), sa.grad(&g)));
                })
            );
            println!(
                "{name} {n} construct {:.5}",
                best(k, || {
                    std::hint::black_box(Normal::new(l.clone(), s.clone()));
                })
            );
            println!(
                "{name} {n} sum {:.5}",
                best(k, || {
                    std::hint::black_box(x.clone().sum());
                })
            );
            let mut rng = rand::rng();
            println!(
                "{name} {n} normal rsample {:.5}",
                best(k, || {
                    std::hint::black_box(normal.rsample([n], &mut rng));
                })
            );
            let t = normal.clone().pushforward(Tanh);
            println!(
                "{name} {n} tanh-normal rsample+lp {:.5}",
                best(k, || {
                    std::hint::black_box(t.rsample_and_log_prob([n], &mut rng));
                })
            );
        }
    }
}
