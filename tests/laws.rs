//! Every law on every registered instance: on each device compiled in, in both precisions, plain,
//! with autodiff and with autodiff and gradient checkpointing.

use std::collections::BTreeSet;

use burn::tensor::{DType, Device};

mod common;
mod registry;

use common::{Promises, families, files, first_device, in_parallel, is_wanted, settings};
use registry::capabilities::Outcome;
use registry::entry::Entry;
use registry::families::{bijectors, distributions};

/// Where a driver compiles, it compiles the kernels of every rank anew, which on a software driver
/// takes an hour for the registry: one rank is run there. The formulas of a family are the same at
/// each.
fn runs_on(entry: &Entry, device: &Device) -> bool {
    device.is_host() || entry.rank == 2
}

/// Runs all entries in all settings, and reports all that fails. `PUSHFORWARD_FAMILY=normal` runs
/// those of `normal.rs` alone, which is enough while it is being written.
fn run(entries: &[Entry], laws: impl Fn(&Entry, &Device, DType) -> Vec<Outcome> + Sync) {
    let mut jobs = Vec::new();
    for (device, dtype) in settings() {
        let here = entries
            .iter()
            .filter(|entry| is_wanted(entry.file))
            .filter(|entry| runs_on(entry, &device));
        jobs.extend(here.map(|entry| (entry, device.clone(), dtype)));
    }
    let outcomes = in_parallel(&jobs, |(entry, device, dtype)| laws(entry, device, *dtype));
    let errors = outcomes.into_iter().flatten().filter_map(Result::err);
    let shown: Vec<String> = errors.map(|error| error.to_string()).collect();
    assert!(shown.is_empty(), "{} laws fail:\n{}", shown.len(), shown.join("\n"));
}

#[test]
fn values_of_distributions() {
    run(&distributions(), |entry, device, dtype| (entry.values)(device, dtype));
}

#[test]
fn gradients_of_distributions() {
    run(&distributions(), |entry, device, dtype| {
        (entry.gradients)(&device.clone().autodiff(), dtype)
    });
}

#[test]
fn gradients_of_distributions_with_checkpointing() {
    run(&distributions(), |entry, device, dtype| {
        (entry.gradients)(&device.clone().autodiff().gradient_checkpointing(), dtype)
    });
}

#[test]
fn draws_agree_across_devices() {
    let reference = first_device();
    run(&distributions(), |entry, device, dtype| {
        if device == &reference || !reference.promises(dtype) {
            return Vec::new();
        }
        (entry.across)(device, &reference, dtype)
    });
}

#[test]
fn values_of_bijectors() {
    run(&bijectors(), |entry, device, dtype| (entry.values)(device, dtype));
}

#[test]
fn gradients_of_bijectors() {
    run(&bijectors(), |entry, device, dtype| {
        let autodiff = device.clone().autodiff();
        let mut outcomes = (entry.gradients)(&autodiff, dtype);
        outcomes.extend((entry.gradients)(&autodiff.gradient_checkpointing(), dtype));
        outcomes
    });
}

fn registered(entries: &[Entry]) -> BTreeSet<String> {
    entries.iter().map(|entry| entry.file.to_string()).collect()
}

#[test]
fn every_family_is_registered() {
    assert_eq!(families(), registered(&distributions()), "src/distributions and the registry");
}

#[test]
fn every_bijector_is_registered() {
    // A spline is exact to a rounding of its box, not of each number in it: it has laws of its own,
    // in `tests/flows`.
    let others = ["mod", "image", "increments", "parametric", "rational_quadratic_spline"];
    let bijectors_here = files("src/bijectors", &others);
    assert_eq!(bijectors_here, registered(&bijectors()), "src/bijectors and the registry");
}

/// Most families at each rank that the laws can put points along.
#[test]
fn families_are_registered_at_every_rank() {
    for rank in 1..=3 {
        let here = registered(
            &distributions().into_iter().filter(|entry| entry.rank == rank).collect::<Vec<_>>(),
        );
        assert!(here.len() >= 3, "rank {rank}: {here:?}");
    }
}
