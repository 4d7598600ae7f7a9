/**
 * Solves M v = b for a symmetric positive definite M by Cholesky.
 * @param matrix row by row; only its lower triangle is read
 */
export function solvePositive(matrix: Float64Array, b: Float64Array): Float64Array {
  const n = b.length;
  const lower = new Float64Array(n * n);
  const at = (i: number, j: number): number => lower[i * n + j] ?? 0;
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = matrix[i * n + j] ?? 0;
      for (let k = 0; k < j; k++) sum -= at(i, k) * at(j, k);
      lower[i * n + j] = i === j ? Math.sqrt(Math.max(sum, Number.MIN_VALUE)) : sum / at(j, j);
    }
  }
  const v = Float64Array.from(b);
  for (let i = 0; i < n; i++) {
    for (let k = 0; k < i; k++) v[i] = (v[i] ?? 0) - at(i, k) * (v[k] ?? 0);
    v[i] = (v[i] ?? 0) / at(i, i);
  }
  for (let i = n - 1; i >= 0; i--) {
    for (let k = i + 1; k < n; k++) v[i] = (v[i] ?? 0) - at(k, i) * (v[k] ?? 0);
    v[i] = (v[i] ?? 0) / at(i, i);
  }
  return v;
}
