//! A learnable distribution as a Burn module.
//!
//! Written out, because a derived module would name its parameters by their numbers in the record.

use core::fmt::Debug;

use burn::module::{
    Content, Devices, Module, ModuleDisplay, ModuleDisplayDefault, ModuleMapper, ModuleVisitor,
    Param,
};
use burn::tensor::{Device, Tensor};

use super::Learnable;
use super::slot::Slot;
use crate::parameter::Parametric;

const CONTAINER: &str = "Struct:Learnable";

impl<F, const D: usize> Learnable<F, D> {
    /// The same with every tensor transformed, of which the name is known.
    fn each(self, mut transform: impl FnMut(&str, Param<Tensor<D>>) -> Param<Tensor<D>>) -> Self {
        let slots = self.slots.into_iter();
        let slots = slots.map(|slot| Slot { param: transform(&slot.name, slot.param), ..slot });
        Self { template: self.template, slots: slots.collect() }
    }
}

impl<F, const D: usize> Module for Learnable<F, D>
where
    F: Parametric<D, WithRank<D> = F> + Clone + Debug + Send,
{
    fn collect_devices(&self, devices: Devices) -> Devices {
        self.slots.iter().fold(devices, |devices, slot| slot.param.collect_devices(devices))
    }

    fn fork(self, device: &Device) -> Self {
        let template = self.template.clone().to_device(device);
        Self { template, ..self }.each(|_, param| param.fork(device))
    }

    fn to_device(self, device: &Device) -> Self {
        let template = self.template.clone().to_device(device);
        Self { template, ..self }.each(|_, param| param.to_device(device))
    }

    fn train(self) -> Self {
        self.each(|_, param| param.train())
    }

    fn valid(&self) -> Self {
        self.clone().each(|_, param| param.valid())
    }

    fn materialize(self) -> Self {
        self.each(|_, param| param.materialize())
    }

    fn visit<Visitor: ModuleVisitor>(&self, visitor: &mut Visitor) {
        for slot in &self.slots {
            visitor.enter_module(&slot.name, CONTAINER);
            slot.param.visit(visitor);
            visitor.exit_module(&slot.name, CONTAINER);
        }
    }

    fn map<Mapper: ModuleMapper>(self, mapper: &mut Mapper) -> Self {
        self.each(|name, param| {
            mapper.enter_module(name, CONTAINER);
            let mapped = Module::map(param, mapper);
            mapper.exit_module(name, CONTAINER);
            mapped
        })
    }
}

impl<F, const D: usize> ModuleDisplayDefault for Learnable<F, D>
where
    F: Parametric<D>,
{
    fn content(&self, content: Content) -> Option<Content> {
        let content = content.set_top_level_type(&format!("Learnable {}", F::NAME));
        let content =
            self.slots.iter().fold(content, |content, slot| content.add(&slot.name, &slot.param));
        content.optional()
    }
}

impl<F, const D: usize> ModuleDisplay for Learnable<F, D> where F: Parametric<D> {}
