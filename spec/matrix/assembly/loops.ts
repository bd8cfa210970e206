// The loops of ../loops.ts in AssemblyScript: `npm run build` compiles them to WebAssembly.
// Addresses and steps are in bytes; rows and columns are multiples of four.

// @ts-nocheck: the types and functions are AssemblyScript's

@inline
function add(at: usize, x: v128): void {
  v128.store(at, f64x2.add(v128.load(at), x));
}

/** c += a·b, or a·|b|, in blocks of 4 × 4 sums, which stay in registers. */
@inline
function product(absolute: bool, rows: i32, columns: i32, terms: i32, a: usize, aRow: usize, aTerm: usize, b: usize, bPanel: usize, c: usize, cRow: usize): void {
  for (let j: i32 = 0; j < columns; j += 4) {
    let aAt = a;
    let cAt = c;
    for (let i: i32 = 0; i < rows; i += 4) {
      let p0 = aAt;
      let p1 = aAt + aRow;
      let p2 = p1 + aRow;
      let p3 = p2 + aRow;
      let q = b;
      let c00 = f64x2.splat(0);
      let c01 = c00;
      let c10 = c00;
      let c11 = c00;
      let c20 = c00;
      let c21 = c00;
      let c30 = c00;
      let c31 = c00;
      for (const end = b + ((<usize>terms) << 5); q < end; q += 32) {
        let b0 = v128.load(q);
        let b1 = v128.load(q, 16);
        if (absolute) {
          b0 = f64x2.abs(b0);
          b1 = f64x2.abs(b1);
        }
        let x = v128.load64_splat(p0);
        c00 = f64x2.add(c00, f64x2.mul(x, b0));
        c01 = f64x2.add(c01, f64x2.mul(x, b1));
        x = v128.load64_splat(p1);
        c10 = f64x2.add(c10, f64x2.mul(x, b0));
        c11 = f64x2.add(c11, f64x2.mul(x, b1));
        x = v128.load64_splat(p2);
        c20 = f64x2.add(c20, f64x2.mul(x, b0));
        c21 = f64x2.add(c21, f64x2.mul(x, b1));
        x = v128.load64_splat(p3);
        c30 = f64x2.add(c30, f64x2.mul(x, b0));
        c31 = f64x2.add(c31, f64x2.mul(x, b1));
        p0 += aTerm;
        p1 += aTerm;
        p2 += aTerm;
        p3 += aTerm;
      }
      let at = cAt;
      add(at, c00);
      add(at + 16, c01);
      at += cRow;
      add(at, c10);
      add(at + 16, c11);
      at += cRow;
      add(at, c20);
      add(at + 16, c21);
      at += cRow;
      add(at, c30);
      add(at + 16, c31);
      aAt += aRow << 2;
      cAt += cRow << 2;
    }
    b += bPanel;
    c += 32;
  }
}

export function multiply(rows: i32, columns: i32, terms: i32, a: usize, aRow: usize, aTerm: usize, b: usize, bPanel: usize, c: usize, cRow: usize): void {
  product(false, rows, columns, terms, a, aRow, aTerm, b, bPanel, c, cRow);
}

export function multiplyAbsolute(rows: i32, columns: i32, terms: i32, a: usize, aRow: usize, aTerm: usize, b: usize, bPanel: usize, c: usize, cRow: usize): void {
  product(true, rows, columns, terms, a, aRow, aTerm, b, bPanel, c, cRow);
}

/** c += a·|b − mean|, in blocks of four rows by four columns. */
export function spread(rows: i32, columns: i32, terms: i32, a: usize, aRow: usize, b: usize, bPanel: usize, mean: usize, c: usize, cRow: usize): void {
  const magnitude = i64x2.splat(0x7fffffffffffffff);
  for (let j: i32 = 0; j < columns; j += 4) {
    let aAt = a;
    let cAt = c;
    let mAt = mean;
    for (let i: i32 = 0; i < rows; i += 2) {
      let p0 = aAt;
      let p1 = p0 + aRow;
      const m00 = v128.load(mAt);
      const m01 = v128.load(mAt, 16);
      const m10 = v128.load(mAt + cRow);
      const m11 = v128.load(mAt + cRow, 16);
      let c00 = f64x2.splat(0);
      let c01 = c00;
      let c10 = c00;
      let c11 = c00;
      let q = b;
      for (const end = b + ((<usize>terms) << 5); q < end; q += 32) {
        const b0 = v128.load(q);
        const b1 = v128.load(q, 16);
        let x = v128.load64_splat(p0);
        c00 = f64x2.add(c00, f64x2.mul(x, v128.and(f64x2.sub(b0, m00), magnitude)));
        c01 = f64x2.add(c01, f64x2.mul(x, v128.and(f64x2.sub(b1, m01), magnitude)));
        x = v128.load64_splat(p1);
        c10 = f64x2.add(c10, f64x2.mul(x, v128.and(f64x2.sub(b0, m10), magnitude)));
        c11 = f64x2.add(c11, f64x2.mul(x, v128.and(f64x2.sub(b1, m11), magnitude)));
        p0 += 8;
        p1 += 8;
      }
      let at = cAt;
      add(at, c00);
      add(at + 16, c01);
      at += cRow;
      add(at, c10);
      add(at + 16, c11);
      aAt += aRow << 1;
      cAt += cRow << 1;
      mAt += cRow << 1;
    }
    b += bPanel;
    c += 32;
    mean += 32;
  }
}
