//! Softmax attention, held to the vectors of the folder that `ATTENTION_CTS_VECTORS` names. Put a kernel of yours in its place.

use attention_cts_vectors::{Case, Vectors};

/// Returns o [b, heads, m, e] and lse [b, heads, m] for q [b, heads, m, d], k [b, hk, n, d] and v [b, hk, n, e].
fn attention(case: &Case, q: &[f32], k: &[f32], v: &[f32], causal: bool, scale: f64) -> (Vec<f32>, Vec<f32>) {
    let [b, hk, g, m, n, d, e] = ["b", "hk", "g", "m", "n", "d", "e"].map(|name| case.dim(name));
    let (mut o, mut lse) = (Vec::new(), Vec::new());
    for row in 0..b * hk * g * m {
        let (i, keys) = (row % m, row / m / g * n);
        // the last query stands at the last key
        let visible = |j: usize| !causal || j + m <= i + n;
        let score =
            |j: usize| -> f64 { (0..d).map(|c| f64::from(q[row * d + c]) * f64::from(k[(keys + j) * d + c])).sum() };
        let scores: Vec<f64> = (0..n).map(|j| if visible(j) { score(j) * scale } else { f64::NEG_INFINITY }).collect();
        let largest = scores.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let weights: Vec<f64> =
            scores.iter().map(|s| if largest.is_infinite() { 0.0 } else { (s - largest).exp() }).collect();
        let total: f64 = weights.iter().sum();
        for c in 0..e {
            let sum: f64 =
                weights.iter().enumerate().map(|(j, weight)| weight * f64::from(v[(keys + j) * e + c])).sum();
            o.push(if total == 0.0 { 0.0 } else { (sum / total) as f32 });
        }
        lse.push((largest + total.ln()) as f32);
    }
    (o, lse)
}

#[test]
fn attention_is_within_its_bounds() {
    let Ok(folder) = std::env::var("ATTENTION_CTS_VECTORS") else {
        eprintln!("skipped: ATTENTION_CTS_VECTORS names no folder of `npx attention-cts vectors --out DIR`");
        return;
    };
    let vectors = Vectors::open(folder).unwrap();
    let mismatches: Vec<String> = vectors
        .into_iter()
        .filter_map(|case| {
            let inputs = case.inputs().unwrap();
            let [q, k, v] = ["q", "k", "v"].map(|name| inputs[name].floats());
            let scale = case.option("scale", 1.0 / (case.dim("d") as f64).sqrt());
            let (o, lse) = attention(case, &q, &k, &v, case.mask() == Some("causal"), scale);
            case.check(&[("o", &o), ("lse", &lse)]).err().map(|mismatch| mismatch.to_string())
        })
        .collect();
    assert!(
        mismatches.is_empty(),
        "{} of {} cases are wrong:\n{}",
        mismatches.len(),
        vectors.cases().len(),
        mismatches.join("\n")
    );
}
