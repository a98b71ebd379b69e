//! The generator itself inside a kernel.

use burn::backend::Backend;
use burn::backend::ops::IntTensorOps;
use burn::tensor::TensorData;
use burn_cubecl::cubecl;
use burn_cubecl::cubecl::prelude::*;
use burn_cubecl::{CubeBackend, CubeDevice};

use super::numbers::{Block, philox};

#[cube(launch)]
fn encrypt(words: &mut Tensor<u32>) {
    if ABSOLUTE_POS == 0 {
        let counter =
            Block { first: words[0], second: words[1], third: words[2], fourth: words[3] };
        let block = philox(counter, words[4], words[5]);
        words[0] = block.first;
        words[1] = block.second;
        words[2] = block.third;
        words[3] = block.fourth;
    }
}

/// The published vectors of the Random123 distribution.
#[test]
fn known_answers() {
    let device: CubeDevice = burn_wgpu::WgpuDevice::default().into();
    let digits_of_pi = [0x243f_6a88, 0x85a3_08d3, 0x1319_8a2e, 0x0370_7344];
    for (counter, key, expected) in [
        ([0; 4], [0; 2], [0x6627_e8d5, 0xe169_c58d, 0xbc57_ac4c, 0x9b00_dbd8]),
        ([u32::MAX; 4], [u32::MAX; 2], [0x408f_276d, 0x41c8_3b0e, 0xa20b_c7c6, 0x6d54_51fd]),
        (
            digits_of_pi,
            [0xa409_3822, 0x299f_31d0],
            [0xd16c_fe09, 0x94fd_cceb, 0x5001_e420, 0x2412_6ea1],
        ),
    ] {
        let words = TensorData::from([counter.as_slice(), &key].concat().as_slice());
        let words = CubeBackend::int_from_data(words, &device);
        let (count, dim) = (CubeCount::new_single(), CubeDim::new(&words.client, 1));
        encrypt::launch(&words.client, count, dim, words.clone().into_tensor_arg());
        let words = burn::tensor::try_read_sync(CubeBackend::int_into_data(words));
        let words = words.unwrap().unwrap();
        assert_eq!(words.as_slice::<u32>().unwrap()[..4], expected);
        CubeBackend::sync(&device).unwrap();
    }
}
