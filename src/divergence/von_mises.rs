//! The divergence between two von Mises distributions.

use core::f64::consts::PI;

use burn::tensor::Tensor;

use super::closed_form;
use crate::distribution::KlDivergence;
use crate::distributions::VonMises;
use crate::kernel::{Formula, Op, Real};

/// Nodes and weights of Gauss and Jacobi's formulas for ∫ (1 − s) f(s) ds over [0, 1].
const NODES_SINGLE: [(f64, f64); 5] = [
    (0.039_809_857_051_468_74, 0.096_781_590_226_651_68),
    (0.198_013_417_873_608_18, 0.167_174_638_094_369_55),
    (0.437_974_810_247_386_16, 0.146_386_987_084_669_8),
    (0.695_464_273_353_636_1, 0.073_908_870_072_616_66),
    (0.901_464_914_201_173_6, 0.015_747_914_521_692_274),
];
const NODES_DOUBLE: [(f64, f64); 10] = [
    (0.011_917_613_432_415_597, 0.030_099_508_024_037_023),
    (0.061_732_071_877_148_124, 0.064_287_154_509_082_57),
    (0.147_111_449_643_070_24, 0.086_211_300_289_176_03),
    (0.261_159_676_008_456_24, 0.092_696_893_677_723_42),
    (0.394_639_846_885_786_85, 0.084_557_109_690_827_33),
    (0.536_738_765_715_660_6, 0.066_053_075_563_350_38),
    (0.675_944_461_676_665_1, 0.043_401_906_407_150_62),
    (0.800_978_921_036_898_8, 0.022_774_591_453_263_03),
    (0.901_710_987_790_146_8, 0.008_419_319_782_983_187),
    (0.969_970_967_838_513_6, 0.001_499_140_602_406_394),
];

static FORMULA: Op<4> = Op::new::<VonMisesToVonMises>();

struct VonMisesToVonMises;

/// ln I₀(κ′) − ln I₀(κ) − (κ′ − κ) A(κ) ≥ 0, with A = I₁/I₀.
#[inline(always)]
fn bessel_bregman<R: Real>(to: R, from: R) -> R {
    let difference = to - from;
    // Near each other the terms cancel: by Taylor's remainder ∫ (1 − s) A′(κ + s (κ′ − κ)) ds,
    // whose integrand is positive and smooth.
    let mean = if R::double() {
        remainder(from, difference, &NODES_DOUBLE)
    } else {
        remainder(from, difference, &NODES_SINGLE)
    };
    let close = difference.square() * mean;
    // Apart, ln I₀ itself for small κ, and less κ for large κ, where e^κ overflows.
    let small = to.log_i0() - from.log_i0() - difference * from.bessel_ratio();
    let large = (to.i0e() / from.i0e()).ln() + difference * from.bessel_ratio_complement();
    let apart = R::select(to.max(from).lt(R::constant(4.0)), small, large);
    let near = to.le(from * 2.0) & from.le(to * 2.0);
    R::select(near, close, apart)
}

#[inline(always)]
fn remainder<R: Real>(from: R, difference: R, nodes: &[(f64, f64)]) -> R {
    nodes.iter().fold(R::constant(0.0), |sum, (node, weight)| {
        sum + (from + difference * *node).bessel_ratio_slope() * *weight
    })
}

/// sin ½(x − y) and cos ½(x − y).
#[inline(always)]
fn half_angle<R: Real>(x: R, y: R) -> (R, R) {
    let turns = (x - y) * (0.5 / PI);
    (turns.sin_pi(), turns.cos_pi())
}

impl Formula<4> for VonMisesToVonMises {
    const NAME: &'static str = "KL(VonMises ‖ VonMises)";
    const INPUTS: [&'static str; 4] = ["loc", "concentration", "other loc", "other concentration"];

    #[inline(always)]
    fn evaluate<R: Real>([loc, from, to_loc, to]: [R; 4]) -> R {
        // 1 − cos(loc − loc′) cancels for directions that nearly agree.
        let (sine, _) = half_angle(loc, to_loc);
        let turned = to * from.bessel_ratio() * sine.square() * 2.0;
        let valid = from.ge(R::constant(0.0)) & to.ge(R::constant(0.0));
        R::select(valid, bessel_bregman(to, from) + turned, R::constant(f64::NAN))
    }

    // The gradient is far shorter than the value.
    #[inline(always)]
    fn partials<R: Real>([loc, from, to_loc, to]: [R; 4]) -> [R; 4] {
        let (sine, cosine) = half_angle(loc, to_loc);
        let (ratio, slope) = (from.bessel_ratio(), from.bessel_ratio_slope());
        let rise = sine.square() * 2.0;
        let by_loc = to * ratio * sine * cosine * 2.0;
        let by_from = slope * (to * rise - (to - from));
        // A(κ′) − A(κ), for large concentrations of complements, which keep their digits.
        let of_large = from.bessel_ratio_complement() - to.bessel_ratio_complement();
        let small = to.max(from).lt(R::constant(1.0));
        let gained = R::select(small, to.bessel_ratio() - ratio, of_large);
        [by_loc, by_from, -by_loc, gained + ratio * rise]
    }
}

impl<const D: usize> KlDivergence<D, VonMises<D>> for VonMises<D> {
    fn kl_divergence(&self, other: &VonMises<D>) -> Tensor<D> {
        closed_form(&FORMULA, self, other)
    }
}
