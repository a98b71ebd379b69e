//! Placeholder.
use pushforward::prelude::*;
use burn::tensor::*;
#[derive(Debug,Clone)]
pub struct Uniform<const D: usize>{low: Tensor<D>, high: f64}
impl<const D: usize> Uniform<D>{ pub fn new(low: Tensor<D>, high: f64)->Self{Self{low,high}}
 pub fn support(&self)->Support{Support::Interval{low:0.0.into(),high:self.high.into()}}
 pub fn log_prob(&self, x: Tensor<D>)->Tensor<D>{ x.zeros_like()+self.low.clone()-self.high.ln()}
}
