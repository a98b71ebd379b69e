//! Constants of many densities.

/// ln 2π.
pub(crate) const LN_TWO_PI: f64 = 1.837_877_066_409_345_5;
/// ln 2πe.
pub(crate) const LN_TWO_PI_E: f64 = 2.837_877_066_409_345_5;
/// ½ ln 2π.
pub(crate) const HALF_LN_TWO_PI: f64 = 0.918_938_533_204_672_7;
/// √(π/2).
pub(crate) const SQRT_HALF_PI: f64 = 1.253_314_137_315_500_3;
/// √(2/π), the mean of |z| for a standard Normal.
pub(crate) const MEAN_ABSOLUTE_NORMAL: f64 = 0.797_884_560_802_865_4;
