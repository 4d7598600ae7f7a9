import { Catch, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import { answerProblem, type ProblemListener } from './answer-problem.js';
import type { HttpReply, HttpRequest } from './request-context.js';

/** Everything thrown behind a route leaves as `application/problem+json`. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  constructor(private readonly listener: ProblemListener) {}

  catch(thrown: unknown, host: ArgumentsHost): void {
    // A microservice handler of the same application has its own way with errors.
    if (host.getType() !== 'http') throw thrown;
    const http = host.switchToHttp();
    answerProblem(
      thrown,
      http.getRequest<HttpRequest>(),
      http.getResponse<HttpReply>(),
      this.listener,
    );
  }
}
