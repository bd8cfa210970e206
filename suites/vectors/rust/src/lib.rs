//! Reads the test vectors that `attn-cts vectors` exports, and compares the outputs of an attention kernel with their expected values
//! and bounds. The bounds are derived: there is no tolerance to choose.
//!
//! ```no_run
//! # fn attention(q: &[f32], k: &[f32], v: &[f32], n: usize, scale: f64) -> Vec<f32> { Vec::new() }
//! let vectors = attention_cts_vectors::Vectors::open("vectors").unwrap();
//! for case in &vectors {
//!     let inputs = case.inputs().unwrap();
//!     let (q, k, v) = (inputs["q"].floats(), inputs["k"].floats(), inputs["v"].floats());
//!     let scale = case.option("scale", 1.0 / (case.dim("d") as f64).sqrt());
//!     let o = attention(&q, &k, &v, case.dim("n"), scale);
//!     case.check(&[("o", &o)]).unwrap_or_else(|mismatch| panic!("{mismatch}"));
//! }
//! ```

#![warn(missing_docs)]
#![forbid(unsafe_code)]

mod case;
mod compare;
mod tensor;

use std::collections::BTreeMap;
use std::fmt;
use std::path::Path;

pub use case::Case;
pub use compare::{Comparison, Element, Mismatch};
pub use serde_json::Value;
pub use tensor::{Tensor, Tensors};

/// A folder or file of vectors that is missing or malformed.
#[derive(Debug, Clone, PartialEq)]
pub struct Error(String);

impl Error {
    pub(crate) fn new(path: &Path, problem: impl fmt::Display) -> Self {
        Self(format!("{}: {problem}", path.display()))
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Error {}

/// All cases of a folder of vectors, in the order of its index.
#[derive(Debug, Clone)]
pub struct Vectors {
    cases: Vec<Case>,
}

impl Vectors {
    /// Opens the folder that `npx attention-cts vectors --out DIR` wrote. The tensors of a case are read when they are asked for.
    pub fn open(folder: impl AsRef<Path>) -> Result<Self, Error> {
        let folder = folder.as_ref();
        let path = folder.join("index.json");
        let text = std::fs::read_to_string(&path)
            .map_err(|e| Error::new(&path, format!("{e}; npx attention-cts vectors --out DIR writes vectors")))?;
        let index: Value = serde_json::from_str(&text).map_err(|e| Error::new(&path, e))?;
        if index["format"] != 1 {
            return Err(Error::new(&path, format!("found format {}, allowed: 1", index["format"])));
        }
        let listed = index["vectors"].as_array().filter(|listed| !listed.is_empty());
        let mut numbers = BTreeMap::new();
        let mut cases = Vec::new();
        for (at, entry) in listed.ok_or_else(|| Error::new(&path, "lists no vectors"))?.iter().enumerate() {
            let case = Case::read(folder, entry, &mut numbers);
            cases.push(case.ok_or_else(|| Error::new(&path, format!("$.vectors[{at}] is not a vector")))?);
        }
        Ok(Self { cases })
    }

    /// Returns the cases.
    pub fn cases(&self) -> &[Case] {
        &self.cases
    }
}

impl<'a> IntoIterator for &'a Vectors {
    type Item = &'a Case;
    type IntoIter = std::slice::Iter<'a, Case>;

    fn into_iter(self) -> Self::IntoIter {
        self.cases.iter()
    }
}
