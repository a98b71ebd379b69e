//! Bijectors, one a file.

mod affine;
mod composed;
mod exp;
mod identity;
mod inverted;
mod sequential;
mod sigmoid;
mod tanh;

pub use affine::Affine;
pub use composed::Composed;
pub(crate) use composed::sum_event;
pub use exp::Exp;
pub use identity::Identity;
pub use inverted::Inverted;
pub use sequential::Sequential;
pub use sigmoid::Sigmoid;
pub use tanh::Tanh;
