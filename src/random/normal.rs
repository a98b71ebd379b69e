//! Standard normal draws by inversion (Wichura 1988, algorithm AS 241), from the tail distance of
//! the point, so that both tails are reached and are mirror images of each other.

use super::host_float::{HostFloat, SplitPoint};

/// The standard normal quantile of the point behind `word`.
///
/// Never zero or infinite. Magnitudes reach 6.33 in `f32` and 9.15 in `f64`.
#[inline(always)]
pub(crate) fn normal<E: HostFloat>(word: E::Word) -> E {
    let point = E::split_point(word);
    let magnitude = E::normal_quantile_magnitude(point);
    if point.upper { magnitude } else { -magnitude }
}

/// The magnitude of the quantile in single precision.
///
/// The regions and the variables are those of AS 241, the rational functions are not: they were
/// fitted to the *correction* of a leading term, √(2π)·c about the centre and √(−ln p) in the
/// tail, by iteratively reweighted least squares in the relative error of the quantile. The fit
/// errors are 0.08 and 0.2 units in the last place; the tail's holds to −ln p = 22.9, that of the
/// smallest tail, 2^−33.
#[inline(always)]
pub(crate) fn quantile_magnitude_single(point: SplitPoint<f32>) -> f32 {
    const ROOT_TWO_PI: f32 = 2.506_628_3;
    use {SINGLE_CENTRAL as CENTRAL, SINGLE_TAIL as TAIL};
    let SplitPoint { tail, centre, .. } = point;
    let central = centre <= CENTRAL_LIMIT as f32;
    let radius = (-HostFloat::ln(tail)).sqrt();
    let square = centre * centre;
    let argument = if central { 0.18 - square } else { radius - 1.6 };
    let pick = |row: usize, column: usize| {
        if central { CENTRAL[row][column] } else { TAIL[row][column] }
    };
    let polynomial = |row: usize| {
        pick(row, 3)
            .mul_add(argument, pick(row, 2))
            .mul_add(argument, pick(row, 1))
            .mul_add(argument, pick(row, 0))
    };
    let leading = if central { ROOT_TWO_PI * centre } else { radius };
    let factor = if central { square * centre } else { 1.0 };
    (polynomial(0) / polynomial(1)).mul_add(factor, leading)
}

/// The correction about the centre in single precision: numerator and denominator, lowest power of
/// 0.18 − c² first.
pub(super) const SINGLE_CENTRAL: [[f32; 4]; 2] =
    [[4.856_509_2, 69.091_37, 195.181_69, 25.589_07], [1.0, 20.209_48, 110.370_81, 144.073_46]];

/// The correction in the tail in single precision, in √(−ln p) − 1.6.
pub(super) const SINGLE_TAIL: [[f32; 4]; 2] = [
    [-0.176_562_85, 0.564_419_9, 0.424_463_93, 0.064_139_34],
    [1.0, 0.811_763_7, 0.152_965_38, 7.439_862e-5],
];

/// Where the central approximation ends, as a distance from ½.
pub(super) const CENTRAL_LIMIT: f64 = 0.425;

/// The magnitude of the quantile in double precision: routine PPND16 of AS 241.
#[inline(always)]
pub(crate) fn quantile_magnitude_double(point: SplitPoint<f64>) -> f64 {
    const CENTRAL: [[f64; 8]; 2] = [
        [
            3.387_132_872_796_366_608,
            1.331_416_678_917_843_774_5e2,
            1.971_590_950_306_551_442_7e3,
            1.373_169_376_550_946_112_5e4,
            4.592_195_393_154_987_145_7e4,
            6.726_577_092_700_870_085_3e4,
            3.343_057_558_358_812_810_5e4,
            2.509_080_928_730_122_672_7e3,
        ],
        [
            1.0,
            4.231_333_070_160_091_125_2e1,
            6.871_870_074_920_579_083e2,
            5.394_196_021_424_751_107_7e3,
            2.121_379_430_158_659_586_7e4,
            3.930_789_580_009_271_061e4,
            2.872_908_573_572_194_267_4e4,
            5.226_495_278_852_854_561e3,
        ],
    ];
    const TAIL: [[f64; 8]; 2] = [
        [
            1.423_437_110_749_683_577_34,
            4.630_337_846_156_545_295_9,
            5.769_497_221_460_691_405_5,
            3.647_848_324_763_204_605_04,
            1.270_458_252_452_368_382_58,
            2.417_807_251_774_506_117_7e-1,
            2.272_384_498_926_918_458_33e-2,
            7.745_450_142_783_414_076_4e-4,
        ],
        [
            1.0,
            2.053_191_626_637_758_821_87,
            1.676_384_830_183_803_849_4,
            6.897_673_349_851_000_045_5e-1,
            1.481_039_764_274_800_745_9e-1,
            1.519_866_656_361_645_719_66e-2,
            5.475_938_084_995_344_946e-4,
            1.050_750_071_644_416_843_24e-9,
        ],
    ];
    const FAR_TAIL: [[f64; 8]; 2] = [
        [
            6.657_904_643_501_103_777_2,
            5.463_784_911_164_114_369_9,
            1.784_826_539_917_291_335_8,
            2.965_605_718_285_048_912_3e-1,
            2.653_218_952_657_612_309_3e-2,
            1.242_660_947_388_078_438_6e-3,
            2.711_555_568_743_487_578_15e-5,
            2.010_334_399_292_288_132_65e-7,
        ],
        [
            1.0,
            5.998_322_065_558_879_376_9e-1,
            1.369_298_809_227_358_053_1e-1,
            1.487_536_129_085_061_485_25e-2,
            7.868_691_311_456_132_591e-4,
            1.846_318_317_510_054_681_8e-5,
            1.421_511_758_316_445_888_7e-7,
            2.044_263_103_389_939_785_64e-15,
        ],
    ];
    let SplitPoint { tail, centre, .. } = point;
    let radius = (-HostFloat::ln(tail)).sqrt();
    let inner = ratio_parts(&CENTRAL, CENTRAL_LIMIT * CENTRAL_LIMIT - centre * centre);
    let near = ratio_parts(&TAIL, radius - 1.6);
    let far = ratio_parts(&FAR_TAIL, radius - 5.0);
    let outer = if radius > 5.0 { far } else { near };
    let central = centre <= CENTRAL_LIMIT;
    let numerator = if central { centre * inner.0 } else { outer.0 };
    let denominator = if central { inner.1 } else { outer.1 };
    numerator / denominator
}

/// Numerator and denominator of a rational function, for one division after the choice.
#[inline(always)]
fn ratio_parts(coefficients: &[[f64; 8]; 2], argument: f64) -> (f64, f64) {
    let mut parts = [coefficients[0][7], coefficients[1][7]];
    for column in (0..7).rev() {
        for row in 0..2 {
            parts[row] = parts[row].mul_add(argument, coefficients[row][column]);
        }
    }
    (parts[0], parts[1])
}
