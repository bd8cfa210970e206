//! One case of a folder of vectors.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use safetensors::SafeTensors;
use serde_json::Value;

use crate::compare::{Comparison, Mismatch};
use crate::tensor::{Tensor, Tensors};
use crate::Error;

/// One case: the inputs of a call, and its expected outputs.
#[derive(Debug, Clone)]
pub struct Case {
    check: String,
    number: usize,
    pass: String,
    path: PathBuf,
    json: Value,
}

impl Case {
    /// Returns `None` if the entry of the index is malformed. `numbers` counts the cases of each check.
    pub(crate) fn read(folder: &Path, entry: &Value, numbers: &mut BTreeMap<String, usize>) -> Option<Self> {
        let text = |key: &str| entry[key].as_str().map(str::to_owned);
        let (check, pass, file) = (text("check")?, text("pass")?, text("file")?);
        let json = entry["case"].is_object().then(|| entry["case"].clone())?;
        let number = numbers.entry(check.clone()).or_default();
        *number += 1;
        Some(Self { check, number: *number - 1, pass, path: folder.join(file), json })
    }

    /// Returns the check and the number within it, such as "softmax/causal/oracle/f32 2".
    pub fn name(&self) -> String {
        format!("{} {}", self.check, self.number)
    }

    /// Returns the id of the check, such as "softmax/causal/oracle/f32".
    pub fn check_id(&self) -> &str {
        &self.check
    }

    /// Returns "forward", or "backward" for a case with the input `do`, whose outputs are gradients.
    pub fn pass(&self) -> &str {
        &self.pass
    }

    /// Returns the file of the tensors.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Returns the whole case, as `docs/contracts/cases.md` of the suite describes it.
    pub fn json(&self) -> &Value {
        &self.json
    }

    /// Returns the operator, such as "softmax".
    pub fn operator(&self) -> &str {
        self.json["operator"].as_str().unwrap_or_default()
    }

    /// Returns the type of the inputs, such as "bf16".
    pub fn dtype(&self) -> &str {
        self.json["dtype"].as_str().unwrap_or_default()
    }

    /// Returns the name of the mask, or `None` for a composed mask. A mask that is not claimed by name comes as the tensor `mask`.
    pub fn mask(&self) -> Option<&str> {
        self.json["mask"]["name"].as_str()
    }

    /// Returns a size, such as "n".
    ///
    /// # Panics
    /// If the case has no size of this name.
    pub fn dim(&self, name: &str) -> usize {
        let found = self.json["dims"][name].as_u64();
        found.unwrap_or_else(|| panic!("found no size {name:?} in {}", self.json["dims"])) as usize
    }

    /// Returns the number of an option, or its default if the case leaves it out.
    pub fn option(&self, name: &str, default: f64) -> f64 {
        self.json["options"][name].as_f64().unwrap_or(default)
    }

    /// Reads the inputs.
    pub fn inputs(&self) -> Result<Tensors, Error> {
        self.tensors(|name| !is_expected(name))
    }

    /// Reads `expected.X` and `bound.X` in f64, for each output X.
    pub fn expected(&self) -> Result<Tensors, Error> {
        self.tensors(is_expected)
    }

    /// Compares outputs, each with its name and its elements in row-major order, of any type that widens to `f64`. An element passes
    /// if |x − expected| ≤ bound, or if both are the same infinity or NaN. An output that is not given is not compared.
    ///
    /// ```no_run
    /// # let case = attention_cts_vectors::Vectors::open("vectors").unwrap().cases()[0].clone();
    /// # let (o, lse) = (vec![0f32], vec![0f32]);
    /// if let Err(mismatch) = case.check(&[("o", &o), ("lse", &lse)]) {
    ///     panic!("{mismatch}");
    /// }
    /// ```
    pub fn check<T: Copy + Into<f64>>(&self, outputs: &[(&str, &[T])]) -> Result<(), Mismatch> {
        match self.compare(outputs)?.worst {
            Some(worst) if !worst.within => {
                let message = self.describe(&worst.to_string());
                Err(Mismatch { message, worst: Some(worst) })
            }
            _ => Ok(()),
        }
    }

    /// Compares outputs as `check` does, and returns the worst element if all are within their bounds, too.
    pub fn compare<T: Copy + Into<f64>>(&self, outputs: &[(&str, &[T])]) -> Result<Comparison, Mismatch> {
        let refuse = |problem: &str| Mismatch { message: self.describe(problem), worst: None };
        let expected = self.expected().map_err(|error| refuse(&error.to_string()))?;
        if outputs.is_empty() {
            return Err(refuse("no output was given"));
        }
        let mut found = Comparison::default();
        for &(name, actual) in outputs {
            let (values, bounds) = (expected.get(&format!("expected.{name}")), expected.get(&format!("bound.{name}")));
            let (Some(values), Some(bounds)) = (values, bounds) else {
                return Err(refuse(&format!("this case has no output {name:?}")));
            };
            let size = values.numbers.len();
            if actual.len() != size || bounds.numbers.len() != size {
                return Err(refuse(&format!("{name} has {} elements, expected {size}", actual.len())));
            }
            found.add(name, actual, values, bounds);
        }
        Ok(found)
    }

    fn describe(&self, problem: &str) -> String {
        format!("{}: {problem}\n  case: {}\n  file: {}", self.name(), self.json, self.path.display())
    }

    fn tensors(&self, wanted: impl Fn(&str) -> bool) -> Result<Tensors, Error> {
        let bytes = std::fs::read(&self.path).map_err(|e| Error::new(&self.path, e))?;
        let file = SafeTensors::deserialize(&bytes).map_err(|e| Error::new(&self.path, e))?;
        let mut found = BTreeMap::new();
        for (name, view) in file.tensors().into_iter().filter(|(name, _)| wanted(name)) {
            let tensor =
                Tensor::read(&view).ok_or_else(|| Error::new(&self.path, format!("{name} has an unknown type")))?;
            found.insert(name, tensor);
        }
        Ok(Tensors(found))
    }
}

fn is_expected(name: &str) -> bool {
    name.starts_with("expected.") || name.starts_with("bound.")
}
