//! Comparisons with vectors that are written here.

use std::fs;
use std::path::PathBuf;

use attention_cts_vectors::{Case, Vectors};
use safetensors::tensor::{serialize, Dtype, TensorView};

/// Folder that is gone after the test.
struct Folder(PathBuf);

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn folder(name: &str, index: &str) -> Folder {
    let path = std::env::temp_dir().join(format!("attention-cts-{}-{name}", std::process::id()));
    fs::create_dir_all(path.join("vectors")).unwrap();
    fs::write(path.join("index.json"), index).unwrap();
    Folder(path)
}

const INDEX: &str = r#"{"format": 1, "vectors": [{"check": "softmax/full/oracle/f32", "pass": "forward", "file": "vectors/0.safetensors",
  "case": {"operator": "softmax", "dtype": "f32", "dims": {"n": 3}, "mask": {"name": "full"}, "options": {"scale": 0.5, "sink": true}}}]}"#;

/// Case whose output `o` of shape [2, n / 2] and whose `lse` of shape [1] have these expected values and bounds.
fn case_of(name: &str, expected: &[f64], bound: &[f64]) -> (Folder, Case) {
    let made = folder(name, INDEX);
    let bytes = |numbers: &[f64]| -> Vec<u8> { numbers.iter().flat_map(|x| x.to_le_bytes()).collect() };
    let shape = vec![2, expected.len() / 2];
    let tensors = [
        ("expected.o", Dtype::F64, shape.clone(), bytes(expected)),
        ("bound.o", Dtype::F64, shape, bytes(bound)),
        ("expected.lse", Dtype::F64, vec![1], bytes(&[f64::NEG_INFINITY])),
        ("bound.lse", Dtype::F64, vec![1], bytes(&[0.0])),
        ("q", Dtype::BF16, vec![2], vec![0x80, 0x3f, 0x00, 0xc0]),
        ("mask", Dtype::BOOL, vec![2], vec![1, 0]),
    ];
    let views =
        tensors.iter().map(|(name, dtype, shape, data)| (*name, TensorView::new(*dtype, shape.clone(), data).unwrap()));
    fs::write(made.0.join("vectors/0.safetensors"), serialize(views, None).unwrap()).unwrap();
    let case = Vectors::open(&made.0).unwrap().cases()[0].clone();
    (made, case)
}

#[test]
fn a_case_tells_what_it_is() {
    let (_made, case) = case_of("facts", &[0.0, 0.0], &[0.0, 0.0]);
    assert_eq!((case.name().as_str(), case.operator(), case.dtype()), ("softmax/full/oracle/f32 0", "softmax", "f32"));
    assert_eq!(
        (case.mask(), case.dim("n"), case.option("scale", 1.0), case.option("softcap", 7.0)),
        (Some("full"), 3, 0.5, 7.0)
    );
    let inputs = case.inputs().unwrap();
    assert_eq!(inputs.iter().map(|(name, _)| name).collect::<Vec<_>>(), ["mask", "q"]);
    assert_eq!((inputs["q"].floats(), inputs["q"].bits16()), (vec![1.0, -2.0], vec![0x3f80, 0xc000]));
    assert_eq!((inputs["mask"].bools(), inputs["mask"].integers()), (vec![true, false], vec![1, 0]));
    assert!(inputs.get("sink").is_none());
}

#[test]
fn elements_pass_within_their_bounds() {
    let expected = [1.0, f64::NAN, f64::INFINITY, f64::NEG_INFINITY, 5.0, 0.0];
    let (_made, case) = case_of("pass", &expected, &[0.5, 0.0, 0.0, 0.0, f64::INFINITY, 0.0]);
    let found = case.compare(&[("o", &[1.25, f64::NAN, f64::INFINITY, f64::NEG_INFINITY, f64::NAN, -0.0])]).unwrap();
    let worst = found.worst.unwrap();
    assert_eq!((found.elements, found.undecided, worst.ratio, worst.index), (5, 1, 0.5, vec![0, 0]));
    case.check(&[("lse", &[f32::NEG_INFINITY])]).unwrap();
}

#[test]
fn the_worst_element_is_named() {
    let (_made, case) = case_of("fail", &[1.0, 2.0, f64::INFINITY, 0.0], &[0.5, 0.25, 0.0, 0.0]);
    let said = |o: [f64; 4]| case.check(&[("o", &o)]).unwrap_err().message.lines().next().unwrap().to_owned();
    let name = "softmax/full/oracle/f32 0: ";
    let inf = f64::INFINITY;
    assert_eq!(
        said([2.0, 3.0, inf, 0.0]),
        format!("{name}o[0, 1] is 3, expected 2 within 0.25: off by 4 times the bound")
    );
    assert_eq!(said([1.0, 2.0, -inf, 0.0]), format!("{name}o[1, 0] is -Infinity, expected Infinity"));
    assert_eq!(
        said([2.0, 2.0, f64::NAN, 0.0]),
        format!("{name}o[0, 0] is 2, expected 1 within 0.5: off by 2 times the bound")
    );
    assert_eq!(said([1.0, f64::NAN, inf, 0.0]), format!("{name}o[0, 1] is NaN, expected 2"));
    assert_eq!(said([1.0, 2.0, inf, 1e-9]), format!("{name}o[1, 1] is 1e-9, expected 0"));
    let both = case.check(&[("lse", &[0f32] as &[f32]), ("o", &[9.0, 2.0, f32::INFINITY, 0.0])]).unwrap_err();
    assert_eq!(both.worst.unwrap().output, "o");
}

#[test]
fn outputs_of_another_size_or_name_do_not_pass() {
    let (_made, case) = case_of("size", &[1.0, 2.0], &[1.0, 1.0]);
    let said = |outputs: &[(&str, &[f32])]| case.check(outputs).unwrap_err().message;
    assert!(said(&[("o", &[1.0])]).contains("o has 1 elements, expected 2"));
    assert!(said(&[("dq", &[1.0])]).contains("this case has no output \"dq\""));
    assert!(said(&[]).contains("no output was given"));
}

#[test]
fn a_folder_that_is_missing_or_malformed_is_an_error() {
    let said = |name: &str, index: &str| Vectors::open(&folder(name, index).0).unwrap_err().to_string();
    assert!(Vectors::open("nowhere").unwrap_err().to_string().contains("npx attention-cts vectors --out DIR"));
    assert!(said("text", "{").contains("index.json: EOF"));
    assert!(said("format", r#"{"format": 2, "vectors": []}"#).contains("found format 2, allowed: 1"));
    assert!(said("none", r#"{"format": 1, "vectors": []}"#).contains("lists no vectors"));
    assert!(said("entry", r#"{"format": 1, "vectors": [{}]}"#).contains("$.vectors[0] is not a vector"));
    let (made, case) = case_of("cut", &[1.0, 2.0], &[1.0, 1.0]);
    let file = made.0.join("vectors/0.safetensors");
    fs::write(&file, &fs::read(&file).unwrap()[..40]).unwrap();
    assert!(case.inputs().unwrap_err().to_string().contains("0.safetensors"));
    assert!(case.check(&[("o", &[1f32, 2.0])]).unwrap_err().worst.is_none());
}
