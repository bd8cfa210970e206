//! Tensors of a vector, with numbers of all types widened.

use std::collections::BTreeMap;
use std::ops::Index;

use safetensors::tensor::{Dtype, TensorView};

/// A tensor of a vector: row-major, contiguous.
#[derive(Debug, Clone, PartialEq)]
pub struct Tensor {
    /// Type as the suite names it: f64 f32 f16 bf16 f8e4m3 f8e5m2 i32 i8 u8 bool.
    pub dtype: &'static str,
    /// Length of each axis.
    pub shape: Vec<usize>,
    /// Numbers of any type, exactly; true is 1.
    pub numbers: Vec<f64>,
    /// Elements as stored, little-endian.
    pub bytes: Vec<u8>,
}

impl Tensor {
    /// Returns `None` for a type that vectors do not have.
    pub(crate) fn read(view: &TensorView<'_>) -> Option<Self> {
        let (dtype, width, number): (_, _, fn(u64) -> f64) = match view.dtype() {
            Dtype::F64 => ("f64", 8, f64::from_bits),
            Dtype::F32 => ("f32", 4, |bits| f32::from_bits(bits as u32).into()),
            Dtype::F16 => ("f16", 2, |bits| widen(bits, 5, 10, false)),
            Dtype::BF16 => ("bf16", 2, |bits| widen(bits, 8, 7, false)),
            Dtype::F8_E4M3 => ("f8e4m3", 1, |bits| widen(bits, 4, 3, true)),
            Dtype::F8_E5M2 => ("f8e5m2", 1, |bits| widen(bits, 5, 2, false)),
            Dtype::I32 => ("i32", 4, |bits| (bits as u32 as i32).into()),
            Dtype::I8 => ("i8", 1, |bits| (bits as u8 as i8).into()),
            Dtype::U8 => ("u8", 1, |bits| bits as f64),
            Dtype::BOOL => ("bool", 1, |bits| bits as f64),
            _ => return None,
        };
        let bits = |element: &[u8]| element.iter().rev().fold(0, |bits, &byte| bits << 8 | u64::from(byte));
        Some(Self {
            dtype,
            shape: view.shape().to_vec(),
            numbers: view.data().chunks_exact(width).map(|element| number(bits(element))).collect(),
            bytes: view.data().to_vec(),
        })
    }

    /// Returns the numbers as `f32`: exact for all types but f64 and i32.
    pub fn floats(&self) -> Vec<f32> {
        self.numbers.iter().map(|&x| x as f32).collect()
    }

    /// Returns integers of any type.
    pub fn integers(&self) -> Vec<i64> {
        self.numbers.iter().map(|&x| x as i64).collect()
    }

    /// Returns true for every number that is not 0.
    pub fn bools(&self) -> Vec<bool> {
        self.numbers.iter().map(|&x| x != 0.0).collect()
    }

    /// Returns the bits of a tensor of f16 or bf16. The bytes of other types are in `bytes`.
    pub fn bits16(&self) -> Vec<u16> {
        self.bytes.chunks_exact(2).map(|pair| u16::from_le_bytes([pair[0], pair[1]])).collect()
    }
}

/// Widens a number of few bits, exactly. `finite` marks a format without infinities, whose only NaN has all bits set.
fn widen(bits: u64, exponent_bits: u32, mantissa_bits: u32, finite: bool) -> f64 {
    let (top, all) = ((1 << exponent_bits) - 1, (1 << mantissa_bits) - 1);
    let (exponent, mantissa) = (bits >> mantissa_bits & top, bits & all);
    let sign = if bits >> (exponent_bits + mantissa_bits) & 1 == 1 { -1.0 } else { 1.0 };
    let least = 2 - (1 << (exponent_bits - 1)) - mantissa_bits as i32;
    match exponent {
        _ if exponent == top && (!finite || mantissa == all) => {
            if mantissa == 0 {
                sign * f64::INFINITY
            } else {
                f64::NAN
            }
        }
        0 => sign * mantissa as f64 * 2f64.powi(least),
        _ => sign * (mantissa | (all + 1)) as f64 * 2f64.powi(exponent as i32 - 1 + least),
    }
}

/// Tensors by name: `tensors["q"]`.
#[derive(Debug, Clone, PartialEq)]
pub struct Tensors(pub(crate) BTreeMap<String, Tensor>);

impl Tensors {
    /// Returns a tensor that not every case has, such as `mask` or `sink`.
    pub fn get(&self, name: &str) -> Option<&Tensor> {
        self.0.get(name)
    }

    /// Returns names and tensors, sorted by name.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Tensor)> {
        self.0.iter().map(|(name, tensor)| (name.as_str(), tensor))
    }
}

impl Index<&str> for Tensors {
    type Output = Tensor;

    /// # Panics
    /// If there is no tensor of this name.
    fn index(&self, name: &str) -> &Tensor {
        self.get(name).unwrap_or_else(|| {
            let names: Vec<_> = self.0.keys().cloned().collect();
            panic!("found no tensor {name:?} in this case, allowed: {}", names.join(" "))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::widen;

    #[test]
    fn numbers_of_few_bits_are_widened_exactly() {
        let f16 = |bits| widen(bits, 5, 10, false);
        assert_eq!([0x3c00, 0xc000, 0x7bff, 0x0001].map(f16), [1.0, -2.0, 65504.0, 2f64.powi(-24)]);
        assert_eq!([0x7c00, 0xfc00].map(f16), [f64::INFINITY, f64::NEG_INFINITY]);
        assert!(f16(0x7e00).is_nan());
        let bf16 = |bits| widen(bits, 8, 7, false);
        for bits in 0..=u16::MAX {
            let (found, exact) = (bf16(bits.into()), f32::from_bits(u32::from(bits) << 16));
            assert!(found == f64::from(exact) || (found.is_nan() && exact.is_nan()), "{bits:x}");
        }
        let f8e4m3 = |bits| widen(bits, 4, 3, true);
        assert_eq!([0x7e, 0x01, 0xb8].map(f8e4m3), [448.0, 2f64.powi(-9), -1.0]);
        assert!(f8e4m3(0xff).is_nan());
        assert_eq!([0x7b, 0x7c].map(|bits| widen(bits, 5, 2, false)), [57344.0, f64::INFINITY]);
        assert!(widen(0x8000, 5, 10, false).is_sign_negative());
    }
}
