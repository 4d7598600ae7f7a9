/** The part of cli-progress that we use; the package brings no types. */
declare module 'cli-progress' {
  export class SingleBar {
    constructor(options: {
      readonly format: string;
      readonly hideCursor?: boolean;
      readonly clearOnComplete?: boolean;
      readonly synchronousUpdate?: boolean;
      readonly stream?: NodeJS.WritableStream;
    });
    start(total: number, start: number, payload?: Readonly<Record<string, unknown>>): void;
    setTotal(total: number): void;
    update(current: number, payload?: Readonly<Record<string, unknown>>): void;
    stop(): void;
  }
}
