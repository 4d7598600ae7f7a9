type Column = Int32Array<ArrayBuffer> | Uint32Array<ArrayBuffer> | Float64Array<ArrayBuffer>;

/** A typed array that grows by pushing; it doubles, so a push costs a constant on average. */
export class GrowingColumn<T extends Column> {
  private array: T;
  length = 0;

  constructor(private readonly make: new (length: number) => T) {
    this.array = new make(1024);
  }

  push(value: number): void {
    if (this.length === this.array.length) {
      const larger = new this.make(2 * this.length);
      larger.set(this.array);
      this.array = larger;
    }
    this.array[this.length] = value;
    this.length += 1;
  }

  /** A view of what was pushed so far; a later push may leave it behind. */
  values(): T {
    return this.array.subarray(0, this.length) as T;
  }
}
