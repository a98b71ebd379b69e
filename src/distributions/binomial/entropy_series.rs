//! The asymptotic series of the entropy of sums of many independent events.

use crate::constants::LN_TWO_PI_E;
use crate::kernel::Real;

/// How many powers of 1/v are summed. Eight leave 4e-9 of the entropy from a variance of 16 on, and
/// 1e-7 of its slope; in `f64` fourteen leave 8e-18 and 2e-16 from 48 on.
const TERMS_F32: usize = 8;
const TERMS_F64: usize = 14;

/// For n trials with variance v = ns, s = p(1 − p), the entropy is ½ ln 2πev + Σₖ cₖ(s)/vᵏ (Knessl
/// 1998), where the polynomial cₖ is of degree k. For each k the coefficients from s⁰ on, from the
/// central moments of the count and Stirling's series, in rational numbers; those of s⁰ are the
/// series of Poisson's law (Evans and Boersma 1988). With n = −r and p = −θ, the odds, it is that of
/// a negative binomial of r failures.
const SERIES: [&[f64]; TERMS_F64] = [
    &[-1.0 / 12.0, 1.0 / 3.0],
    &[-1.0 / 24.0, 1.0 / 6.0, -1.0 / 12.0],
    &[-19.0 / 360.0, 17.0 / 60.0, -1.0 / 3.0, 1.0 / 90.0],
    &[-9.0 / 80.0, 23.0 / 30.0, -22.0 / 15.0, 2.0 / 3.0, 1.0 / 120.0],
    &[-863.0 / 2520.0, 715.0 / 252.0, -949.0 / 126.0, 41.0 / 6.0, -4.0 / 3.0, -1.0 / 210.0],
    &[
        -1375.0 / 1008.0,
        373.0 / 28.0,
        -3803.0 / 84.0,
        3932.0 / 63.0,
        -181.0 / 6.0,
        8.0 / 3.0,
        -1.0 / 252.0,
    ],
    &[
        -33953.0 / 5040.0,
        27289.0 / 360.0,
        -4712.0 / 15.0,
        8761.0 / 15.0,
        -2352.0 / 5.0,
        3871.0 / 30.0,
        -16.0 / 3.0,
        1.0 / 210.0,
    ],
    &[
        -57281.0 / 1440.0,
        45617.0 / 90.0,
        -223_093.0 / 90.0,
        261_626.0 / 45.0,
        -598_937.0 / 90.0,
        150_302.0 / 45.0,
        -16229.0 / 30.0,
        32.0 / 3.0,
        1.0 / 240.0,
    ],
    &[
        -3_250_433.0 / 11880.0,
        2_570_353.0 / 660.0,
        -7_245_449.0 / 330.0,
        30_811_051.0 / 495.0,
        -15_342_452.0 / 165.0,
        1_048_669.0 / 15.0,
        -204_994.0 / 9.0,
        13427.0 / 6.0,
        -64.0 / 3.0,
        -5.0 / 594.0,
    ],
    &[
        -378_351.0 / 176.0,
        4_462_849.0 / 132.0,
        -28_496_731.0 / 132.0,
        23_700_580.0 / 33.0,
        -14_610_292.0 / 11.0,
        44_497_472.0 / 33.0,
        -4_163_071.0 / 6.0,
        452_794.0 / 3.0,
        -55033.0 / 6.0,
        128.0 / 3.0,
        -1.0 / 132.0,
    ],
    &[
        -13_695_779_093.0 / 720_720.0,
        10_721_257_909.0 / 32760.0,
        -19_119_467_729.0 / 8190.0,
        5_217_109_238.0 / 585.0,
        -80_675_139_703.0 / 4095.0,
        103_844_945_909.0 / 4095.0,
        -5_742_470_134.0 / 315.0,
        2_080_563_782.0 / 315.0,
        -308_460_526.0 / 315.0,
        1_120_471.0 / 30.0,
        -256.0 / 3.0,
        691.0 / 30030.0,
    ],
    &[
        -24_466_579_093.0 / 131_040.0,
        6_360_393_031.0 / 1820.0,
        -150_388_991_177.0 / 5460.0,
        97_332_727_357.0 / 819.0,
        -119_199_200_599.0 / 390.0,
        217_650_381_904.0 / 455.0,
        -609_536_589_908.0 / 1365.0,
        24_556_689_448.0 / 105.0,
        -4_264_310_061.0 / 70.0,
        1_969_646_074.0 / 315.0,
        -4_541_189.0 / 30.0,
        512.0 / 3.0,
        691.0 / 32760.0,
    ],
    &[
        -132_282_840_127.0 / 65520.0,
        102_841_288_703.0 / 2520.0,
        -147_919_941_047.0 / 420.0,
        1_067_270_138_107.0 / 630.0,
        -1_567_101_333_548.0 / 315.0,
        27_568_883_060.0 / 3.0,
        -668_869_969_784.0 / 63.0,
        2_329_453_509_388.0 / 315.0,
        -14_406_276_846.0 / 5.0,
        2_741_133_681.0 / 5.0,
        -118_321_294.0 / 3.0,
        3_668_483.0 / 6.0,
        -1024.0 / 3.0,
        -7.0 / 78.0,
    ],
    &[
        -34_315_463_689.0 / 1440.0,
        37_249_108_595.0 / 72.0,
        -1_746_726_993_449.0 / 360.0,
        1_158_563_142_149.0 / 45.0,
        -85_042_852_168.0,
        2_720_174_552_168.0 / 15.0,
        -11_280_556_612_276.0 / 45.0,
        3_299_246_841_056.0 / 15.0,
        -583_611_725_871.0 / 5.0,
        309_388_774_708.0 / 9.0,
        -87_093_409_897.0 / 18.0,
        2_217_635_758.0 / 9.0,
        -14_780_425.0 / 6.0,
        2048.0 / 3.0,
        -1.0 / 12.0,
    ],
];

/// The entropy of n trials, given the variance and 1/n, and its derivatives in ln s and in ln n.
pub(in crate::distributions) struct Series<R> {
    pub(in crate::distributions) entropy: R,
    pub(in crate::distributions) by_log_product: R,
    pub(in crate::distributions) by_log_trials: R,
}

impl<R: Real> Series<R> {
    #[inline(always)]
    pub(in crate::distributions) fn new(variance: R, per_trial: R) -> Self {
        let terms = if R::double() { TERMS_F64 } else { TERMS_F32 };
        let r = variance.recip();
        let half = R::constant(0.5);
        let mut entropy = (variance.ln() + LN_TWO_PI_E) * 0.5;
        let (mut by_log_product, mut by_log_trials) = (half, half);
        for (index, row) in SERIES[..terms].iter().enumerate() {
            let order = (index + 1) as f64;
            let (mut value, mut slope) = (R::constant(0.0), R::constant(0.0));
            // cₖ(s)/vᵏ in powers of s/v = 1/n and 1/v: for negative n those of s may overflow.
            let mut power = R::constant(1.0);
            for (j, coefficient) in row.iter().enumerate().rev() {
                let term = power * *coefficient;
                value = value * per_trial + term;
                slope = slope * per_trial + term * (j as f64 - order);
                power = power * r;
            }
            entropy = entropy + value;
            by_log_product = by_log_product + slope;
            by_log_trials = by_log_trials - value * order;
        }
        Self { entropy, by_log_product, by_log_trials }
    }
}
