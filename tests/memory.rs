//! What the engine allocates: a density its output, a backward pass its gradients, and nothing for
//! operands that broadcast; and that the memory of large tensors is used again.
#![cfg(feature = "flex")]

use std::alloc::{GlobalAlloc, Layout, System};
use std::sync::atomic::{AtomicUsize, Ordering};

use burn::tensor::{Device, Tensor};
use pushforward::prelude::*;

/// The system's allocator, counting.
struct Counting;

static ALLOCATED: AtomicUsize = AtomicUsize::new(0);

#[allow(unsafe_code, reason = "an allocator is unsafe by its trait; this one only counts")]
// SAFETY: every call is passed on unchanged.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        ALLOCATED.fetch_add(layout.size(), Ordering::Relaxed);
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        unsafe { System.dealloc(pointer, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

/// Bytes allocated by a second run of `work`; the first one starts threads and fills caches.
fn allocated(work: impl Fn()) -> usize {
    work();
    let before = ALLOCATED.load(Ordering::Relaxed);
    work();
    ALLOCATED.load(Ordering::Relaxed) - before
}

/// Room for shapes, handles and graph nodes, whatever the number of elements.
const BOOKKEEPING: usize = 24 * 1024;

const ROWS: usize = 500;
const COLUMNS: usize = 600;
const TENSOR: usize = ROWS * COLUMNS * size_of::<f32>();

fn assert_allocates(what: &str, tensors: usize, work: impl Fn()) {
    let bytes = allocated(work);
    let expected = tensors * TENSOR;
    assert!(
        (expected..expected + BOOKKEEPING).contains(&bytes),
        "{what}: {bytes} bytes allocated, {expected} expected"
    );
}

/// Page faults of this process so far.
#[cfg(all(target_os = "linux", target_env = "gnu"))]
fn page_faults() -> u64 {
    let status = std::fs::read_to_string("/proc/self/stat").expect("Linux has it");
    // After the name of the program, which may hold spaces: the eighth field.
    let (_, fields) = status.rsplit_once(')').expect("the name is in parentheses");
    fields.split_whitespace().nth(7).and_then(|field| field.parse().ok()).expect("a number")
}

/// glibc would return each of these to the system as soon as it is dropped.
#[cfg(all(target_os = "linux", target_env = "gnu"))]
fn memory_of_large_tensors_is_used_again(device: &Device) {
    const COUNT: usize = 1_000_000;
    const PAGES: u64 = (COUNT * size_of::<f32>() / 4096) as u64;
    let full = || Tensor::<1>::ones([COUNT], device);
    let (normal, value) = (Normal::new(full(), full()), full());
    let work = || drop([(); 4].map(|()| normal.log_prob(value.clone())));
    work();
    let before = page_faults();
    (0..10).for_each(|_| work());
    let faults = page_faults() - before;
    // Forty tensors; without care, each has pages of its own.
    assert!(faults < 2 * PAGES, "{faults} page faults, a tensor has {PAGES} pages");
}

// One test, because the counters are shared.
#[test]
fn densities_allocate_their_output_and_backward_the_gradients() {
    let device = Device::flex();
    let full = || Tensor::<2>::ones([ROWS, COLUMNS], &device);
    let (row, column) = (Tensor::ones([1, COLUMNS], &device), Tensor::ones([ROWS, 1], &device));

    let value = full();
    let dense = Normal::new(full(), full());
    assert_allocates("dense parameters", 1, || drop(dense.log_prob(value.clone())));
    let broadcast = Normal::new(row, column);
    assert_allocates("broadcast parameters", 1, || drop(broadcast.log_prob(value.clone())));

    let track = |x: Tensor<2>| Tensor::from_inner(x).require_grad();
    let (loc, scale) = (track(full()), track(full()));
    let constant = Tensor::from_inner(full());
    let log_prob = |loc: &Tensor<2>, scale: &Tensor<2>| {
        Normal::new(loc.clone(), scale.clone()).log_prob(constant.clone()).sum()
    };
    // The value, the gradient that Burn's `sum` sends back, and those of both parameters.
    assert_allocates("dense gradients", 4, || {
        let gradients = log_prob(&loc, &scale).backward();
        drop((loc.grad(&gradients), scale.grad(&gradients)));
    });
    let (loc, scale) = (track(Tensor::ones([1, 1], &device)), track(Tensor::ones([1, 1], &device)));
    assert_allocates("gradients of numbers", 2, || {
        let gradients = log_prob(&loc, &scale).backward();
        drop((loc.grad(&gradients), scale.grad(&gradients)));
    });

    #[cfg(all(target_os = "linux", target_env = "gnu"))]
    memory_of_large_tensors_is_used_again(&device);
}
