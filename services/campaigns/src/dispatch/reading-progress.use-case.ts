import { Injectable } from '@nestjs/common';

/** How old the oldest unread purchase or consent is, as last seen; written by whoever reads the log's ends. */
@Injectable()
export class ReadingProgress {
  private behindMs: number | undefined = 0;

  /** undefined: the log's ends cannot be read, which counts as behind. */
  report(behindMs: number | undefined): void {
    this.behindMs = behindMs;
  }

  isBehind(limitMs: number): boolean {
    return this.behindMs === undefined || this.behindMs > limitMs;
  }
}
