//! Outputs compared with expected values, element by element.

use std::fmt;

use crate::tensor::Tensor;

/// One compared element.
#[derive(Debug, Clone, PartialEq)]
pub struct Element {
    /// Output, such as "o".
    pub output: String,
    /// Position in the output.
    pub index: Vec<usize>,
    /// Number that the kernel gave.
    pub actual: f64,
    /// Exact number.
    pub expected: f64,
    /// Largest error that is right.
    pub bound: f64,
    /// Error ÷ bound; infinite if the bound is 0, or if one of the numbers is NaN or infinite.
    pub ratio: f64,
    /// True if the element is within its bound.
    pub within: bool,
}

impl Element {
    /// Order in which a wrong element is named: finite numbers first, and an LSE after the other outputs.
    fn rank(&self) -> u8 {
        match () {
            _ if !self.actual.is_finite() || !self.expected.is_finite() => 2,
            _ if self.output == "lse" => 1,
            _ => 0,
        }
    }

    fn is_worse_than(&self, other: &Self) -> bool {
        match (self.within, other.within) {
            (false, true) => true,
            (true, false) => false,
            (false, false) if self.rank() != other.rank() => self.rank() < other.rank(),
            _ => self.ratio > other.ratio,
        }
    }
}

impl fmt::Display for Element {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let index: Vec<_> = self.index.iter().map(usize::to_string).collect();
        write!(
            f,
            "{}[{}] is {}, expected {}",
            self.output,
            index.join(", "),
            text_of(self.actual),
            text_of(self.expected)
        )?;
        match self.ratio {
            ratio if ratio.is_infinite() => Ok(()),
            ratio => write!(f, " within {}: off by {} times the bound", short(self.bound), short(ratio)),
        }
    }
}

fn text_of(x: f64) -> String {
    match x {
        _ if x.is_nan() => "NaN".into(),
        _ if x.is_infinite() => if x > 0.0 { "Infinity" } else { "-Infinity" }.into(),
        _ if x != 0.0 && x.abs() < 1e-6 => format!("{x:e}"),
        _ => x.to_string(),
    }
}

/// Returns a positive number with three digits.
fn short(x: f64) -> String {
    match x {
        _ if !(1e-6..1e7).contains(&x) => format!("{x:.1e}"),
        _ if x < 1e3 => {
            let digits = (2 - x.log10().floor() as i32).max(0) as usize;
            let text = format!("{x:.digits$}");
            if text.contains('.') {
                text.trim_end_matches('0').trim_end_matches('.').into()
            } else {
                text
            }
        }
        _ => format!("{x:.0}"),
    }
}

/// Result of comparing the outputs of a case.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Comparison {
    /// Worst element: a wrong one, or else the one nearest to its bound.
    pub worst: Option<Element>,
    /// Number of compared elements.
    pub elements: usize,
    /// Number of elements with an infinite bound, which decides nothing.
    pub undecided: usize,
}

impl Comparison {
    /// Adds an output. An element passes if |x − expected| ≤ bound, or if both are the same infinity or NaN.
    pub(crate) fn add<T: Copy + Into<f64>>(&mut self, output: &str, actual: &[T], expected: &Tensor, bound: &Tensor) {
        for (i, &x) in actual.iter().enumerate() {
            let (x, r, limit) = (x.into(), expected.numbers[i], bound.numbers[i]);
            let same = x == r || (x.is_nan() && r.is_nan());
            if !same && limit.is_infinite() {
                self.undecided += 1;
                continue;
            }
            self.elements += 1;
            let error = if same { 0.0 } else { (x - r).abs() };
            let ratio = match () {
                _ if same => 0.0,
                _ if error.is_finite() => error / limit,
                _ => f64::INFINITY,
            };
            let within = error <= limit;
            let index = Vec::new();
            let found = Element { output: output.into(), index, actual: x, expected: r, bound: limit, ratio, within };
            if self.worst.as_ref().map_or(true, |worst| found.is_worse_than(worst)) {
                self.worst = Some(Element { index: unravel(i, &expected.shape), ..found });
            }
        }
    }
}

fn unravel(mut at: usize, shape: &[usize]) -> Vec<usize> {
    let mut index: Vec<_> = shape.iter().rev().map(|extent| (at % extent, at /= extent).0).collect();
    index.reverse();
    index
}

/// Why outputs do not conform.
#[derive(Debug, Clone, PartialEq)]
pub struct Mismatch {
    /// Says what is wrong, and in which case.
    pub message: String,
    /// Worst element. Absent if an output has another size, or the files cannot be read.
    pub worst: Option<Element>,
}

impl fmt::Display for Mismatch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Mismatch {}

#[cfg(test)]
mod tests {
    use super::short;

    #[test]
    fn numbers_have_three_digits() {
        let texts = [2.0, 1.234, 0.000318, 37.25, 999.0, 7620.4, 390000.0, 7.4e9, 2.1e-9].map(short);
        assert_eq!(texts, ["2", "1.23", "0.000318", "37.2", "999", "7620", "390000", "7.4e9", "2.1e-9"]);
    }
}
