/** The part of cephes that we use; its own types are out of reach of its "exports". */
declare module 'cephes' {
  export const compiled: Promise<void>;
  export function lgam(x: number): number;
  export function psi(x: number): number;
  export function incbet(p: number, q: number, w: number): number;
  export function incbi(p: number, q: number, y: number): number;
  export function igam(p: number, x: number): number;
  export function hyp2f1(a: number, b: number, c: number, z: number): number;
}
