//! Layers at the edges of what they are made for: contexts they do not need, single rows, single
//! features.

use burn::tensor::{DType, Device, Tensor};
use pushforward::nn::flows::*;
use pushforward::prelude::*;

use crate::layers::{CONTEXT, FEATURES, layers, takes_context};
use crate::{noise, randomised, read};

/// Layers that need no context accept one, and give the same map without.
#[test]
fn some_layers_ignore_contexts() {
    let setting = (Device::flex(), DType::F32);
    let mut seen = 0;
    for (name, layer) in layers(CONTEXT, &setting.0) {
        if takes_context(&layer) {
            continue;
        }
        seen += 1;
        let layer = randomised(layer, 0.4, 97, DType::F32);
        let x = noise([20, FEATURES], 2.0, 98, &setting);
        for context in [noise([20, CONTEXT], 2.0, 99, &setting), noise([1, 1], 2.0, 100, &setting)]
        {
            let (given, without) = (layer.condition(Some(context)), layer.condition(None));
            for (given, without) in [
                (given.forward_and_log_det(x.clone()), without.forward_and_log_det(x.clone())),
                (given.inverse_and_log_det(x.clone()), without.inverse_and_log_det(x.clone())),
            ] {
                assert_eq!(read(&given.0), read(&without.0), "{name}");
                assert_eq!(read(&given.1), read(&without.1), "{name}");
            }
        }
    }
    assert_eq!(seen, 5);
}

/// One row among several contexts stands for a row for each, and a batch of one row is one row of a
/// larger batch.
#[test]
fn single_rows_are_rows() {
    let setting = (Device::flex(), DType::F32);
    for context in [0, CONTEXT] {
        for (name, layer) in layers(context, &setting.0) {
            let layer = randomised(layer, 0.4, 97, DType::F32);
            let x = noise([3, FEATURES], 2.0, 98, &setting);
            let given = (context > 0).then(|| noise([3, context], 2.0, 99, &setting));
            let near = |a: &Tensor<2>, b: &Tensor<2>| {
                assert_eq!(a.dims(), b.dims(), "{name}");
                let close = |(a, b): (f64, f64)| (a - b).abs() < 1e-4 * (1.0 + b.abs());
                assert!(read(a).into_iter().zip(read(b)).all(close), "{name}");
            };
            let row = |x: &Tensor<2>| x.clone().narrow(0, 1, 1);
            let (y, log_det) = layer.condition(given.clone()).forward_and_log_det(x.clone());
            let alone = layer.condition(given.as_ref().map(row)).forward_and_log_det(row(&x));
            near(&alone.0, &row(&y));
            near(&alone.1, &row(&log_det));
            let same = row(&x).expand([3, FEATURES]);
            let (y, log_det) = layer.condition(given.clone()).inverse_and_log_det(same);
            let spread = layer.condition(given.clone()).inverse_and_log_det(row(&x));
            if given.is_some() {
                near(&spread.0, &y);
                near(&spread.1, &log_det);
            }
        }
    }
}

/// Rows of a single feature go through every layer that can have one.
#[test]
fn one_feature_is_enough() {
    let setting = (Device::flex(), DType::F64);
    let device = &setting.0;
    let network = |element: ElementConfig, one_pass| {
        let config = AutoregressiveConfig::new(1).with_element(element).with_one_pass(one_pass);
        Layer::Autoregressive(config.with_hidden(8).init(device))
    };
    let layers = [
        network(ElementConfig::Affine, OnePass::Density),
        network(ElementConfig::Spline(SplineConfig::new()), OnePass::Sampling),
        Layer::Permutation(PermutationConfig::new(1).init(device)),
        Layer::LuLinear(LuLinearConfig::new(1).init(device)),
        Layer::ActNorm(ActNormConfig::new(1).init(device)),
        Layer::BatchNorm(FlowBatchNormConfig::new(1).init(device)),
        Layer::Planar(PlanarConfig::new(1).init(device)),
        Layer::Radial(RadialConfig::new(1).init(device)),
        Layer::Sylvester(SylvesterConfig::new(1, 1).init(device)),
    ];
    for layer in layers {
        let layer = randomised(layer, 0.5, 3, DType::F64).condition(None);
        let x = noise([30, 1], 3.0, 4, &setting);
        let (y, log_det) = layer.forward_and_log_det(x.clone());
        let (back, minus) = layer.inverse_and_log_det(y.clone());
        let step = 1e-6;
        let quotient =
            (layer.forward(x.clone() + step) - layer.forward(x.clone() - step)) / (2.0 * step);
        let error = |a: Tensor<2>, b: Tensor<2>| (a - b).abs().max().into_scalar::<f64>();
        assert!(error(back, x) < 1e-9, "{layer:?}");
        assert!(error(minus, -log_det.clone()) < 1e-7, "{layer:?}");
        assert!(error(quotient.abs().log(), log_det) < 1e-6, "{layer:?}");
    }
}
