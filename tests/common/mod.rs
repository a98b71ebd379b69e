//! What several test binaries share.
#![allow(dead_code, reason = "not every binary needs all of it")]

use core::num::NonZero;
use core::sync::atomic::{AtomicUsize, Ordering};
use std::collections::BTreeSet;
use std::panic::resume_unwind;
use std::path::Path;
use std::{env, fs, iter, thread};

use burn::tensor::{DType, Device};

/// Every device of the backends compiled in, the host's first.
#[allow(deprecated, reason = "NdArray keeps its users")]
pub(crate) fn every_device() -> Vec<Device> {
    vec![
        #[cfg(feature = "flex")]
        Device::flex(),
        #[cfg(feature = "ndarray")]
        Device::ndarray(),
        #[cfg(feature = "wgpu")]
        Device::wgpu(burn::tensor::DeviceKind::DefaultDevice),
    ]
}

/// Where one device is enough, or all are compared with one.
pub(crate) fn first_device() -> Device {
    every_device().remove(0)
}

/// The devices to be tested: every one, or with `PUSHFORWARD_GPU_ONLY` in the environment those that are not the
/// host's, which a run without it has tested.
pub(crate) fn devices() -> Vec<Device> {
    let all = env::var_os("PUSHFORWARD_GPU_ONLY").is_none();
    let devices = every_device().into_iter();
    let tested: Vec<_> = devices.filter(|device| all || !device.is_host()).collect();
    assert!(!tested.is_empty(), "no device of a GPU is compiled in");
    tested
}

/// Every such device of which the precision is promised.
pub(crate) fn devices_in(dtype: DType) -> Vec<Device> {
    devices().into_iter().filter(|device| device.promises(dtype)).collect()
}

/// The precisions that are promised of a device.
pub(crate) fn precisions(device: &Device) -> Vec<DType> {
    [DType::F32, DType::F64].into_iter().filter(|dtype| device.promises(*dtype)).collect()
}

/// A device and a precision.
pub(crate) type Setting = (Device, DType);

/// Every device to be tested in every precision that is promised of it.
pub(crate) fn settings() -> Vec<Setting> {
    let of_device =
        |device: Device| precisions(&device).into_iter().map(move |d| (device.clone(), d));
    devices().into_iter().flat_map(of_device).collect()
}

/// The `.rs` files of a source folder that are not among `helpers`.
pub(crate) fn files(folder: &str, helpers: &[&str]) -> BTreeSet<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
    fs::read_dir(&folder)
        .unwrap_or_else(|error| panic!("{}: {error}", folder.display()))
        .map(|entry| entry.expect("a readable entry").path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "rs"))
        .filter_map(|path| Some(path.file_stem()?.to_str()?.to_string()))
        .filter(|name| !helpers.contains(&name.as_str()))
        .collect()
}

/// The files of the families.
pub(crate) fn families() -> BTreeSet<String> {
    let helpers =
        ["mod", "counts", "given", "moment_generating", "odds", "powers", "trials", "waiting"];
    files("src/distributions", &helpers)
}

/// `check` in every setting: plain, with autodiff, and with autodiff and gradient checkpointing.
pub(crate) fn each(check: impl Fn(&Device, DType)) {
    for (device, dtype) in settings() {
        check(&device, dtype);
        check(&device.clone().autodiff(), dtype);
        check(&device.autodiff().gradient_checkpointing(), dtype);
    }
}

/// The distance from 1 to the next number.
pub(crate) fn epsilon(dtype: DType) -> f64 {
    if dtype == DType::F64 { f64::EPSILON } else { f32::EPSILON.into() }
}

/// The family that alone is wanted while it is being written: all are where there is none.
pub(crate) fn is_wanted(family: &str) -> bool {
    env::var("PUSHFORWARD_FAMILY").map_or(true, |only| only == family)
}

/// What `work` makes of each job, in their order, on as many threads as tests may run: a test that goes through all
/// families takes longer than all others together, and would leave the other cores idle.
///
/// Not on rayon's threads: one that waits there for a loop of the engine takes up another job meanwhile, under
/// whatever locks of a backend it holds.
pub(crate) fn in_parallel<J: Sync, R: Send>(jobs: &[J], work: impl Fn(&J) -> R + Sync) -> Vec<R> {
    let asked = env::var("RUST_TEST_THREADS").ok().and_then(|threads| threads.parse().ok());
    let threads = asked.or_else(|| thread::available_parallelism().ok()).map_or(1, NonZero::get);
    let next = AtomicUsize::new(0);
    let share = || -> Vec<(usize, R)> {
        let take = || {
            let at = next.fetch_add(1, Ordering::Relaxed);
            jobs.get(at).map(|job| (at, work(job)))
        };
        iter::from_fn(take).collect()
    };
    let mut results: Vec<(usize, R)> = thread::scope(|scope| {
        let workers: Vec<_> = (0..threads).map(|_| scope.spawn(share)).collect();
        let shares = workers.into_iter().map(|worker| worker.join());
        shares.flat_map(|share| share.unwrap_or_else(|panic| resume_unwind(panic))).collect()
    });
    results.sort_by_key(|(at, _)| *at);
    results.into_iter().map(|(_, result)| result).collect()
}

/// What is promised of a device.
pub(crate) trait Promises {
    /// Whether the precision is promised: `f64` on the CPU only.
    ///
    /// The driver below a GPU backend may report `f64` and yet compute wrongly: with Burn 0.22.1 on
    /// wgpu over Mesa's software driver, Burn's own composed operations do.
    fn promises(&self, dtype: DType) -> bool;

    /// Whether it computes in this crate's own loops; elsewhere drivers compute, and round the
    /// elementary functions.
    fn is_host(&self) -> bool;
}

impl Promises for Device {
    fn promises(&self, dtype: DType) -> bool {
        dtype == DType::F32 || (dtype == DType::F64 && self.is_host())
    }

    fn is_host(&self) -> bool {
        format!("{self:?}").contains("Cpu")
    }
}
