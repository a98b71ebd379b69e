//! Errors and panics name the place.

use burn::tensor::{DType, Device, Tensor};
use pushforward::prelude::*;

use super::{Full, settings, tensor};

#[test]
fn errors_name_the_place() {
    for setting in settings() {
        let loc = || tensor::<2>(&[0.0, 0.0], [1, 2], &setting);
        let matrix = |values: [f64; 4]| {
            tensor::<3>(&[[1.0, 0.0, 0.0, 1.0], values].concat(), [2, 2, 2], &setting)
        };
        let error =
            |result: Result<Full, ParameterError>| result.expect_err("an error").to_string();
        let covariance = |values| error(Full::try_from_covariance(loc(), matrix(values)));
        assert_eq!(
            covariance([1.0, 0.5, 0.25, 1.0]),
            "MultivariateNormal: `covariance`[1, 0, 1] is 0.5, but must be equal to its mirror image"
        );
        assert_eq!(
            covariance([1.0, 2.0, 2.0, 3.0]),
            "MultivariateNormal: `covariance`[1, 1, 1] is 3, but must be larger for the matrix to be \
             positive definite"
        );
        assert_eq!(
            error(Full::try_from_precision(loc(), matrix([1.0, f64::NAN, 0.0, 1.0]))),
            "MultivariateNormal: `precision`[1, 0, 1] is NaN, but must be finite"
        );
        let tril = |values| error(Full::try_from_scale_tril(loc(), matrix(values)));
        assert_eq!(
            tril([1.0, 0.5, 0.5, 1.0]),
            "MultivariateNormal: `scale_tril`[1, 0, 1] is 0.5, but must be 0 above the diagonal"
        );
        assert_eq!(
            tril([1.0, 0.0, 0.5, -1.0]),
            "MultivariateNormal: `scale_tril`[1, 1, 1] is -1, but must be positive on the diagonal"
        );
        let broken = tensor::<2>(&[0.0, f64::INFINITY], [1, 2], &setting);
        assert_eq!(
            error(Full::try_from_covariance(broken, matrix([1.0, 0.0, 0.0, 1.0]))),
            "MultivariateNormal: `loc`[0, 1] is inf, but must be finite"
        );
        assert!(Full::try_from_covariance(loc(), matrix([2.0, 0.5, 0.5, 1.0])).is_ok());

        let low = |factor: [f64; 2], diagonal: [f64; 2]| {
            let (factor, diagonal) =
                (tensor::<3>(&factor, [1, 2, 1], &setting), tensor(&diagonal, [1, 2], &setting));
            LowRankMultivariateNormal::try_new(loc(), factor, diagonal)
                .expect_err("an error")
                .to_string()
        };
        assert_eq!(
            low([1.0, f64::NAN], [1.0, 1.0]),
            "LowRankMultivariateNormal: `cov_factor`[0, 1, 0] is NaN, but must be finite"
        );
        assert_eq!(
            low([1.0, 1.0], [1.0, 0.0]),
            "LowRankMultivariateNormal: `cov_diag`[0, 1] is 0, but must be positive and finite"
        );
    }
}

#[test]
#[should_panic(expected = "`loc` of shape [1, 3] does not fit `covariance` of shape [1, 2, 2]")]
fn misfits_are_named() {
    let setting = (Device::flex(), DType::F32);
    let matrix = tensor::<3>(&[1.0, 0.0, 0.0, 1.0], [1, 2, 2], &setting);
    let _ = Full::from_covariance(tensor(&[0.0; 3], [1, 3], &setting), matrix);
}

#[test]
#[should_panic(expected = "`cov_factor` of shape [1, 2, 0] has no column")]
fn a_factor_of_no_columns_is_named() {
    let (device, loc) = (Device::flex(), [[0.0, 1.0]]);
    let loc = Tensor::<2>::from_floats(loc, &device);
    let _ =
        LowRankMultivariateNormal::new(loc.clone(), Tensor::<3>::zeros([1, 2, 0], &device), loc);
}

/// The constraints as sets of matrices, each row by row.
#[test]
fn supports_tell_which_matrices_belong() {
    for setting in settings() {
        let matrices = [
            [2.0, 0.5, 0.5, 1.0],
            [1.0, 0.0, 0.5, 2.0],
            [1.0, 2.0, 2.0, 1.0],
            [1.0, 0.0, 0.5, 0.0],
            [1.0, 0.0, f64::NAN, 2.0],
            [1.0, 0.0, 0.0, 2.0],
        ];
        let inside = |set: Support| {
            let flat = tensor::<2>(&matrices.concat(), [6, 4], &setting);
            set.contains(flat).into_data().iter::<bool>().collect::<Vec<_>>()
        };
        let positive = [true, false, false, false, false, true];
        assert_eq!(inside(Support::PositiveDefinite), positive, "{setting:?}");
        let lower = [false, true, false, false, false, true];
        assert_eq!(inside(Support::LowerCholesky), lower, "{setting:?}");
    }
}
